// The judge's own way to the API server.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"formwork.dev/judges/apiclient"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"
)

type object = unstructured.Unstructured

// client is for one goroutine.
type client struct{ *apiclient.Strict }

func connect(config *rest.Config) (*client, error) {
	strict, err := apiclient.ConnectStrict(config)
	return &client{strict}, err
}

// get is an object as the API server has it, nil where it has none.
func (c *client) get(kind schema.GroupVersionKind, namespace, name string) (*object, error) {
	where, err := c.Resource(kind, namespace)
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
	where, err := c.Resource(kind, namespace)
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
	where, err := c.Resource(o.GroupVersionKind(), o.GetNamespace())
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
