package main

import (
	"slices"
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
	if at := slices.IndexFunc(goods, func(g good) bool { return len(healthKinds(g.object)) > 0 }); at >= 0 {
		g := goods[at]
		judge.Twin(g.unit.call(g.object), "health of a kind that nobody serves", c.serveHealth(waitingForNothing(g.object)), "no matches for kind")
	}
	for _, g := range goods {
		if len(refersTo(g.object)) > 0 {
			judge.Twin(g.unit.call(g.object), "reference to what nothing is called", names{}.find(g.object), "nothing is called")
			break
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

// waitingForNothing is a Kustomization that waits for the health of kinds of versions that are not served.
func waitingForNothing(good *unstructured.Unstructured) *unstructured.Unstructured {
	broken := good.DeepCopy()
	for _, key := range []string{"healthChecks", "healthCheckExprs"} {
		list, _, _ := unstructured.NestedSlice(broken.Object, "spec", key)
		for _, item := range list {
			item.(map[string]any)["apiVersion"] = "example.org/v9"
		}
		_ = unstructured.SetNestedSlice(broken.Object, list, "spec", key)
	}
	return broken
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
