// The judge's own way to an API server.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"formwork.dev/judges/apiclient"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/yaml"
)

type object = unstructured.Unstructured

type client struct{ *apiclient.Client }

var ctx = context.Background()

func connect(config *rest.Config) (*client, error) {
	shared, err := apiclient.Connect(config)
	return &client{shared}, err
}

func (c *client) apply(o *object) error {
	where, err := c.Resource(o.GroupVersionKind(), o.GetNamespace())
	if err != nil {
		return err
	}
	_, err = where.Apply(ctx, o.GetName(), o, metav1.ApplyOptions{FieldManager: "judge", Force: true})
	return err
}

// get is the object as the API server has it, nil where it has none.
func (c *client) get(o *object) (*object, error) {
	where, err := c.Resource(o.GroupVersionKind(), o.GetNamespace())
	if err != nil {
		return nil, err
	}
	found, err := where.Get(ctx, o.GetName(), metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil, nil
	}
	return found, err
}

// plural is how paths call a kind.
func (c *client) plural(kind schema.GroupVersionKind) (string, error) {
	mapping, err := c.Mapping(kind)
	if err != nil {
		return "", err
	}
	return mapping.Resource.Resource, nil
}

// remove deletes an object and waits until it is gone.
func (c *client) remove(o *object) error {
	where, err := c.Resource(o.GroupVersionKind(), o.GetNamespace())
	if err != nil {
		return err
	}
	if err := where.Delete(ctx, o.GetName(), metav1.DeleteOptions{}); err != nil && !apierrors.IsNotFound(err) {
		return err
	}
	for tries := 0; tries < 100; tries++ {
		if found, err := c.get(o); err != nil || found == nil {
			return err
		}
		time.Sleep(100 * time.Millisecond)
	}
	return fmt.Errorf("%s does not go", id(o))
}

// patch merges a change into an object.
func (c *client) patch(resource schema.GroupVersionResource, o *object, change map[string]any, sub ...string) error {
	text, err := json.Marshal(change)
	if err != nil {
		return err
	}
	var where dynamic.ResourceInterface = c.Dynamic.Resource(resource)
	if o.GetNamespace() != "" {
		where = c.Dynamic.Resource(resource).Namespace(o.GetNamespace())
	}
	_, err = where.Patch(ctx, o.GetName(), types.MergePatchType, text, metav1.PatchOptions{FieldManager: "judge"}, sub...)
	return err
}

// setStatus gives an object a status, also where its kind has none apart.
func (c *client) setStatus(resource schema.GroupVersionResource, o *object, status map[string]any) error {
	err := c.patch(resource, o, map[string]any{"status": status}, "status")
	if apierrors.IsNotFound(err) {
		err = c.patch(resource, o, map[string]any{"status": status})
	}
	return err
}

// list is every object of a kind; none where there is no such kind yet.
func (c *client) list(resource schema.GroupVersionResource) ([]object, error) {
	found, err := c.Dynamic.Resource(resource).List(ctx, metav1.ListOptions{ResourceVersion: "0"})
	if apierrors.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return found.Items, nil
}

func parse(text []byte) (*object, error) {
	json, err := yaml.YAMLToJSON(text)
	if err != nil {
		return nil, err
	}
	o := &object{}
	return o, o.UnmarshalJSON(json)
}

// text is the text at a path in an object, empty where there is none.
func text(o *object, path ...string) string {
	value, _, _ := unstructured.NestedString(o.Object, path...)
	return value
}

// at is what is at a path in an object.
func at(o *object, path ...string) any {
	value, _, _ := unstructured.NestedFieldNoCopy(o.Object, path...)
	return value
}

// condition is a condition of an object: its status, reason and message.
func condition(o *object, kind string) (status, reason, message string) {
	conditions, _, _ := unstructured.NestedSlice(o.Object, "status", "conditions")
	for _, item := range conditions {
		if c, _ := item.(map[string]any); c["type"] == kind {
			status, _ = c["status"].(string)
			reason, _ = c["reason"].(string)
			message, _ = c["message"].(string)
		}
	}
	return
}

// isReady says whether an object is Ready as it is now.
func isReady(o *object) bool {
	status, _, _ := condition(o, "Ready")
	seen, _, _ := unstructured.NestedInt64(o.Object, "status", "observedGeneration")
	return status == "True" && seen == o.GetGeneration()
}

func id(o *object) string {
	if o.GetNamespace() == "" {
		return o.GetKind() + " " + o.GetName()
	}
	return o.GetKind() + " " + o.GetNamespace() + "/" + o.GetName()
}
