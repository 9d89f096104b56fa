package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"

	"formwork.dev/judges/kit"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/yaml"
)

// ruled is an object, and the rules that refuse it, as was said by hand.
type ruled struct {
	RefusedBy []string
	Object    map[string]any
}

// judgeCases asks of each case whether the policy says what was said by hand. A policy of which no case is, is left alone.
func (it found) judgeCases(judge *kit.Judge, asked asked) error {
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
		refused := func(c ruled) bool { return slices.Contains(c.RefusedBy, it.policy.Name) }
		if !slices.ContainsFunc(cases, refused) {
			continue
		}
		for _, wanted := range cases {
			object, err := served(&unstructured.Unstructured{Object: wanted.Object})
			if err != nil {
				return err
			}
			said := asked.review(object)
			if name := it.path + ": " + object.GetName(); refused(wanted) {
				judge.Twin(name, "what a rule refuses", said, it.policy.Name)
			} else {
				judge.Verdict(name, said)
			}
		}
	}
	return nil
}

// served is an object as the API server hands it on: read as its type and written again, so that each quantity is a text.
func served(object *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	typed, err := scheme.Scheme.New(object.GroupVersionKind())
	if err != nil {
		return object, nil // a kind that Kubernetes does not have stays as it is
	}
	raw, err := object.MarshalJSON()
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(raw, typed); err != nil {
		return nil, err
	}
	raw, err = json.Marshal(typed)
	if err != nil {
		return nil, err
	}
	again := &unstructured.Unstructured{}
	return again, again.UnmarshalJSON(raw)
}
