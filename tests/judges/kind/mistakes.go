package main

import "formwork.dev/judges/kit"

// mistakes are one of each class that a compiler could make and Kind must see.
var mistakes = []kit.Mistake{
	set("unknown field", "not found", "networking.disableDefaultCni", "true"),
	set("unknown field in a node", "not found", "nodes.0.rolle", "worker"),
	set("unknown role", "not a valid node role", "nodes.0.role", "control_plane"),
	set("no control plane", "at least one control-plane", "nodes", "[{role: worker, image: kindest/node:v1.36.1}]"),
	set("wrong type: text for a bool", "cannot unmarshal", "networking.disableDefaultCNI", "sometimes"),
	set("wrong type: map for a list", "cannot unmarshal", "nodes", "{role: control-plane}"),
	set("pod network is no CIDR", "invalid pod subnet", "networking.podSubnet", "10.244.0.0/33"),
	set("service network is no CIDR", "invalid service subnet", "networking.serviceSubnet", "10.96.0.0"),
	set("unknown kube-proxy mode", "invalid kubeProxyMode", "networking.kubeProxyMode", "off"),
	set("unknown apiVersion", "unknown apiVersion", "apiVersion", "kind.x-k8s.io/v1alpha5"),
	set("unknown kind", "unknown kind", "kind", "Clusters"),
	set("name that no container can have", "not a valid cluster name", "name", "Dev_1"),
	set("one host port twice", "already configured", "nodes.0.extraPortMappings",
		"[{containerPort: 80, hostPort: 80}, {containerPort: 81, hostPort: 80}]"),
	set("port out of range", "invalid hostPort", "nodes.0.extraPortMappings", "[{containerPort: 80, hostPort: 70000}]"),
	set("patch for a document that is not there", "changes nothing", "kubeadmConfigPatches", `["{kind: ClusterConfig, x: y}"]`),
	set("unknown field for kubeadm", "unknown field", "kubeadmConfigPatches", `["{kind: ClusterConfiguration, apiserver: {}}"]`),
	set("wrong type for kubeadm", "cannot unmarshal", "kubeadmConfigPatches",
		`["{kind: ClusterConfiguration, networking: {dnsDomain: [a]}}"]`),
	set("unknown field for the kubelet", "unknown field", "kubeadmConfigPatches", `["{kind: KubeletConfiguration, maxPodz: 200}"]`),
	set("JSON patch for a document that is not there", "changes nothing", "kubeadmConfigPatchesJSON6902",
		`[{group: kubeadm.k8s.io, version: v1beta2, kind: ClusterConfiguration, patch: '[{"op": "add", "path": "/x", "value": 1}]'}]`),
	set("patch that is no YAML", "parse patches", "kubeadmConfigPatches", `["- ["]`),
}

func set(name, want, path, value string) kit.Mistake {
	return kit.Mistake{Name: name, Want: want, Change: func(docs kit.Docs) (kit.Docs, error) {
		return docs, kit.Set(docs[0], path, value)
	}}
}
