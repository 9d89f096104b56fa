package main

// Cilium's own policy engine answers what formwork answered by itself: `formwork reach` reads policies, and this is who
// enforces them.

import (
	"bufio"
	_ "embed"
	"fmt"
	"log/slog"
	"net/netip"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"formwork.dev/judges/kit"
	"github.com/cilium/cilium/pkg/crypto/certificatemanager"
	envoypolicy "github.com/cilium/cilium/pkg/envoy/policy"
	"github.com/cilium/cilium/pkg/identity"
	"github.com/cilium/cilium/pkg/identity/identitymanager"
	"github.com/cilium/cilium/pkg/k8s"
	v2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
	networking "github.com/cilium/cilium/pkg/k8s/slim/k8s/api/networking/v1"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/option"
	"github.com/cilium/cilium/pkg/policy"
	"github.com/cilium/cilium/pkg/policy/api"
	"github.com/cilium/cilium/pkg/policy/types"
	policyutils "github.com/cilium/cilium/pkg/policy/utils"
	testpolicy "github.com/cilium/cilium/pkg/testutils/policy"
	"github.com/cilium/cilium/pkg/u8proto"
	"sigs.k8s.io/yaml"
)

// questions is made by a test of formwork, which holds it fresh: ends with their labels, and calls with the answer.
//
//go:embed questions.txt
var questions string

type call struct {
	from, to int
	proto    u8proto.U8proto
	port     uint16
	out, in  bool
	text     string
}

type asked struct {
	folder string
	names  []string
	ends   []labels.Labels
	calls  []call
}

// parse reads the lines of the file: `cluster FOLDER`, `end NUMBER NAME LABEL...` and `call FROM TO PROTOCOL PORT OUT IN`.
func parse(text string) ([]asked, error) {
	var all []asked
	lines := bufio.NewScanner(strings.NewReader(text))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if len(words) < 2 || words[0] == "#" {
			continue
		}
		if words[0] == "cluster" {
			all = append(all, asked{folder: words[1]})
			continue
		}
		last := &all[len(all)-1]
		var err error
		switch words[0] {
		case "end":
			err = last.end(words[2], words[3:])
		case "call":
			err = last.call(words[1:])
		default:
			err = fmt.Errorf("no such line")
		}
		if err != nil {
			return nil, fmt.Errorf("questions.txt: %q: %w", lines.Text(), err)
		}
	}
	return all, lines.Err()
}

func (a *asked) end(name string, said []string) error {
	found := labels.Labels{}
	for _, one := range said {
		if address, ok := strings.CutPrefix(one, "address="); ok {
			prefix, err := netip.ParsePrefix(address)
			if err != nil {
				return err
			}
			found.MergeLabels(labels.GetCIDRLabels(prefix))
			continue
		}
		label := labels.ParseLabel(one)
		found[label.Key] = label
	}
	a.names, a.ends = append(a.names, name), append(a.ends, found)
	return nil
}

func (a *asked) call(words []string) error {
	if len(words) != 6 {
		return fmt.Errorf("wants six words")
	}
	from, err := strconv.Atoi(words[0])
	if err != nil {
		return err
	}
	to, err := strconv.Atoi(words[1])
	if err != nil {
		return err
	}
	proto, err := u8proto.ParseProtocol(words[2])
	if err != nil {
		return err
	}
	port, err := strconv.ParseUint(words[3], 10, 16)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%s -> %s:%s/%s", a.names[from], a.names[to], words[3], words[2])
	a.calls = append(a.calls, call{from, to, proto, uint16(port), words[4] == "yes", words[5] == "yes", text})
	return nil
}

// ask holds formwork's answers for the tree's clusters to the engine's.
func ask(judge *kit.Judge, policies map[string][][]byte) error {
	all, err := parse(questions)
	if err != nil {
		return err
	}
	for _, one := range all {
		name := filepath.Base(one.folder)
		tree := filepath.Dir(filepath.Dir(one.folder))
		if !strings.HasSuffix(filepath.ToSlash(judge.Root), "/"+tree) {
			continue
		}
		answers, err := one.engine(policies["clusters/"+name], true)
		if err != nil {
			return err
		}
		judge.Verdict("clusters/"+name, answers)
		if !one.letsIn() {
			continue
		}
		// A twin: without the rules that let somebody in, an answer has to be another.
		broken, err := one.engine(policies["clusters/"+name], false)
		if err != nil {
			return err
		}
		judge.Twin("clusters/"+name, "ingress rules left out", broken, "formwork says yes")
	}
	return nil
}

// letsIn says whether a call gets into a pod that is closed: calls of kube-system are let in by nobody's rule.
func (a *asked) letsIn() bool {
	return slices.ContainsFunc(a.calls, func(c call) bool {
		name := a.names[c.to]
		return c.in && strings.Contains(name, "/") && !strings.HasPrefix(name, "kube-system/")
	})
}

