package main

import (
	"strings"

	"formwork.dev/judges/kit"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// good is an object that was taken, with the unit that it is of.
type good struct {
	unit   unit
	object *unstructured.Unstructured
}

// mistake changes an object; false where it has nothing to break.
type mistake struct {
	name, want string
	change     func(object *unstructured.Unstructured) bool
}

// mistakes are made in the first object of each kind.
var mistakes = []mistake{
	{"unknown field", "not declared in schema", func(object *unstructured.Unstructured) bool {
		object.Object["sepc"] = map[string]any{}
		return true
	}},
	{"unknown field in its spec", "not declared in schema", inSpec(func(spec map[string]any) { spec["intervall"] = "1m" })},
	{"wrong type: text for a map", "expected map", func(object *unstructured.Unstructured) bool {
		_, has := object.Object["spec"]
		object.Object["spec"] = "text"
		return has
	}},
	{"kind that nobody defines", "no matches for kind", func(object *unstructured.Unstructured) bool {
		kind := object.GroupVersionKind()
		object.SetGroupVersionKind(schema.GroupVersionKind{Group: kind.Group, Version: "v99", Kind: kind.Kind})
		return true
	}},
	{"name that is none", "Invalid value", func(object *unstructured.Unstructured) bool {
		object.SetName("Not_A.Name-")
		return object.GetKind() != "PodDisruptionBudget" // any name is one, to the API server
	}},
	{"namespace that nobody makes", "not found", func(object *unstructured.Unstructured) bool {
		had := object.GetNamespace() != ""
		object.SetNamespace("nowhere")
		return had
	}},
	{"label that is none", "Invalid value", func(object *unstructured.Unstructured) bool {
		object.SetLabels(map[string]string{"a b": "c"})
		return true
	}},
}

func inSpec(change func(spec map[string]any)) func(*unstructured.Unstructured) bool {
	return func(object *unstructured.Unstructured) bool {
		spec, ok := object.Object["spec"].(map[string]any)
		if ok {
			change(spec)
		}
		return ok
	}
}

// twins breaks the first good object of each kind, and tries what the namespaces have to forbid.
func (c *client) twins(judge *kit.Judge, goods []good) error {
	done := map[schema.GroupKind]bool{}
	for _, g := range goods {
		kind := g.object.GroupVersionKind().GroupKind()
		if done[kind] {
			continue
		}
		done[kind] = true
		for _, m := range mistakes {
			broken := g.object.DeepCopy()
			if m.change(broken) {
				judge.Twin(g.unit.call(g.object), m.name, c.try(broken), m.want)
			}
		}
	}
	for _, g := range goods {
		level := g.object.GetLabels()["pod-security.kubernetes.io/enforce"]
		if g.object.GetKind() == "Namespace" && (level == "restricted" || level == "baseline") {
			judge.Twin(g.unit.call(g.object), "privileged pod in it", c.try(privileged(g.object.GetName())), "violates PodSecurity")
		}
	}
	return nil
}

// privileged is a pod that only a namespace of that level may hold.
func privileged(namespace string) *unstructured.Unstructured {
	pod, err := parse([]byte(strings.TrimSpace(`
apiVersion: v1
kind: Pod
metadata: {name: twin}
spec:
  hostPID: true
  containers:
    - name: twin
      image: example.org/twin:v1
      securityContext: {privileged: true}
      resources: {requests: {cpu: 1m, memory: 1Mi}, limits: {memory: 1Mi}}
`)))
	if err != nil {
		panic(err)
	}
	pod.SetNamespace(namespace)
	return pod
}
