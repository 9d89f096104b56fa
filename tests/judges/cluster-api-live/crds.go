package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	clusterv1 "sigs.k8s.io/cluster-api/api/core/v1beta2"
	"sigs.k8s.io/yaml"
)

var (
	groupLine = regexp.MustCompile(`(?m)^ {1,2}"?group"?: "?([^",\n]+)`)
	kindLine  = regexp.MustCompile(`(?m)^ {2,4}"?kind"?: "?([^",\n]+)`)
)

const infrastructure = "infrastructure.cluster.x-k8s.io"

// definitions are the files that define Cluster API's kinds, and those of machines that are asked for.
func definitions(machines map[schema.GroupKind]string) (map[schema.GroupKind]string, error) {
	found := map[schema.GroupKind]string{}
	folder := filepath.Join(os.Getenv("JUDGE_HOME"), "apiserver")
	files, err := filepath.Glob(filepath.Join(folder, "crds", "*.yaml"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		group, name := groupLine.FindSubmatch(text), kindLine.FindSubmatch(text)
		if group == nil || name == nil || !strings.HasSuffix(string(group[1]), "cluster.x-k8s.io") {
			continue
		}
		kind := schema.GroupKind{Group: string(group[1]), Kind: string(name[1])}
		if machines[kind] != "" || kind.Group != infrastructure && kind.Group != "operator.cluster.x-k8s.io" {
			found[kind] = file
		}
	}
	for kind := range machines {
		if found[kind] == "" {
			found[kind] = filepath.Join(folder, "tables", kind.Kind+"."+kind.Group+".yaml")
		}
	}
	return found, nil
}

// define installs the definitions, as the operator does, and waits until their kinds are served.
func (c *client) define(machines map[schema.GroupKind]string, hooks hooks) error {
	files, err := definitions(machines)
	if err != nil {
		return err
	}
	for kind, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		crd := &object{}
		if err := yaml.Unmarshal(text, &crd.Object); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if err := prepare(crd, kind, machines[kind], hooks); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if err := c.apply(crd); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return c.served(files)
}

// prepare gives a definition what providers ship beside their schemas: the label that says which version keeps the
// contract, conversion, a status that is written apart.
func prepare(crd *object, kind schema.GroupKind, version string, hooks hooks) error {
	unstructured.RemoveNestedField(crd.Object, "status")
	versions, _, err := unstructured.NestedSlice(crd.Object, "spec", "versions")
	if err != nil {
		return err
	}
	for _, item := range versions {
		one := asMap(item)
		with := map[string]any{"status": map[string]any{}}
		maps.Copy(with, asMap(one["subresources"]))
		one["subresources"] = with
	}
	if version == "" {
		version = clusterv1.GroupVersion.Version
	}
	crd.SetLabels(map[string]string{clusterv1.GroupVersion.String(): version})
	if err := unstructured.SetNestedSlice(crd.Object, versions, "spec", "versions"); err != nil {
		return err
	}
	if kind.Group == infrastructure || len(versions) == 1 {
		return nil
	}
	return unstructured.SetNestedMap(crd.Object, map[string]any{
		"strategy": "Webhook",
		"webhook": map[string]any{
			"conversionReviewVersions": []any{"v1"},
			"clientConfig":             hooks.config(hooks.of(kind.Group), "/convert"),
		},
	}, "spec", "conversion")
}

func asMap(value any) map[string]any {
	found, _ := value.(map[string]any)
	return found
}

// served waits until discovery has the kinds, a moment after their definitions.
func (c *client) served(kinds map[schema.GroupKind]string) error {
	for tries := 0; ; tries++ {
		var err error
		for kind := range kinds {
			if _, err = c.kinds.RESTMapping(kind); err != nil {
				c.kinds.Reset()
				break
			}
		}
		if err == nil || tries == 900 {
			return err
		}
		time.Sleep(100 * time.Millisecond)
	}
}
