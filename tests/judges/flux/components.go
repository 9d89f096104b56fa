// What components declare: the kinds that each brings, and who makes them.
package main

import (
	"os"
	"path/filepath"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"
)

type component struct {
	name    string
	release string
	crds    []crds
}

// crds are kinds of one group that a component brings.
type crds struct {
	Group  string         `json:"group"`
	MadeBy string         `json:"madeBy"`
	Kinds  map[string]any `json:"kinds"`
	Then   *crds          `json:"$then"`
}

// readComponents reads the library's, and a tree's own beside it.
func readComponents(root string) (map[string]*component, error) {
	found := map[string]*component{}
	for _, folder := range []string{filepath.Join(os.Getenv("JUDGE_HOME"), "components"), filepath.Join(root, "..", "components")} {
		files, err := filepath.Glob(filepath.Join(folder, "*", "component.yaml"))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			var said struct {
				Release  string `json:"release"`
				Declares struct {
					Crds []crds `json:"crds"`
				} `json:"declares"`
			}
			// A component whose facts are expressions through and through declares no kinds here.
			if err := yaml.Unmarshal(text, &said); err != nil {
				continue
			}
			c := &component{name: filepath.Base(filepath.Dir(file)), release: said.Release}
			for _, kinds := range said.Declares.Crds {
				// What holds only under a condition is installed where it is wanted.
				if kinds.Then != nil {
					kinds = *kinds.Then
				}
				c.crds = append(c.crds, kinds)
			}
			found[c.name] = c
		}
	}
	return found, nil
}

// brings lists the kinds that are made by a chart, an operator, an object or a host.
func (c *component) brings(makers ...string) []schema.GroupKind {
	var kinds []schema.GroupKind
	for _, some := range c.crds {
		for _, maker := range makers {
			if some.MadeBy != maker {
				continue
			}
			for kind := range some.Kinds {
				kinds = append(kinds, schema.GroupKind{Group: some.Group, Kind: kind})
			}
		}
	}
	return kinds
}

// maker is the component of a cluster that brings a kind.
func (s *site) maker(kind schema.GroupKind) string {
	for name := range s.installs {
		if c := s.tree.components[name]; c != nil {
			for _, brought := range c.brings("chart", "operator", "object") {
				if brought == kind {
					return name
				}
			}
		}
	}
	return ""
}
