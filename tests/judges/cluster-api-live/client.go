// The judge's own way to the API server.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
)

type object = unstructured.Unstructured

// client is for one goroutine.
type client struct {
	dynamic  dynamic.Interface
	kinds    *restmapper.DeferredDiscoveryRESTMapper
	warnings *warnings
}

// warnings are what the API server said beside its last answer.
type warnings struct{ said []string }

func (w *warnings) HandleWarningHeader(_ int, _, text string) { w.said = append(w.said, text) }

func connect(config *rest.Config) (*client, error) {
	c := &client{warnings: &warnings{}}
	config = rest.CopyConfig(config)
	config.WarningHandler = c.warnings
	var err error
	if c.dynamic, err = dynamic.NewForConfig(config); err != nil {
		return nil, err
	}
	discover, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return nil, err
	}
	c.kinds = restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(discover))
	return c, nil
}

// resource is where objects of a kind are.
func (c *client) resource(kind schema.GroupVersionKind, namespace string) (dynamic.ResourceInterface, error) {
	var versions []string
	if kind.Version != "" {
		versions = []string{kind.Version}
	}
	mapping, err := c.kinds.RESTMapping(kind.GroupKind(), versions...)
	if meta.IsNoMatchError(err) {
		c.kinds.Reset()
		mapping, err = c.kinds.RESTMapping(kind.GroupKind(), versions...)
	}
	if err != nil {
		return nil, err
	}
	if mapping.Scope.Name() == meta.RESTScopeNameNamespace {
		return c.dynamic.Resource(mapping.Resource).Namespace(namespace), nil
	}
	return c.dynamic.Resource(mapping.Resource), nil
}

// apply is a server-side apply with strict validation.
func (c *client) apply(o *object, dryRun ...string) error {
	where, err := c.resource(o.GroupVersionKind(), o.GetNamespace())
	if err != nil {
		return err
	}
	text, err := o.MarshalJSON()
	if err != nil {
		return err
	}
	c.warnings.said = nil
	force := true
	_, err = where.Patch(context.Background(), o.GetName(), types.ApplyPatchType, text, metav1.PatchOptions{
		FieldManager: "judge", FieldValidation: metav1.FieldValidationStrict, Force: &force, DryRun: dryRun,
	})
	return err
}

// strictly is apply, with every warning a refusal.
func (c *client) strictly(o *object, dryRun ...string) error {
	err := c.apply(o, dryRun...)
	if err == nil && len(c.warnings.said) > 0 {
		err = fmt.Errorf("warning: %s", strings.Join(c.warnings.said, "; "))
	}
	return err
}

func (c *client) try(o *object) error { return c.strictly(o, metav1.DryRunAll) }

// get is an object as the API server has it, nil where it has none.
func (c *client) get(kind schema.GroupVersionKind, namespace, name string) (*object, error) {
	where, err := c.resource(kind, namespace)
	if err != nil {
		return nil, err
	}
	found, err := where.Get(context.Background(), name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil, nil
	}
	return found, err
}

// current is an object as the API server has it now.
func (c *client) current(o *object) (*object, error) {
	found, err := c.get(o.GroupVersionKind(), o.GetNamespace(), o.GetName())
	if err == nil && found == nil {
		err = errors.New("it is not there")
	}
	return found, err
}

// list are the objects of a kind that bear a label, of all namespaces if none is named.
func (c *client) list(kind schema.GroupVersionKind, namespace, label string) ([]object, error) {
	where, err := c.resource(kind, namespace)
	if err != nil {
		return nil, err
	}
	found, err := where.List(context.Background(), metav1.ListOptions{LabelSelector: label})
	if err != nil {
		return nil, err
	}
	return found.Items, nil
}

// setStatus merges into an object's status.
func (c *client) setStatus(o *object, status map[string]any) error {
	where, err := c.resource(o.GroupVersionKind(), o.GetNamespace())
	if err != nil {
		return err
	}
	text, err := json.Marshal(map[string]any{"status": status})
	if err != nil {
		return err
	}
	_, err = where.Patch(context.Background(), o.GetName(), types.MergePatchType, text, metav1.PatchOptions{}, "status")
	return err
}

// condition says why a condition of an object as it is now is not True; nil where it is.
func condition(o *object, kind string) error {
	conditions, _, _ := unstructured.NestedSlice(o.Object, "status", "conditions")
	for _, item := range conditions {
		c, _ := item.(map[string]any)
		if c["type"] != kind {
			continue
		}
		if seen, _ := c["observedGeneration"].(int64); seen != o.GetGeneration() {
			return fmt.Errorf("%s: not of the present generation", kind)
		}
		if c["status"] != "True" {
			return &unmet{kind, fmt.Sprint(c["status"]), fmt.Sprintf("%v: %v", c["reason"], c["message"])}
		}
		return nil
	}
	return errors.New(kind + ": not there")
}

// unmet is a condition that was reported, and not True.
type unmet struct{ kind, status, why string }

func (u *unmet) Error() string { return u.kind + " is " + u.status + ": " + u.why }
