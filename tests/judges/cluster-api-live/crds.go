package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"formwork.dev/judges/apiclient"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	clusterv1 "sigs.k8s.io/cluster-api/api/core/v1beta2"
)

const infrastructure = "infrastructure.cluster.x-k8s.io"

// definitions are the files that define Cluster API's kinds, and those of machines that are asked for.
func definitions(machines map[schema.GroupKind]string) (map[schema.GroupKind]string, error) {
	folder := filepath.Join(os.Getenv("JUDGE_HOME"), "apiserver")
	all, err := apiclient.Definitions(filepath.Join(folder, "crds"))
	if err != nil {
		return nil, err
	}
	found := map[schema.GroupKind]string{}
	for kind, file := range all {
		if !strings.HasSuffix(kind.Group, "cluster.x-k8s.io") {
			continue
		}
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
		crd, err := apiclient.ReadDefinition(file)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if err := prepare(crd, kind, machines[kind], hooks); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if err := c.Apply(crd); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return c.Served(slices.Collect(maps.Keys(files)), 90*time.Second)
}

// prepare gives a definition what providers ship beside their schemas: the label that says which version keeps the
// contract, conversion, a status that is written apart.
func prepare(crd *object, kind schema.GroupKind, version string, hooks hooks) error {
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
