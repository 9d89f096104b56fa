package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"formwork.dev/judges/kit"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// ruled is an object, and the rules that refuse it: what the desk says is held to the same by a test of the project's own.
type ruled struct {
	RefusedBy []string
	Object    map[string]any
}

// takesEffect is how long the API server may take to hear of a policy.
const takesEffect = 20 * time.Second

// judgeRules puts a cluster's policies in force, where they are those that a file of cases is about, and asks the API server of
// each case: it has to say what was said by hand.
func (c *client) judgeRules(judge *kit.Judge, cluster string, taken []good) error {
	policies := map[string][]good{} // and their bindings, by name
	for _, g := range taken {
		if strings.HasPrefix(g.object.GetKind(), "ValidatingAdmissionPolicy") {
			policies[g.object.GetName()] = append(policies[g.object.GetName()], g)
		}
	}
	files, err := filepath.Glob(filepath.Join(os.Getenv("JUDGE_HOME"), "cases", "*.yaml"))
	if err != nil {
		return err
	}
	for _, file := range files {
		cases, err := readCases(file)
		if err != nil {
			return err
		}
		if err := c.judgeCases(judge, cluster, cases, policies); err != nil {
			return err
		}
	}
	return nil
}

func (c *client) judgeCases(judge *kit.Judge, cluster string, cases []ruled, policies map[string][]good) error {
	named := map[string]bool{}
	for _, wanted := range cases {
		for _, rule := range wanted.RefusedBy {
			if len(policies[rule]) == 0 {
				return nil
			}
			named[rule] = true
		}
	}
	for _, name := range []string{"shop", "store"} {
		// A policy of the cases before, which stays in force for a moment, asks for the label.
		object := namespace(name)
		object.SetLabels(map[string]string{"pod-security.kubernetes.io/enforce": "baseline"})
		if err := c.apply(object); err != nil {
			return err
		}
	}
	for name := range named {
		for _, g := range policies[name] {
			if err := c.apply(g.object); err != nil {
				return err
			}
			defer c.remove(g.object)
		}
	}
	for _, wanted := range cases {
		c.judgeCase(judge, cluster, wanted)
	}
	return nil
}

// judgeCase asks until the answer is the one that is wanted: policies take effect a little after they are taken.
func (c *client) judgeCase(judge *kit.Judge, cluster string, wanted ruled) {
	object := &unstructured.Unstructured{Object: wanted.Object}
	name := cluster + ": " + object.GetName()
	end := time.Now().Add(takesEffect)
	for {
		err := c.Apply(object.DeepCopy(), "All")
		said := refusedBy(err)
		// Of several policies that refuse it, the API server names one.
		right := said == "" && len(wanted.RefusedBy) == 0 || slices.Contains(wanted.RefusedBy, said)
		if right || time.Now().After(end) {
			if len(wanted.RefusedBy) == 0 {
				judge.Verdict(name, err)
			} else if right {
				judge.Twin(name, "what a rule refuses", err, said)
			} else {
				judge.Twin(name, "what a rule refuses", err, wanted.RefusedBy[0])
			}
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// refusedBy is the policy that an answer names; any other refusal is named as it is.
func refusedBy(err error) string {
	if err == nil {
		return ""
	}
	_, rest, found := strings.Cut(err.Error(), "ValidatingAdmissionPolicy '")
	if !found {
		return err.Error()
	}
	name, _, _ := strings.Cut(rest, "'")
	return name
}

func readCases(file string) ([]ruled, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var cases []ruled
	if err := yaml.Unmarshal(text, &cases); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return cases, nil
}
