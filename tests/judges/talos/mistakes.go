package talos

import (
	"slices"

	"formwork.dev/judges/kit"
	"go.yaml.in/yaml/v3"
)

// mistakes are one of each class that a compiler could make and Talos must see.
var mistakes = []kit.Mistake{
	inMachine("unknown field", "unknown keys", set("machine.kubelett", "{}")),
	inMachine("unknown field deep down", "unknown keys", set("machine.install.wype", "true")),
	inMachine("wrong type: map for a list", "cannot", set("machine.certSANs", "{a: b}")),
	inMachine("wrong type: text for a bool", "cannot", set("machine.install.wipe", "yes please")),
	inMachine("pod network is no CIDR", "10.244.0.0/33", set("cluster.network.podSubnets", "[10.244.0.0/33]")),
	inMachine("service network is no CIDR", "10.96.0.0/33", set("cluster.network.serviceSubnets", "[10.96.0.0/33]")),
	inMachine("no endpoint", "endpoint", remove("cluster.controlPlane.endpoint")),
	inMachine("endpoint without a scheme", "first path segment", set("cluster.controlPlane.endpoint", "10.0.0.1:6443")),
	inMachine("no disk", "disk", func(doc *yaml.Node) (bool, error) {
		kit.Delete(doc, "machine.install.diskSelector")
		kit.Delete(doc, "machine.install.disk")
		return true, nil
	}),
	inMachine("unknown machine type", "machine.type", set("machine.type", "master")),
	inMachine("a secret inside", "holds a secret", set("machine.token", "abcdef.0123456789abcdef")),
	inMachine("CNI that Talos does not know", "cni name", func(doc *yaml.Node) (bool, error) {
		// Only a control plane sets up the CNI, so only its config is held to it.
		if kit.Value(doc, "machine.type") != "controlplane" {
			return false, nil
		}
		return true, kit.Set(doc, "cluster.network.cni", "{name: cilium}")
	}),
	{Name: "two documents of one name", Want: "duplicate", Change: func(docs kit.Docs) (kit.Docs, error) {
		return append(docs, docs[len(docs)-1]), nil
	}},
	{Name: "document of an unknown kind", Want: "not registered", Change: func(docs kit.Docs) (kit.Docs, error) {
		more, err := kit.ParseDocs([]byte("apiVersion: v1alpha1\nkind: HostnameConfigs\n"))
		return append(docs, more...), err
	}},
	{Name: "no machine document", Want: "no v1alpha1 document", Change: func(docs kit.Docs) (kit.Docs, error) {
		rest := slices.DeleteFunc(docs, func(doc *yaml.Node) bool { return kit.Get(doc, "machine") != nil })
		if len(rest) == 0 {
			return nil, nil
		}
		return rest, nil
	}},
	inDocument("unknown field in a document", "unknown keys", set("hosstname", "x")),
	inDocument("address that is none", "10.0.0.300", func(doc *yaml.Node) (bool, error) {
		if kit.Get(doc, "addresses.0.address") == nil {
			return false, nil
		}
		return true, kit.Set(doc, "addresses.0.address", "10.0.0.300")
	}),
}

// change breaks one document; false where it holds nothing to break.
type change func(doc *yaml.Node) (bool, error)

func set(path, value string) change {
	return func(doc *yaml.Node) (bool, error) { return true, kit.Set(doc, path, value) }
}

func remove(path string) change {
	return func(doc *yaml.Node) (bool, error) { return kit.Delete(doc, path), nil }
}

// inMachine is a mistake in the v1alpha1 document, inDocument one in any of the others.
func inMachine(name, want string, change change) kit.Mistake {
	return mistake(name, want, change, func(doc *yaml.Node) bool { return kit.Get(doc, "machine") != nil })
}

func inDocument(name, want string, change change) kit.Mistake {
	return mistake(name, want, change, func(doc *yaml.Node) bool { return kit.Get(doc, "kind") != nil })
}

func mistake(name, want string, change change, where func(*yaml.Node) bool) kit.Mistake {
	return kit.Mistake{Name: name, Want: want, Change: func(docs kit.Docs) (kit.Docs, error) {
		for _, doc := range docs {
			if !where(doc) {
				continue
			}
			if changed, err := change(doc); changed || err != nil {
				return docs, err
			}
		}
		return nil, nil
	}}
}
