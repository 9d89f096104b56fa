// Definitions of kinds, installed when somebody brings them and not before.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var (
	crdResource = schema.GroupVersionResource{Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions"}
	groupLine   = regexp.MustCompile(`(?m)^ {1,2}"?group"?: "?([^",\n]+)`)
	kindLine    = regexp.MustCompile(`(?m)^ {2,4}"?kind"?: "?([^",\n]+)`)
)

// definitions are the files that define kinds: upstream's own first, then those made from our tables.
var definitions = sync.OnceValues(func() (map[schema.GroupKind]string, error) {
	found := map[schema.GroupKind]string{}
	for _, folder := range []string{"crds", "tables"} {
		files, err := filepath.Glob(filepath.Join(os.Getenv("JUDGE_HOME"), "apiserver", folder, "*.yaml"))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			group, kind := groupLine.FindSubmatch(text), kindLine.FindSubmatch(text)
			if group == nil || kind == nil {
				continue // what comes beside definitions
			}
			key := schema.GroupKind{Group: string(group[1]), Kind: string(kind[1])}
			if found[key] == "" {
				found[key] = file
			}
		}
	}
	return found, nil
})

// define installs the definitions of kinds and waits until they are served.
func (c *client) define(kinds []schema.GroupKind) error {
	files, err := definitions()
	if err != nil {
		return err
	}
	var errs []error
	for _, kind := range kinds {
		file := files[kind]
		if file == "" {
			errs = append(errs, fmt.Errorf("no definition of %s is at hand", kind))
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		crd, err := parse(text)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		errs = append(errs, c.create(crd))
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return c.served(kinds)
}

// create creates a definition that is not there yet.
func (c *client) create(crd *object) error {
	unstructured.RemoveNestedField(crd.Object, "status")
	_, err := c.dynamic.Resource(crdResource).Create(ctx, crd, metav1.CreateOptions{})
	if apierrors.IsAlreadyExists(err) {
		return nil
	}
	return err
}

// served waits until discovery has the kinds, a moment after their definitions.
func (c *client) served(kinds []schema.GroupKind) error {
	for tries := 0; ; tries++ {
		var err error
		c.lock.Lock()
		for _, kind := range kinds {
			if _, err = c.kinds.RESTMapping(kind); err != nil {
				c.kinds.Reset()
				break
			}
		}
		c.lock.Unlock()
		if err == nil || tries == 300 {
			return err
		}
		time.Sleep(100 * time.Millisecond)
	}
}
