// Definitions of kinds, installed when somebody brings them and not before.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"formwork.dev/judges/apiclient"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// definitions are the files that define kinds: upstream's own first, then those made from our tables.
var definitions = sync.OnceValues(func() (map[schema.GroupKind]string, error) {
	home := filepath.Join(os.Getenv("JUDGE_HOME"), "apiserver")
	return apiclient.Definitions(filepath.Join(home, "crds"), filepath.Join(home, "tables"))
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
		crd, err := apiclient.ReadDefinition(file)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		errs = append(errs, c.create(crd))
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return c.Served(kinds, 30*time.Second)
}

// create creates a definition that is not there yet.
func (c *client) create(crd *object) error {
	_, err := c.Dynamic.Resource(apiclient.DefinitionResource).Create(ctx, crd, metav1.CreateOptions{})
	if apierrors.IsAlreadyExists(err) {
		return nil
	}
	return err
}