// engine asks Cilium's policy repository; `whole` is false for a twin without what lets calls in. Gives what differs.
func (a *asked) engine(texts [][]byte, whole bool) (differs, err error) {
	option.Config.EnableNonDefaultDenyPolicies = true
	option.Config.EnableIPv4, option.Config.EnableIPv6 = true, true
	// The kubelet's probes are let in by this option, not by policies.
	option.Config.UnsafeDaemonConfigOption.AllowLocalhost = option.AllowLocalhostPolicy
	api.InitEntities("default")
	logger := slog.New(slog.DiscardHandler)
	manager := identitymanager.NewIDManager(logger)
	known := identity.IdentityMap{}
	var ids []*identity.Identity
	for at, end := range a.ends {
		id := identity.NewIdentity(numeric(end, at), end)
		known[id.ID] = id.LabelArray
		ids = append(ids, id)
	}
	translator := envoypolicy.NewEnvoyL7RulesTranslator(logger, certificatemanager.NewMockSecretManagerInline())
	repo := policy.NewPolicyRepository(logger, known, nil, translator, manager, testpolicy.NewPolicyMetricsNoop())
	repo.UpdateIdentities(known, nil)
	for _, text := range texts {
		entries, err := plainOf(logger, text)
		if err != nil {
			return nil, err
		}
		if entries != nil {
			repo.MustAddPolicyEntries(entries)
			continue
		}
		rules, err := rulesOf(logger, text)
		if err != nil {
			return nil, err
		}
		for _, rule := range rules {
			if !whole {
				for at := range rule.Ingress {
					rule.Ingress[at] = api.IngressRule{}
				}
			}
			if err := rule.Sanitize(); err != nil {
				return nil, err
			}
		}
		repo.MustAddPolicyEntries(policyutils.RulesToPolicyEntries(rules))
	}
	repo.GetSelectorCache().UpdateIdentities(known, nil, &sync.WaitGroup{})
	word := map[bool]string{true: "yes", false: "no"}
	var found []string
	for _, c := range a.calls {
		flow := types.Flow{From: ids[c.from], To: ids[c.to], Proto: c.proto, Dport: c.port}
		verdict, _, _, err := policy.LookupFlow(logger, repo, manager, flow)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.text, err)
		}
		for _, side := range []struct {
			name   string
			asked  string
			ours   bool
			theirs types.Decision
		}{{"out", a.names[c.from], c.out, verdict.Egress}, {"in", a.names[c.to], c.in, verdict.Ingress}} {
			// Of what is no pod, no policy says anything.
			if !strings.Contains(side.asked, "/") {
				continue
			}
			if theirs := side.theirs == types.DecisionAllowed; theirs != side.ours {
				found = append(found, fmt.Sprintf("%s, way %s: formwork says %s, Cilium %s", c.text, side.name, word[side.ours], word[theirs]))
			}
		}
	}
	if len(found) == 0 {
		return nil, nil
	}
	if len(found) > 5 {
		found = append(found[:5], fmt.Sprintf("%d more", len(found)-5))
	}
	return fmt.Errorf("%s", strings.Join(found, "; ")), nil
}

// numeric is the number of an identity: the reserved ones have theirs.
func numeric(end labels.Labels, at int) identity.NumericIdentity {
	for _, reserved := range []identity.NumericIdentity{
		identity.ReservedIdentityIngress, identity.ReservedIdentityHealth, identity.ReservedIdentityKubeAPIServer, identity.ReservedIdentityRemoteNode,
	} {
		name := reserved.String()
		if end.HasSource(labels.LabelSourceReserved) {
			if _, ok := end[name]; ok {
				return reserved
			}
		}
	}
	if _, ok := end[labels.IDNameWorldIPv4]; ok {
		return identity.IdentityScopeLocal + identity.NumericIdentity(at) + 1
	}
	return identity.NumericIdentity(1000 + at)
}

// plainOf are the entries of a policy of Kubernetes' own kind; nil for another.
func plainOf(logger *slog.Logger, text []byte) (types.PolicyEntries, error) {
	var policy networking.NetworkPolicy
	if err := yaml.Unmarshal(text, &policy); err != nil || policy.Kind != plain {
		return nil, err
	}
	return k8s.ParseNetworkPolicy(logger, "default", &policy)
}

// rulesOf are the rules of one policy as the agent makes them.
func rulesOf(logger *slog.Logger, text []byte) (api.Rules, error) {
	var head struct{ Kind string }
	if err := yaml.Unmarshal(text, &head); err != nil {
		return nil, err
	}
	if head.Kind == clusterwide {
		var policy v2.CiliumClusterwideNetworkPolicy
		if err := yaml.UnmarshalStrict(text, &policy); err != nil {
			return nil, err
		}
		return policy.Parse(logger, "default")
	}
	var policy v2.CiliumNetworkPolicy
	if err := yaml.UnmarshalStrict(text, &policy); err != nil {
		return nil, err
	}
	return policy.Parse(logger, "default")
}
