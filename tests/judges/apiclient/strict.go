package apiclient

import (
	"context"
	"fmt"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"
)

// Strict is a client for one goroutine, whose applies the API server takes as strictly as it can.
type Strict struct {
	*Client
	warnings *warnings
}

// warnings are what the API server said beside its last answer.
type warnings struct{ said []string }

func (w *warnings) HandleWarningHeader(_ int, _, text string) { w.said = append(w.said, text) }

// ConnectStrict makes one.
func ConnectStrict(config *rest.Config) (*Strict, error) {
	heard := &warnings{}
	config = rest.CopyConfig(config)
	config.WarningHandler = heard
	client, err := Connect(config)
	return &Strict{client, heard}, err
}

// Apply is a server-side apply with strict validation.
func (c *Strict) Apply(object *unstructured.Unstructured, dryRun ...string) error {
	where, err := c.Resource(object.GroupVersionKind(), object.GetNamespace())
	if err != nil {
		return err
	}
	text, err := object.MarshalJSON()
	if err != nil {
		return err
	}
	c.warnings.said = nil
	force := true
	_, err = where.Patch(context.Background(), object.GetName(), types.ApplyPatchType, text, metav1.PatchOptions{
		FieldManager: "judge", FieldValidation: metav1.FieldValidationStrict, Force: &force, DryRun: dryRun,
	})
	return err
}

// ApplyUnwarned is Apply, with every warning a refusal.
func (c *Strict) ApplyUnwarned(object *unstructured.Unstructured, dryRun ...string) error {
	err := c.Apply(object, dryRun...)
	if err == nil && len(c.warnings.said) > 0 {
		err = fmt.Errorf("warning: %s", strings.Join(c.warnings.said, "; "))
	}
	return err
}

// Try is ApplyUnwarned without effect.
func (c *Strict) Try(object *unstructured.Unstructured) error {
	return c.ApplyUnwarned(object, metav1.DryRunAll)
}
