package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"formwork.dev/judges/kit"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// ruled is an object, and the rules that refuse it, as was said by hand.
type ruled struct {
	RefusedBy []string
	Object    map[string]any
}

// judgeRules asks of each case whether a rule's constraint says what was said by hand. A constraint of which no case is, is left
// alone.
func judgeRules(judge *kit.Judge, template, constraint *unstructured.Unstructured, path string) error {
	files, err := filepath.Glob(filepath.Join(os.Getenv("JUDGE_HOME"), "cases", "*.yaml"))
	if err != nil {
		return err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		var cases []ruled
		if err := yaml.Unmarshal(text, &cases); err != nil {
			return err
		}
		refused := func(c ruled) bool { return slices.Contains(c.RefusedBy, constraint.GetName()) }
		if !slices.ContainsFunc(cases, refused) {
			continue
		}
		for _, wanted := range cases {
			object := &unstructured.Unstructured{Object: wanted.Object}
			name := fmt.Sprintf("%s: %s", path, object.GetName())
			said := review(template, constraint, object)
			if refused(wanted) {
				judge.Twin(name, "what a rule refuses", said, object.GetName())
			} else {
				judge.Verdict(name, said)
			}
		}
	}
	return nil
}
