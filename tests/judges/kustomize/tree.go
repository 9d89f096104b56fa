package main

import (
	"errors"
	"fmt"
	"maps"
	"strings"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// tree is a tree of files in memory, so that twins cost nothing and leave nothing.
type tree struct {
	files map[string][]byte
	disk  filesys.FileSystem
	built map[string]result
}

type result struct {
	ids []string
	err error
}

func newTree(files map[string][]byte) *tree {
	files = maps.Clone(files)
	maps.DeleteFunc(files, func(_ string, text []byte) bool { return text == nil })
	disk := filesys.MakeFsInMemory()
	for name, text := range files {
		// The file system in memory makes the folders and has nothing to fail by.
		_ = disk.WriteFile(name, text)
	}
	return &tree{files: files, disk: disk, built: map[string]result{}}
}

// with is a copy of the tree in which some files are other ones.
func (t *tree) with(changes map[string][]byte) *tree {
	files := maps.Clone(t.files)
	maps.Copy(files, changes)
	return newTree(files)
}

// build runs kustomize on a folder and returns the objects that it makes, each as
// GROUP/KIND/NAMESPACE/NAME: the version is no part of an object's identity.
func (t *tree) build(folder string) ([]string, error) {
	if known, ok := t.built[folder]; ok {
		return known.ids, known.err
	}
	ids, err := t.run(folder)
	t.built[folder] = result{ids, err}
	return ids, err
}

func (t *tree) run(folder string) ([]string, error) {
	objects, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(t.disk, folder)
	if err != nil {
		return nil, err
	}
	if objects.Size() == 0 {
		return nil, errors.New("builds nothing")
	}
	var ids []string
	for _, object := range objects.Resources() {
		if object.GetName() == "" {
			return nil, fmt.Errorf("a %s without a name", object.GetKind())
		}
		kind := object.GetGvk()
		ids = append(ids, strings.Join([]string{kind.Group, kind.Kind, object.GetNamespace(), object.GetName()}, "/"))
	}
	if _, err := objects.AsYaml(); err != nil {
		return nil, err
	}
	return ids, nil
}
