package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"formwork.dev/judges/kit"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"
)

// cluster is what the judge `cluster-api` makes of one: what it is made of, all that its topology engine makes of it,
// and how many machines were promised.
type cluster struct {
	Path            string
	Planes, Workers int64
	Sources, Made   []*object
	Problem         string
}

// managing is a cluster that makes others, with the feature gates that its providers are emitted with, by their kind.
type managing struct {
	clusters []*cluster
	gates    map[string]string
}

// readTree finds the clusters that make others.
func readTree(judge *kit.Judge) ([]*managing, error) {
	clusters, err := render(judge)
	if err != nil {
		return nil, err
	}
	found := map[string]*managing{}
	for _, one := range clusters {
		if one.Problem != "" {
			judge.Leave(one.Path, "the judge cluster-api says why nothing is made of it")
			continue
		}
		folder := filepath.Dir(filepath.Dir(one.Path))
		if found[folder] == nil {
			found[folder] = &managing{gates: map[string]string{}}
			for _, provider := range []string{"CoreProvider", "ControlPlaneProvider"} {
				if found[folder].gates[provider], err = gates(judge, folder, provider); err != nil {
					return nil, err
				}
			}
		}
		found[folder].clusters = append(found[folder].clusters, one)
	}
	var all []*managing
	for _, folder := range slices.Sorted(maps.Keys(found)) {
		all = append(all, found[folder])
	}
	return all, nil
}

// render asks the judge `cluster-api` for the clusters of a tree.
func render(judge *kit.Judge) ([]*cluster, error) {
	engine := exec.Command(filepath.Join(os.Getenv("JUDGE_HOME"), "engine", "judge"), "render", judge.Root)
	engine.Stdin = strings.NewReader(strings.Join(judge.Paths, "\n") + "\n")
	engine.Stderr = os.Stderr
	answer, err := engine.Output()
	if err != nil {
		return nil, fmt.Errorf("the topology engine: %w", err)
	}
	var clusters []*cluster
	lines := json.NewDecoder(bytes.NewReader(answer))
	for {
		one := &cluster{}
		if err := lines.Decode(one); errors.Is(err, io.EOF) {
			return clusters, nil
		} else if err != nil {
			return nil, err
		}
		clusters = append(clusters, one)
	}
}

// source is the emitted object of a kind.
func (c *cluster) source(kind string) *object {
	for _, one := range c.Sources {
		if one.GetKind() == kind {
			return one
		}
	}
	return &object{}
}

// size is what clusters that are alike have in common.
func (c *cluster) size() string {
	cluster := c.source("Cluster")
	return text(cluster, "spec", "topology", "classRef", "name") + " " + cluster.GetAnnotations()["formwork.dev/size"]
}

// machines are the kinds of infrastructure, of templates and of what is made of them, each with its version.
func (m *managing) machines() map[schema.GroupKind]string {
	found := map[schema.GroupKind]string{}
	for _, c := range m.clusters {
		for _, one := range c.Sources {
			kind := one.GroupVersionKind()
			if kind.Group != infrastructure {
				continue
			}
			found[kind.GroupKind()] = kind.Version
			kind.Kind = strings.TrimSuffix(kind.Kind, "Template")
			found[kind.GroupKind()] = kind.Version
		}
	}
	return found
}

// gates are the feature gates that a cluster's provider of a kind is emitted with, as a manager takes them.
func gates(judge *kit.Judge, folder, provider string) (string, error) {
	found := map[string]bool{}
	for _, path := range judge.Paths {
		if !strings.HasPrefix(path, folder+"/") || !strings.HasPrefix(filepath.Base(path), strings.ToLower(provider)+"-") {
			continue
		}
		content, err := judge.Read(path)
		if err != nil {
			return "", err
		}
		one := &object{}
		if err := yaml.Unmarshal(content, &one.Object); err != nil {
			return "", fmt.Errorf("%s: %w", path, err)
		}
		gates, _, _ := unstructured.NestedMap(one.Object, "spec", "manager", "featureGates")
		for name, on := range gates {
			found[fmt.Sprintf("%s=%v", name, on)] = true
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(found)), ","), nil
}

// text is the text at a path in an object, empty where there is none.
func text(o *object, path ...string) string {
	value, _, _ := unstructured.NestedString(o.Object, path...)
	return value
}

// number is the number at a path in an object, -1 where there is none.
func number(o *object, path ...string) int64 {
	if value, found, err := unstructured.NestedInt64(o.Object, path...); found && err == nil {
		return value
	}
	return -1
}
