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
			decrypt(object)
			u.objects = append(u.objects, object)
		}
		units = append(units, u)
	}
	return units, nil
}

// decrypt makes of a sealed object what Flux makes of it before it applies it: its `sops` goes, and so
// does the sealing of each value. What the values were, nobody here can know.
func decrypt(object *unstructured.Unstructured) {
	if _, sealed := object.Object["sops"]; !sealed {
		return
	}
	delete(object.Object, "sops")
	for section, plain := range map[string]string{"data": "c2VhbGVk", "stringData": "sealed"} {
		values, _ := object.Object[section].(map[string]any)
		for key, value := range values {
			if text, ok := value.(string); ok && strings.HasPrefix(text, "ENC[") {
				values[key] = plain
			}
		}
	}
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

// file is where an object of a unit lies.
func (u unit) file(object *unstructured.Unstructured) string {
	return path.Join(u.folder, strings.ToLower(object.GetKind())+"-"+object.GetName()+".yaml")
}
