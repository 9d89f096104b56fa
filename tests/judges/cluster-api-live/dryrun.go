package main

import (
	"fmt"
	"regexp"

	"formwork.dev/judges/kit"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// suffix is what the engine appends to names, another one each time.
var suffix = regexp.MustCompile(`-[a-z0-9]{5}$`)

// subject is how a verdict calls an object that was made.
func (c *cluster) subject(made *object) string {
	name := made.GetName()
	if made.GetKind() != "Cluster" {
		name = suffix.ReplaceAllString(name, "")
	}
	return fmt.Sprintf("%s: %s %s", c.Path, made.GetKind(), name)
}

// dryRun sends what the engine made of a cluster to the API server, and the first of each kind with mistakes; false if
// the API server does not take it.
func (c *client) dryRun(judge *kit.Judge, one *cluster, done map[string]bool) bool {
	good := true
	for _, made := range one.Made {
		subject := one.subject(made)
		if !judge.Verdict(subject, c.Try(made)) {
			good = false
			continue
		}
		if done[made.GetKind()] || !judge.WantsTwins() {
			continue
		}
		done[made.GetKind()] = true
		for _, m := range slips {
			broken := made.DeepCopy()
			if m.change(broken) {
				judge.Twin(subject, m.name, c.Try(broken), m.want)
			}
		}
	}
	return good
}

// slips are what the engine would hand on without a word, and the API server has to refuse.
var slips = []struct {
	name, want string
	change     func(made *object) bool
}{
	{"unknown field", "not declared in schema", func(made *object) bool {
		made.Object["sepc"] = map[string]any{}
		return true
	}},
	{"unknown field in its spec", "not declared in schema", in("spec")},
	{"unknown field in the spec of its template", "not declared in schema", in("spec", "template", "spec")},
	{"wrong type: text for a map", "expected map", func(made *object) bool {
		made.Object["spec"] = "text"
		return true
	}},
}

// in puts a field that nobody knows into the map at a path.
func in(path ...string) func(*object) bool {
	return func(made *object) bool {
		_, found, _ := unstructured.NestedMap(made.Object, path...)
		return found && unstructured.SetNestedField(made.Object, "x", append(path, "nobodyKnows")...) == nil
	}
}
