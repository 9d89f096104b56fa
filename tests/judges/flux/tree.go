// What a tree says: its clusters, their units and what is in them.
package main

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"formwork.dev/judges/kit"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// tree is a judged folder of generated files.
type tree struct {
	root       string
	components map[string]*component
	clusters   map[string]*cluster
	// founders are the clusters that bring themselves up, sorted; a manager makes the others.
	founders []string
}

type cluster struct {
	name  string
	units map[string]*unit
	// sync is the emitted FluxInstance's: where the tree lies, and where in it.
	sync struct{ url, ref, path, interval, secret string }
	// size and arguments are what the FluxInstance says of the controllers.
	size      string
	arguments []string
}

// unit is one Flux Kustomization and what its folder makes.
type unit struct {
	name          string
	kustomization *object
	needs         []string
	objects       []*object
}

func readTree(judge *kit.Judge) (*tree, error) {
	t := &tree{root: judge.Root, clusters: map[string]*cluster{}}
	var err error
	if t.components, err = readComponents(judge.Root); err != nil {
		return nil, err
	}
	for _, file := range judge.Paths {
		parts := strings.Split(file, "/")
		if len(parts) != 4 || parts[0] != "clusters" || parts[2] != "flux" || parts[3] != "kustomization.yaml" {
			continue
		}
		c, err := readCluster(judge.Root, parts[1])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", parts[1], err)
		}
		t.clusters[c.name] = c
		script, err := judge.Read("bootstrap/" + c.name + "/bootstrap.sh")
		if err != nil {
			return nil, err
		}
		if strings.Contains(string(script), "\nflux() {") {
			t.founders = append(t.founders, c.name)
		}
	}
	slices.Sort(t.founders)
	return t, nil
}

// largest is the founder with the most units: what comes after the first day is tried there.
func (t *tree) largest() string {
	name := ""
	for _, founder := range t.founders {
		if name == "" || len(t.clusters[founder].units) > len(t.clusters[name].units) {
			name = founder
		}
	}
	return name
}

func readCluster(root, name string) (*cluster, error) {
	c := &cluster{name: name, units: map[string]*unit{}}
	objects, err := build(root, path.Join("clusters", name, "flux"))
	if err != nil {
		return nil, err
	}
	for _, o := range objects {
		u := &unit{name: o.GetName(), kustomization: o}
		needs, _ := at(o, "spec", "dependsOn").([]any)
		for _, need := range needs {
			u.needs = append(u.needs, need.(map[string]any)["name"].(string))
		}
		if u.objects, err = build(root, path.Join("clusters", name, u.name)); err != nil {
			return nil, err
		}
		c.units[u.name] = u
	}
	return c, c.readInstance()
}

// readInstance reads the FluxInstance, which the bootstrap applies or the manager.
func (c *cluster) readInstance() error {
	for _, u := range c.units {
		for _, o := range u.objects {
			if o.GetKind() != "FluxInstance" {
				continue
			}
			c.sync.url, c.sync.ref = text(o, "spec", "sync", "url"), text(o, "spec", "sync", "ref")
			c.sync.path, c.sync.interval = text(o, "spec", "sync", "path"), text(o, "spec", "sync", "interval")
			c.sync.secret = text(o, "spec", "sync", "pullSecret")
			c.size = text(o, "spec", "cluster", "size")
			c.arguments = patchedArguments(o, "kustomize-controller")
			if c.sync.url == "" {
				// It follows nothing yet: the judge names a repository, as its user will.
				c.sync.url, c.sync.ref, c.sync.interval = "https://git.judge.example.org/tree.git", "refs/heads/main", "1m"
				c.sync.path = path.Join(path.Dir(text(c.units["namespaces"].kustomization, "spec", "path")), "flux")
			}
			return nil
		}
	}
	return fmt.Errorf("no FluxInstance")
}

// prefix is the tree's folder in its repository.
func (c *cluster) prefix() string {
	return strings.Trim(strings.TrimSuffix(strings.TrimPrefix(c.sync.path, "./"), "clusters/"+c.name+"/flux"), "/")
}

// build is what kustomize makes of a folder.
func build(root, folder string) ([]*object, error) {
	folder = filepath.Join(root, filepath.FromSlash(folder))
	if _, err := os.Stat(folder); err != nil {
		return nil, err
	}
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), folder)
	if err != nil {
		return nil, err
	}
	var objects []*object
	for _, resource := range built.Resources() {
		text, err := resource.AsYAML()
		if err != nil {
			return nil, err
		}
		o, err := parse(text)
		if err != nil {
			return nil, err
		}
		objects = append(objects, o)
	}
	return objects, nil
}

// checked are the objects that a unit's health checks name.
func (u *unit) checked() []*object {
	var found []*object
	checks, _ := at(u.kustomization, "spec", "healthChecks").([]any)
	for _, check := range checks {
		c := check.(map[string]any)
		o := &object{Object: map[string]any{"apiVersion": c["apiVersion"], "kind": c["kind"]}}
		o.SetName(c["name"].(string))
		if namespace, ok := c["namespace"].(string); ok {
			o.SetNamespace(namespace)
		}
		found = append(found, o)
	}
	return found
}

// path is the longest chain of units that need each other.
func (c *cluster) path(name string) []string {
	var longest []string
	for _, need := range c.units[name].needs {
		if c.units[need] == nil {
			continue
		}
		if chain := c.path(need); len(chain) > len(longest) {
			longest = chain
		}
	}
	return append(slices.Clone(longest), name)
}
