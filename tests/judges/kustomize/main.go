// The kustomize judge: every folder of a tree is built as `kubectl kustomize` and Flux would.
package main

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"formwork.dev/judges/kit"
	"go.yaml.in/yaml/v3"
)

const (
	module = "sigs.k8s.io/kustomize/api"
	file   = "kustomization.yaml"
)

func main() {
	kit.Main(func() string { return "kustomize API " + kit.Version(module) }, run)
}

func run(judge *kit.Judge) error {
	files := map[string][]byte{}
	for _, name := range judge.Paths {
		text, err := judge.Read(name)
		if err != nil {
			return err
		}
		files[name] = text
	}
	tree := newTree(files)
	var good []string
	for _, folder := range folders(judge.Paths) {
		if judge.Verdict(folder, tree.check(folder)) {
			good = append(good, folder)
		}
	}
	for _, cluster := range clusters(good) {
		judge.Verdict(cluster+" (all units)", tree.checkOwners(cluster, good))
	}
	return twins(judge, files, good)
}

// folders are those that hold YAML files: each is a unit, so each needs its kustomization.
func folders(paths []string) []string {
	var found []string
	for _, name := range paths {
		if path.Ext(name) == ".yaml" && !slices.Contains(found, path.Dir(name)) {
			found = append(found, path.Dir(name))
		}
	}
	return found
}

// clusters are the folders of clusters/: each is read by one cluster's Flux.
func clusters(units []string) []string {
	var found []string
	for _, unit := range units {
		parts := strings.Split(unit, "/")
		if cluster := strings.Join(parts[:min(2, len(parts))], "/"); !slices.Contains(found, cluster) {
			found = append(found, cluster)
		}
	}
	return found
}

// kustomization is the little of a kustomization.yaml that a folder is held to.
type kustomization struct {
	Resources []string `yaml:"resources"`
}

func (k kustomization) lists(name string) bool { return slices.Contains(k.Resources, name) }

// check builds one folder; every object file in it has to be listed, or it would never be applied.
func (t *tree) check(folder string) error {
	text, ok := t.files[path.Join(folder, file)]
	if !ok {
		return errors.New("no " + file)
	}
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil {
		return err
	}
	listed := scalars(&root)
	for name := range t.files {
		base := path.Base(name)
		if path.Dir(name) == folder && path.Ext(base) == ".yaml" && base != file && !slices.Contains(listed, base) {
			return fmt.Errorf("%s is not listed in %s", base, file)
		}
	}
	_, err := t.build(folder)
	return errors.Join(err, t.checkMetadata(folder))
}

// scalars are all the words of a kustomization: resources, patches, files of generators (`key=file`).
func scalars(node *yaml.Node) []string {
	if node.Kind == yaml.ScalarNode {
		return append(strings.SplitN(node.Value, "=", 2), strings.TrimPrefix(node.Value, "./"))
	}
	var found []string
	for _, inner := range node.Content {
		found = append(found, scalars(inner)...)
	}
	return found
}

// checkOwners sees that no object is in two folders of a cluster: one unit, one owner.
func (t *tree) checkOwners(cluster string, units []string) error {
	owner := map[string]string{}
	for _, unit := range units {
		if !strings.HasPrefix(unit+"/", cluster+"/") || t.within(unit) {
			continue
		}
		ids, err := t.build(unit)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if other, taken := owner[id]; taken {
				return fmt.Errorf("%s is in %s and in %s", id, path.Base(other), path.Base(unit))
			}
			owner[id] = unit
		}
	}
	return nil
}

// within says whether another folder's kustomization takes this one in.
func (t *tree) within(unit string) bool {
	var parent kustomization
	if err := yaml.Unmarshal(t.files[path.Join(path.Dir(unit), file)], &parent); err != nil {
		return false
	}
	return parent.lists(path.Base(unit)) || parent.lists("./"+path.Base(unit))
}
