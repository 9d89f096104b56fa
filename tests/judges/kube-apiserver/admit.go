package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// question is an object that another judge's program asks about, and the namespace it goes to if it names none.
type question struct {
	Object    map[string]any
	Namespace string
}

// answer is what the API server says of it: nothing if it takes it. Unknown is a kind that nobody here knows.
type answer struct {
	Refusal string
	Unknown bool
}

// admit answers another judge's program: JSON in, JSON out, one object after the other, until its input ends.
func admit() error {
	server, err := startServer()
	if err != nil {
		return err
	}
	defer server.stop()
	c, err := connect(server)
	if err != nil {
		return err
	}
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		var q question
		if err := in.Decode(&q); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		a, err := c.answer(q)
		if err != nil {
			return err
		}
		if err := out.Encode(a); err != nil {
			return err
		}
	}
}

func (c *client) answer(q question) (answer, error) {
	object := &unstructured.Unstructured{Object: q.Object}
	kind := object.GroupVersionKind()
	if err := c.know(kind.GroupKind()); err != nil {
		return answer{}, err
	}
	mapping, err := c.Mapping(kind)
	if meta.IsNoMatchError(err) {
		return answer{Unknown: true}, nil
	}
	if err != nil {
		return answer{}, err
	}
	if mapping.Scope.Name() == meta.RESTScopeNameRoot {
		object.SetNamespace("") // Helm doesn't send it either
	} else {
		if object.GetNamespace() == "" {
			object.SetNamespace(q.Namespace)
		}
		if err := c.apply(namespace(object.GetNamespace())); err != nil {
			return answer{}, err
		}
	}
	if err := c.try(object); err != nil {
		return answer{Refusal: err.Error()}, nil
	}
	return answer{}, nil
}

// know installs the definition of a kind, where there is one that isn't installed yet.
func (c *client) know(kind schema.GroupKind) error {
	_, err := c.Mapping(kind.WithVersion(""))
	if !meta.IsNoMatchError(err) {
		return err
	}
	object := &unstructured.Unstructured{}
	object.SetGroupVersionKind(kind.WithVersion("v1"))
	return c.installCRDs([]unit{{objects: []*unstructured.Unstructured{object}}})
}
