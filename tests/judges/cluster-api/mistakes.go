package main

import (
	"fmt"

	"formwork.dev/judges/kit"
	"go.yaml.in/yaml/v3"
)

// mistakes are what Cluster API has to refuse, and what would break a promise without a word.
var mistakes = []kit.Mistake{
	variable("number in words", "Invalid value", "cpu", "four"),
	variable("size beyond all bounds", "should be less than or equal to", "memoryMiB", "99999999999"),
	variable("level that is none", "Unsupported value", "podSecurity", "strict"),
	variable("version of the wrong kind", "Invalid value", "kubeProxy", "'yes'"),
	variable("smaller machine than promised", "were promised", "cpu", "1"),
	variable("smaller disk than promised", "were promised", "diskGiB", "6"),
	{Name: "variable that the class does not know", Want: "not defined", Change: func(docs kit.Docs) (kit.Docs, error) {
		return docs, rename(docs, "audit", "audits")
	}},
	in("missing required variable", "required", "Cluster", func(doc *yaml.Node) error {
		return drop(kit.Get(doc, "spec.topology.variables"), "podSecurity")
	}),
	set("patch of a path that is not there", "missing path", "ClusterClass", "spec.patches.0.definitions.0.jsonPatches.0.path", "/spec/template/spec/kubeadmConfig/files/-"),
	set("patch of what must not change", "path", "ClusterClass", "spec.patches.0.definitions.0.jsonPatches.0.path", "/metadata/name"),
	set("patch by an unknown variable", "variable", "ClusterClass", "spec.patches.0.definitions.0.jsonPatches.0.valueFrom", "{variable: podSecurityLevel}"),
	set("patch of no resource of the class", "selector", "ClusterClass", "spec.patches.0.definitions.0.selector.kind", "KubeadmControlPlanTemplate"),
	set("expression that does not parse", "template", "ClusterClass", "spec.patches.1.enabledIf", `'{{ eq .audit "metadata" '`),
	set("template that does not exist", "there is no template", "ClusterClass", "spec.controlPlane.templateRef.name", "other"),
	set("unknown field", "unknown field", "ClusterClass", "spec.controlPlane.healthChecks", "{}"),
	set("unknown class of workers", "class", "Cluster", "spec.topology.workers.machineDeployments.0.class", "worker"),
	set("fewer workers than promised", "workers were promised", "Cluster", "spec.topology.workers.machineDeployments.0.replicas", "1"),
	set("more control planes than promised", "control planes were promised", "Cluster", "spec.topology.controlPlane.replicas", "5"),
	set("patch that reaches into a list", "elements in arrays", "ClusterClass", "spec.patches.0.definitions.0.jsonPatches.0", "{op: replace, path: /spec/template/spec/kubeadmConfigSpec/files/0/path, value: /x}"),
	set("version that is none", "version", "Cluster", "spec.topology.version", "latest"),
	set("misspelt field of control planes", "unknown field", "KubeadmControlPlaneTemplate", "spec.template.spec.kubeadmConfigSpec.preKubeadmCommand", "[x]"),
	set("misspelt field of workers", "unknown field", "KubeadmConfigTemplate", "spec.template.spec.joinConfig", "{}"),
}

// in is a change to the document of a kind; where there is none, nothing to break.
func in(name, want, kind string, change func(*yaml.Node) error) kit.Mistake {
	return kit.Mistake{Name: name, Want: want, Change: func(docs kit.Docs) (kit.Docs, error) {
		for _, doc := range docs {
			if kit.Value(doc, "kind") == kind {
				return docs, change(doc)
			}
		}
		return nil, nil
	}}
}

func set(name, want, kind, path, value string) kit.Mistake {
	return in(name, want, kind, func(doc *yaml.Node) error { return kit.Set(doc, path, value) })
}

// variable sets a variable of the cluster; where it has none of this name, there is nothing to break.
func variable(name, want, key, value string) kit.Mistake {
	return kit.Mistake{Name: name, Want: want, Change: func(docs kit.Docs) (kit.Docs, error) {
		found := find(docs, key)
		if found == nil {
			return nil, nil
		}
		return docs, kit.Set(found, "value", value)
	}}
}

func rename(docs kit.Docs, key, to string) error {
	found := find(docs, key)
	if found == nil {
		return fmt.Errorf("no variable %s", key)
	}
	return kit.Set(found, "name", to)
}

// find is the variable of a cluster.
func find(docs kit.Docs, key string) *yaml.Node {
	for _, doc := range docs {
		if kit.Value(doc, "kind") != "Cluster" {
			continue
		}
		for _, one := range kit.Get(doc, "spec.topology.variables").Content {
			if kit.Value(one, "name") == key {
				return one
			}
		}
	}
	return nil
}

// drop takes the entry of a name out of a list.
func drop(list *yaml.Node, name string) error {
	for i, one := range list.Content {
		if kit.Value(one, "name") == name {
			list.Content = append(list.Content[:i], list.Content[i+1:]...)
			return nil
		}
	}
	return fmt.Errorf("no entry %s", name)
}
