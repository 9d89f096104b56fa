package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"formwork.dev/judges/apiclient"
	"formwork.dev/judges/kit"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// client speaks to the API server as Flux does, but strictly.
type client struct{ *apiclient.Strict }

func connect(s *server) (*client, error) {
	strict, err := apiclient.ConnectStrict(s.config)
	return &client{strict}, err
}

// apply is a server-side apply with strict validation, into a namespace exactly where the kind wants one; a warning
// counts as a refusal.
func (c *client) apply(object *unstructured.Unstructured, dryRun ...string) error {
	mapping, err := c.Mapping(object.GroupVersionKind())
	if err != nil {
		return err
	}
	namespaced := mapping.Scope.Name() == meta.RESTScopeNameNamespace
	switch {
	case namespaced && object.GetNamespace() == "":
		return errors.New("no namespace")
	case !namespaced && object.GetNamespace() != "":
		return errors.New("a namespace on an object that has none")
	}
	return c.ApplyUnwarned(object, dryRun...)
}

func (c *client) try(object *unstructured.Unstructured) error {
	return c.apply(object, metav1.DryRunAll)
}

// judgeCluster applies all objects of a cluster: its namespaces in earnest, as the others need them.
// It returns the objects that were taken.
func (c *client) judgeCluster(judge *kit.Judge, cluster string, units []unit) ([]good, error) {
	// Flux's own namespace is there before Flux: the bootstrap makes it.
	if err := c.apply(namespace("flux-system")); err != nil {
		return nil, err
	}
	var taken []good
	known := namesOf(cluster, units)
	for _, namespaces := range []bool{true, false} {
		for _, u := range units {
			for _, object := range u.objects {
				if u.cluster != cluster || (object.GetKind() == "Namespace") != namespaces {
					continue
				}
				if object.GroupVersionKind().Group == "constraints.gatekeeper.sh" {
					// Its kind is made by a template, and by nobody here.
					judge.Leave(u.file(object), "the kind of a constraint is made by its template")
					continue
				}
				apply := c.try
				if namespaces {
					apply = func(object *unstructured.Unstructured) error { return c.apply(object) }
				}
				err := apply(object)
				if err == nil {
					err = errors.Join(c.serveHealth(object), known.find(object))
				}
				if judge.Verdict(u.call(object), err) {
					taken = append(taken, good{u, object})
				}
			}
		}
	}
	return taken, nil
}

// serveHealth says which kind nobody serves by whose health Flux is told to wait: it would wait for ever, or look at none.
func (c *client) serveHealth(object *unstructured.Unstructured) error {
	for _, kind := range healthKinds(object) {
		if _, err := c.Mapping(kind); err != nil {
			return fmt.Errorf("health of %s: %w", kind.Kind, err)
		}
	}
	return nil
}

// healthKinds are the kinds by whose health a Kustomization of Flux waits.
func healthKinds(object *unstructured.Unstructured) []schema.GroupVersionKind {
	if object.GroupVersionKind().GroupKind().String() != "Kustomization.kustomize.toolkit.fluxcd.io" {
		return nil
	}
	var kinds []schema.GroupVersionKind
	for _, key := range []string{"healthChecks", "healthCheckExprs"} {
		list, _, _ := unstructured.NestedSlice(object.Object, "spec", key)
		for _, item := range list {
			named, _ := item.(map[string]any)
			version, _ := named["apiVersion"].(string)
			kind, _ := named["kind"].(string)
			kinds = append(kinds, schema.FromAPIVersionAndKind(version, kind))
		}
	}
	return kinds
}

// remove takes an object away again; what is gone already is gone.
func (c *client) remove(object *unstructured.Unstructured) {
	if where, err := c.Resource(object.GroupVersionKind(), object.GetNamespace()); err == nil {
		_ = where.Delete(context.Background(), object.GetName(), metav1.DeleteOptions{})
	}
}

// clear removes a cluster's namespaces, so that the next cluster has to bring its own. Nothing runs
// here that would empty them first; they hold nothing.
func (c *client) clear(taken []good) error {
	namespaces := c.Dynamic.Resource(schema.GroupVersionResource{Version: "v1", Resource: "namespaces"})
	for _, g := range taken {
		if g.object.GetKind() != "Namespace" || isSystem(g.object.GetName()) {
			continue
		}
		if err := namespaces.Delete(context.Background(), g.object.GetName(), metav1.DeleteOptions{}); err != nil {
			return err
		}
		object, err := namespaces.Get(context.Background(), g.object.GetName(), metav1.GetOptions{})
		if err != nil {
			return err
		}
		unstructured.RemoveNestedField(object.Object, "spec", "finalizers")
		if _, err := namespaces.Update(context.Background(), object, metav1.UpdateOptions{}, "finalize"); err != nil {
			return err
		}
	}
	return nil
}

// isSystem says whether a namespace is there before Flux: Kubernetes makes it, or the bootstrap.
func isSystem(name string) bool {
	return name == "default" || name == "flux-system" || strings.HasPrefix(name, "kube-")
}

func namespace(name string) *unstructured.Unstructured {
	object := &unstructured.Unstructured{}
	object.SetAPIVersion("v1")
	object.SetKind("Namespace")
	object.SetName(name)
	return object
}

// installCRDs installs the definitions of the kinds that the objects are of or wait for, and no others: upstream's
// own where crds.txt has them, else one made from the table that output was validated with.
func (c *client) installCRDs(units []unit) error {
	home := os.Getenv("JUDGE_HOME")
	files, err := apiclient.Definitions(filepath.Join(home, "crds"), filepath.Join(home, "tables"))
	if err != nil {
		return err
	}
	installed := map[schema.GroupKind]bool{}
	for _, u := range units {
		for _, object := range u.objects {
			for _, kind := range append(healthKinds(object), object.GroupVersionKind()) {
				kind := kind.GroupKind()
				if files[kind] == "" || installed[kind] {
					continue
				}
				if err := c.installCRD(files[kind]); err != nil {
					return fmt.Errorf("%s: %w", files[kind], err)
				}
				installed[kind] = true
			}
		}
	}
	return c.Served(slices.Collect(maps.Keys(installed)), 30*time.Second)
}

func (c *client) installCRD(file string) error {
	crd, err := apiclient.ReadDefinition(file)
	if err != nil {
		return err
	}
	definitions := c.Dynamic.Resource(apiclient.DefinitionResource)
	_, err = definitions.Create(context.Background(), crd, metav1.CreateOptions{})
	return err
}
