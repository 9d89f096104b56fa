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

// judgeRules puts a cluster's policies in force, where they are those of the rules that the cases are about, and asks the API
// server of each case: it has to say what was said by hand.
func (c *client) judgeRules(judge *kit.Judge, cluster string, taken []good) error {
	var policies []good
	for _, g := range taken {
		if strings.HasPrefix(g.object.GetKind(), "ValidatingAdmissionPolicy") {
			policies = append(policies, g)
		}
	}
	cases, err := readCases()
	if err != nil {
		return err
	}
	for _, wanted := range cases {
		for _, rule := range wanted.RefusedBy {
			if !slices.ContainsFunc(policies, func(g good) bool { return g.object.GetName() == rule }) {
				return nil
			}
		}
	}
	for _, g := range policies {
		if err := c.apply(g.object); err != nil {
			return err
		}
		defer c.remove(g.object)
	}
	for _, name := range []string{"shop", "store"} {
		if err := c.apply(namespace(name)); err != nil {
			return err
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
		if slices.Equal(said, wanted.RefusedBy) || time.Now().After(end) {
			problem := err
			if len(wanted.RefusedBy) > 0 {
				judge.Twin(name, "what a rule refuses", problem, wanted.RefusedBy[0])
				return
			}
			judge.Verdict(name, problem)
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// refusedBy are the policies that an answer names; any other refusal is named as it is.
func refusedBy(err error) []string {
	if err == nil {
		return nil
	}
	const before = "ValidatingAdmissionPolicy '"
	_, rest, found := strings.Cut(err.Error(), before)
	if !found {
		return []string{err.Error()}
	}
	name, _, _ := strings.Cut(rest, "'")
	return []string{name}
}

func readCases() ([]ruled, error) {
	file := filepath.Join(os.Getenv("JUDGE_HOME"), "cases", "objects.yaml")
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
