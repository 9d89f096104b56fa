package main

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"slices"

	"formwork.dev/judges/kit"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/cluster-api/exp/topology/scope"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"
)

// rendering is a cluster for another judge's program: what it is made of, what is made of it, and how many machines
// were promised.
type rendering struct {
	Path    string                       `json:"path"`
	Planes  int64                        `json:"planes"`
	Workers int64                        `json:"workers"`
	Sources []*unstructured.Unstructured `json:"sources"`
	Made    []*unstructured.Unstructured `json:"made"`
	// Problem is why nothing could be made of it.
	Problem string `json:"problem,omitempty"`
}

// render writes a line of JSON for each cluster of a tree, whose paths come on standard input.
func render(root string) error {
	judge := &kit.Judge{Root: root}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		judge.Paths = append(judge.Paths, lines.Text())
	}
	if err := lines.Err(); err != nil {
		return err
	}
	bundles, err := gather(judge)
	if err != nil {
		return err
	}
	out := json.NewEncoder(os.Stdout)
	for _, one := range bundles {
		made := rendering{Path: one.path}
		if err := made.fill(one.docs); err != nil {
			made.Problem = err.Error()
		}
		if err := out.Encode(made); err != nil {
			return err
		}
	}
	return nil
}

func (r *rendering) fill(docs kit.Docs) error {
	var err error
	if r.Sources, err = decode(docs); err != nil {
		return err
	}
	// The engine writes into what it is given.
	given, err := decode(docs)
	if err != nil {
		return err
	}
	desk, err := newDesk(given)
	if err != nil {
		return err
	}
	planes, workers, err := read(desk.cluster.Annotations[promised])
	if err != nil {
		return err
	}
	r.Planes, r.Workers = planes.count, workers.count
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	state, err := desk.plan(ctx)
	if err != nil {
		return err
	}
	for _, object := range objectsOf(state) {
		made, err := desk.applied(object)
		if err != nil {
			return err
		}
		r.Made = append(r.Made, made)
	}
	return nil
}

// objectsOf are all objects that the topology controller would apply for a cluster.
func objectsOf(state *scope.ClusterState) []client.Object {
	objects := []client.Object{
		state.Cluster, state.InfrastructureCluster, state.ControlPlane.Object, state.ControlPlane.InfrastructureMachineTemplate,
	}
	if check := state.ControlPlane.MachineHealthCheck; check != nil {
		objects = append(objects, check)
	}
	var names []string
	for name := range state.MachineDeployments {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		one := state.MachineDeployments[name]
		objects = append(objects, one.Object, one.BootstrapTemplate, one.InfrastructureMachineTemplate)
		if one.MachineHealthCheck != nil {
			objects = append(objects, one.MachineHealthCheck)
		}
	}
	return objects
}

// applied is an object as it is sent to an API server: without what only that writes.
func (d *desk) applied(object client.Object) (*unstructured.Unstructured, error) {
	kind, err := apiutil.GVKForObject(object, d.scheme)
	if err != nil {
		return nil, err
	}
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(object)
	if err != nil {
		return nil, err
	}
	made := &unstructured.Unstructured{Object: content}
	made.SetGroupVersionKind(kind)
	delete(made.Object, "status")
	for _, field := range []string{"uid", "resourceVersion", "generation", "creationTimestamp", "managedFields"} {
		unstructured.RemoveNestedField(made.Object, "metadata", field)
	}
	return made, nil
}
