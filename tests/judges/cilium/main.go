// The Cilium judge: the agent drops a policy that it cannot parse, long after the API server took it.
package main

import (
	"log/slog"
	"slices"
	"strings"

	"formwork.dev/judges/kit"
	v2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
	"sigs.k8s.io/yaml"
)

const plain = "NetworkPolicy"

const clusterwide = "CiliumClusterwideNetworkPolicy"

var kinds = []string{"CiliumNetworkPolicy", clusterwide}

func main() {
	kit.Main(func() string { return "Cilium " + kit.Version("github.com/cilium/cilium") }, run)
}

func run(judge *kit.Judge) error {
	var good []string
	policies := map[string][][]byte{}
	for _, path := range judge.Paths {
		text, err := judge.Read(path)
		if err != nil {
			return err
		}
		docs, err := kit.ParseDocs(text)
		if err != nil {
			return err
		}
		for _, doc := range docs {
			ours := slices.Contains(kinds, kit.Value(doc, "kind")) && strings.HasPrefix(kit.Value(doc, "apiVersion"), "cilium.io/")
			// Cilium enforces Kubernetes' own kind too; that it is right is for the API server to say.
			if !ours && kit.Value(doc, "kind") != plain {
				continue
			}
			one, err := kit.Docs{doc}.Text()
			if err != nil {
				return err
			}
			if parts := strings.Split(path, "/"); len(parts) > 2 {
				cluster := strings.Join(parts[:2], "/")
				policies[cluster] = append(policies[cluster], one)
			}
			if !ours {
				continue
			}
			if judge.Verdict(path, check(one)) && len(docs) == 1 {
				good = append(good, path)
			}
		}
	}
	if err := ask(judge, policies); err != nil {
		return err
	}
	return judge.Twins(good, mistakes, check)
}

// check parses one policy as the agent does.
func check(text []byte) error {
	logger := slog.New(slog.DiscardHandler)
	var head struct{ Kind string }
	if err := yaml.Unmarshal(text, &head); err != nil {
		return err
	}
	if head.Kind == clusterwide {
		var policy v2.CiliumClusterwideNetworkPolicy
		if err := yaml.UnmarshalStrict(text, &policy); err != nil {
			return err
		}
		_, err := policy.Parse(logger, "judge")
		return err
	}
	var policy v2.CiliumNetworkPolicy
	if err := yaml.UnmarshalStrict(text, &policy); err != nil {
		return err
	}
	_, err := policy.Parse(logger, "judge")
	return err
}
