package main

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"formwork.dev/judges/kit"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

// unit is one folder of a cluster, built by kustomize as Flux builds it.
type unit struct {
	cluster string
	folder  string
	objects []*unstructured.Unstructured
}

// readUnits builds every folder that has a kustomization.yaml.
func readUnits(judge *kit.Judge) ([]unit, error) {
	var units []unit
	for _, name := range judge.Paths {
		if path.Base(name) != "kustomization.yaml" {
			continue
		}
		u := unit{cluster: strings.Join(strings.SplitN(name, "/", 3)[:2], "/"), folder: path.Dir(name)}
		folder := filepath.Join(judge.Root, filepath.FromSlash(u.folder))
		built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), folder)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", u.folder, err)
		}
		for _, resource := range built.Resources() {
			text, err := resource.AsYAML()
			if err != nil {
				return nil, fmt.Errorf("%s: %w", u.folder, err)
			}
			object, err := parse(text)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", u.folder, err)
			}
			u.objects = append(u.objects, object)
		}
		units = append(units, u)
	}
	return units, nil
}

func parse(text []byte) (*unstructured.Unstructured, error) {
	json, err := yaml.YAMLToJSON(text)
	if err != nil {
		return nil, err
	}
	object := &unstructured.Unstructured{}
	return object, object.UnmarshalJSON(json)
}

func clusters(units []unit) []string {
	var names []string
	for _, u := range units {
		if !slices.Contains(names, u.cluster) {
			names = append(names, u.cluster)
		}
	}
	return names
}

// call is how a report names an object.
func (u unit) call(object *unstructured.Unstructured) string {
	return fmt.Sprintf("%s: %s %s", u.folder, object.GetKind(), strings.TrimPrefix(object.GetNamespace()+"/"+object.GetName(), "/"))
}
