// The Gatekeeper judge: the API server takes any text as a template, and any template as a constraint's
// kind. Whether it compiles, and whom it refuses, only the engine says.
package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"formwork.dev/judges/kit"
	"github.com/open-policy-agent/gatekeeper/v3/pkg/gator/test"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

const (
	templates   = "templates.gatekeeper.sh"
	constraints = "constraints.gatekeeper.sh"
)

func main() {
	kit.Main(func() string { return "Gatekeeper " + kit.Version("github.com/open-policy-agent/gatekeeper/v3") }, run)
}

// found is an object and the file that holds it.
type found struct {
	path   string
	object *unstructured.Unstructured
}

// cluster is what one cluster is judged by, and what of it is judged.
type cluster struct {
	templates   map[string]found // by the kind that each makes
	constraints []found
	others      []*unstructured.Unstructured
}

func run(judge *kit.Judge) error {
	clusters, order, err := read(judge)
	if err != nil {
		return err
	}
	for _, name := range order {
		clusters[name].judge(judge)
	}
	return nil
}

// read collects what the clusters hold: clusters/NAME/UNIT/FILE.yaml.
func read(judge *kit.Judge) (clusters map[string]*cluster, order []string, err error) {
	clusters = map[string]*cluster{}
	for _, path := range judge.Paths {
		if !strings.HasPrefix(path, "clusters/") || !strings.HasSuffix(path, ".yaml") {
			continue
		}
		name := strings.Split(path, "/")[1]
		c := clusters[name]
		if c == nil {
			c = &cluster{templates: map[string]found{}}
			clusters[name] = c
			order = append(order, name)
		}
		text, err := judge.Read(path)
		if err != nil {
			return nil, nil, err
		}
		object, err := parse(text)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", path, err)
		}
		switch object.GroupVersionKind().Group {
		case templates:
			kind, _, _ := unstructured.NestedString(object.Object, "spec", "crd", "spec", "names", "kind")
			c.templates[kind] = found{path, object}
		case constraints:
			c.constraints = append(c.constraints, found{path, object})
		case "kustomize.config.k8s.io":
		default:
			c.others = append(c.others, object)
		}
	}
	return clusters, order, nil
}

func (c *cluster) judge(judge *kit.Judge) {
	if len(c.templates) == 0 && len(c.constraints) == 0 {
		return
	}
	for _, kind := range slices.Sorted(maps.Keys(c.templates)) {
		template := c.templates[kind]
		// The engine compiles an expression when it is first asked.
		asked := append(good(), c.constraint(kind))
		judge.Verdict(template.path, review(append(asked, template.object)...))
		judge.Twin(template.path, "expression that does not parse", review(append(asked, broken(template.object))...), "Syntax error")
	}
	for _, constraint := range c.constraints {
		template, ok := c.templates[constraint.object.GetKind()]
		if !ok {
			judge.Verdict(constraint.path, errors.New("no template makes this kind"))
			continue
		}
		by := []*unstructured.Unstructured{template.object, constraint.object}
		// What is good by the judge's own lights, and all that the tree brings itself.
		all := append(append(by[:2:2], good()...), c.others...)
		if !judge.Verdict(constraint.path, review(all...)) {
			continue
		}
		judge.Twin(constraint.path, "kind that no template makes", review(constraint.object), "constraint")
		if err := judgeRules(judge, template.object, constraint.object, constraint.path); err != nil {
			judge.Verdict(constraint.path, err)
		}
		for _, bad := range violations[constraint.object.GetKind()] {
			judge.Twin(constraint.path, bad.name, review(append(by[:2:2], must(bad.text))...), bad.want)
		}
	}
}

// constraint is one by a template: the cluster's own, else one for everything.
func (c *cluster) constraint(kind string) *unstructured.Unstructured {
	for _, constraint := range c.constraints {
		if constraint.object.GetKind() == kind {
			return constraint.object
		}
	}
	return must("{apiVersion: " + constraints + "/v1beta1, kind: " + kind + ", metadata: {name: any}}")
}

// review is what the engine says against the objects by the templates and constraints among them.
func review(objects ...*unstructured.Unstructured) error {
	copies := make([]*unstructured.Unstructured, len(objects))
	for i, object := range objects {
		copies[i] = object.DeepCopy()
	}
	responses, err := test.Test(copies, test.WithK8sCEL(false))
	if err != nil {
		return err
	}
	var problems []error
	for _, result := range responses.Results() {
		object := result.ViolatingObject
		problems = append(problems, fmt.Errorf("%s %s: %s", object.GetKind(), object.GetName(), result.Msg))
	}
	return errors.Join(problems...)
}

// broken is a template whose first expression can't be parsed.
func broken(template *unstructured.Unstructured) *unstructured.Unstructured {
	twin := template.DeepCopy()
	targets, _, _ := unstructured.NestedSlice(twin.Object, "spec", "targets")
	code := targets[0].(map[string]any)["code"].([]any)
	source := code[0].(map[string]any)["source"].(map[string]any)
	validation := source["validations"].([]any)[0].(map[string]any)
	validation["expression"] = "object.("
	if err := unstructured.SetNestedSlice(twin.Object, targets, "spec", "targets"); err != nil {
		panic(err)
	}
	return twin
}

func parse(text []byte) (*unstructured.Unstructured, error) {
	json, err := yaml.YAMLToJSON(text)
	if err != nil {
		return nil, err
	}
	object := &unstructured.Unstructured{}
	return object, object.UnmarshalJSON(json)
}

func must(text string) *unstructured.Unstructured {
	object, err := parse([]byte(text))
	if err != nil {
		panic(err)
	}
	return object
}
