package main

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"formwork.dev/judges/kit"
	"go.yaml.in/yaml/v3"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apiserver/pkg/apis/apiserver"
	"k8s.io/apiserver/pkg/apis/apiserver/install"
	auditinternal "k8s.io/apiserver/pkg/apis/audit"
	"k8s.io/apiserver/pkg/audit"
	"k8s.io/apiserver/pkg/audit/policy"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
	"k8s.io/pod-security-admission/admission/api/load"
	"k8s.io/pod-security-admission/admission/api/validation"
)

// judgeSettings judges what API servers are told: in the machine configs of Talos, which Talos only
// passes on, and in the files that Kind mounts.
func judgeSettings(judge *kit.Judge, paths []string) error {
	var good []string
	for _, path := range paths {
		text, err := judge.Read(path)
		if err != nil {
			return err
		}
		if found, err := checkSettings(text); (found > 0 || err != nil) && judge.Verdict(path, err) {
			good = append(good, path)
		}
	}
	return judge.Twins(good, settingsMistakes, func(text []byte) error {
		_, err := checkSettings(text)
		return err
	})
}

// checkSettings reads every setting of an API server in a file as that server does, and counts them.
func checkSettings(text []byte) (found int, err error) {
	docs, err := kit.ParseDocs(text)
	if err != nil {
		return 0, err
	}
	check := func(node *yaml.Node, reader func(text []byte) error) {
		if node == nil {
			return
		}
		found++
		part, printed := yaml.Marshal(node)
		err = errors.Join(err, printed, reader(part))
	}
	for _, doc := range docs {
		check(kit.Get(doc, "cluster.apiServer.auditPolicy"), auditPolicy)
		check(kit.Get(doc, "cluster.apiServer.extraArgs"), flags)
		check(kit.Get(doc, "cluster.apiServer.admissionControl"), plugins)
		// By either: the other may be the mistake.
		kind, group := kit.Value(doc, "kind"), strings.Split(kit.Value(doc, "apiVersion"), "/")[0]
		switch {
		case kind == "Policy" || group == "audit.k8s.io":
			check(doc, auditPolicy)
		case kind == "AdmissionConfiguration" || group == "apiserver.config.k8s.io":
			check(doc, admission)
			check(kit.Get(doc, "plugins"), plugins)
		}
	}
	return found, err
}

// auditPolicy reads strictly, which the API server tries first; where that fails it goes on leniently.
func auditPolicy(text []byte) error {
	strict := serializer.NewCodecFactory(audit.Scheme, serializer.EnableStrict).UniversalDecoder()
	if _, _, err := strict.Decode(text, nil, &auditinternal.Policy{}); err != nil {
		return fmt.Errorf("audit policy: %w", err)
	}
	if _, err := policy.LoadPolicyFromBytes(text); err != nil {
		return fmt.Errorf("audit policy: %w", err)
	}
	return nil
}

// admission reads the file that names the plugins.
func admission(text []byte) error {
	scheme := runtime.NewScheme()
	install.Install(scheme)
	strict := serializer.NewCodecFactory(scheme, serializer.EnableStrict).UniversalDecoder()
	_, _, err := strict.Decode(text, nil, &apiserver.AdmissionConfiguration{})
	return err
}

// plugins reads the configuration of admission plugins; so far Pod Security alone has one.
func plugins(text []byte) error {
	var listed []struct {
		Name          string
		Configuration yaml.Node
	}
	if err := yaml.Unmarshal(text, &listed); err != nil {
		return err
	}
	for _, plugin := range listed {
		if plugin.Name != "PodSecurity" {
			return fmt.Errorf("admission plugin %s: not one that this judge knows", plugin.Name)
		}
		part, err := yaml.Marshal(&plugin.Configuration)
		if err != nil {
			return err
		}
		config, err := load.LoadFromData(part)
		if err != nil {
			return fmt.Errorf("Pod Security: %w", err)
		}
		if found := validation.ValidatePodSecurityConfiguration(config); len(found) > 0 {
			return fmt.Errorf("Pod Security: %w", found.ToAggregate())
		}
	}
	return nil
}

// apiServer is the API server's command; it can be made only once in a process.
var apiServer = sync.OnceValue(app.NewAPIServerCommand)

// flags are those of the API server's command line; Talos takes one value or several.
func flags(text []byte) error {
	var values map[string]any
	if err := yaml.Unmarshal(text, &values); err != nil {
		return err
	}
	var args []string
	for name, value := range values {
		several, ok := value.([]any)
		if !ok {
			several = []any{value}
		}
		for _, one := range several {
			args = append(args, fmt.Sprintf("--%s=%v", name, one))
		}
	}
	return apiServer().Flags().Parse(args)
}

var settingsMistakes = []kit.Mistake{
	setting("audit rule of an unknown level", "Unsupported value", "cluster.apiServer.auditPolicy.rules.0.level", "Most"),
	setting("unknown field in an audit rule", "unknown field", "cluster.apiServer.auditPolicy.rules.0.verb", "[get]"),
	setting("audit policy of an unknown version", "audit policy", "cluster.apiServer.auditPolicy.apiVersion", "audit.k8s.io/v2"),
	setting("unknown Pod Security level", "must be one of", "cluster.apiServer.admissionControl.0.configuration.defaults.enforce", "strict"),
	setting("unknown field for Pod Security", "unknown field", "cluster.apiServer.admissionControl.0.configuration.default", "{}"),
	setting("unknown Pod Security level for Kind", "must be one of", "plugins.0.configuration.defaults.enforce", "strict"),
	setting("flag that the API server does not have", "unknown flag", "cluster.apiServer.extraArgs.audit-log-paths", "/var/log"),
}

// setting is a wrong value in the first file that has its place; flags need none to be there before.
func setting(name, want, path, value string) kit.Mistake {
	place := path[:strings.LastIndexByte(path, '.')]
	if strings.HasSuffix(place, ".extraArgs") {
		place = strings.TrimSuffix(place, ".extraArgs")
	}
	return kit.Mistake{Name: name, Want: want, Change: func(docs kit.Docs) (kit.Docs, error) {
		for _, doc := range docs {
			if kit.Get(doc, place) != nil {
				return docs, kit.Set(doc, path, value)
			}
		}
		return nil, nil
	}}
}
