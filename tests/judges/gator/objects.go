package main

import "k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

// good is what no constraint may refuse.
func good() []*unstructured.Unstructured {
	return []*unstructured.Unstructured{
		must(pod(`{name: a, image: "ghcr.io/acme/a:1.2.3", ` + sized + `}`)),
		must(pod(`{name: a, image: "quay.io/acme/a@sha256:` + digest + `", ` + sized + `}`)),
		must(`{apiVersion: v1, kind: Namespace, metadata: {name: a, labels: {pod-security.kubernetes.io/enforce: baseline}}}`),
		must(`{apiVersion: v1, kind: Service, metadata: {name: a, namespace: a}, spec: {ports: [{port: 80}]}}`),
		must(`{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, namespace: a, labels: {owner: me}}}`),
	}
}

const (
	sized  = `resources: {requests: {cpu: 10m, memory: 16Mi}, limits: {memory: 16Mi}}`
	digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
)

func pod(container string) string {
	return `{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: a}, spec: {containers: [` + container + `]}}`
}

// violation is an object that a constraint has to refuse, and a word of the refusal.
type violation struct{ name, text, want string }

// violations are by the kind of the constraint.
var violations = map[string][]violation{
	"PinnedImages": {
		{"image without a tag", pod(`{name: a, image: ghcr.io/acme/a, ` + sized + `}`), "without a version"},
		{"image with a port and no tag", pod(`{name: a, image: "registry:5000/a", ` + sized + `}`), "without a version"},
		{"latest image", pod(`{name: a, image: "ghcr.io/acme/a:latest", ` + sized + `}`), "without a version"},
		{
			"latest image of an init container",
			`{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: a}, spec: {initContainers: [{name: i, image: "i:latest"}], containers: [{name: a, image: "a:1"}]}}`,
			"without a version",
		},
	},
	"AllowedRegistries": {
		{"image from elsewhere", pod(`{name: a, image: "example.org/a:1", ` + sized + `}`), "not from an allowed registry"},
		{"registry with a name that begins alike", pod(`{name: a, image: "ghcr.io.example.org/a:1", ` + sized + `}`), "not from an allowed registry"},
	},
	"ContainerResources": {
		{"container without resources", pod(`{name: a, image: "a:1"}`), "without requests"},
		{"container without a limit of memory", pod(`{name: a, image: "a:1", resources: {requests: {cpu: 1m, memory: 1Mi}, limits: {cpu: 1}}}`), "without requests"},
	},
	"NamespaceLevels": {
		{"namespace without labels", `{apiVersion: v1, kind: Namespace, metadata: {name: a}}`, "needs the label"},
		{"namespace with another label", `{apiVersion: v1, kind: Namespace, metadata: {name: a, labels: {a: b}}}`, "needs the label"},
	},
	"NoExternalIps": {
		{"Service with an address of others", `{apiVersion: v1, kind: Service, metadata: {name: a, namespace: a}, spec: {externalIPs: [203.0.113.1]}}`, "may not claim"},
	},
	"RequiredOwners": {
		{"Deployment without an owner", `{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, namespace: a}}`, "owner"},
	},
}
