package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"formwork.dev/judges/kit"
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

var crdResource = schema.GroupVersionResource{Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions"}

// client speaks to the API server as Flux does, but strictly.
type client struct {
	dynamic  dynamic.Interface
	kinds    *restmapper.DeferredDiscoveryRESTMapper
	warnings *warnings
}

// warnings are what the API server said beside its last answers.
type warnings struct{ said []string }

func (w *warnings) HandleWarningHeader(_ int, _, text string) { w.said = append(w.said, text) }

func connect(s *server) (*client, error) {
	c := &client{warnings: &warnings{}}
	config := rest.CopyConfig(s.config)
	config.WarningHandler = c.warnings
	var err error
	if c.dynamic, err = dynamic.NewForConfig(config); err != nil {
		return nil, err
	}
	discover, err := discovery.NewDiscoveryClientForConfig(s.config)
	if err != nil {
		return nil, err
	}
	c.kinds = restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(discover))
	return c, nil
}

// apply is a server-side apply with strict validation; a warning counts as a refusal.
func (c *client) apply(object *unstructured.Unstructured, dryRun ...string) error {
	kind := object.GroupVersionKind()
	mapping, err := c.kinds.RESTMapping(kind.GroupKind(), kind.Version)
	if err != nil {
		return err
	}
	text, err := object.MarshalJSON()
	if err != nil {
		return err
	}
	var resource dynamic.ResourceInterface = c.dynamic.Resource(mapping.Resource)
	if mapping.Scope.Name() == meta.RESTScopeNameNamespace {
		if object.GetNamespace() == "" {
			return errors.New("no namespace")
		}
		resource = c.dynamic.Resource(mapping.Resource).Namespace(object.GetNamespace())
	} else if object.GetNamespace() != "" {
		return errors.New("a namespace on an object that has none")
	}
	c.warnings.said = nil
	force := true
	_, err = resource.Patch(context.Background(), object.GetName(), types.ApplyPatchType, text, metav1.PatchOptions{
		FieldManager: "judge", FieldValidation: metav1.FieldValidationStrict, Force: &force, DryRun: dryRun,
	})
	if err == nil && len(c.warnings.said) > 0 {
		err = fmt.Errorf("warning: %s", strings.Join(c.warnings.said, "; "))
	}
	return err
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
				if judge.Verdict(u.call(object), apply(object)) {
					taken = append(taken, good{u, object})
				}
			}
		}
	}
	return taken, nil
}

// clear removes a cluster's namespaces, so that the next cluster has to bring its own. Nothing runs
// here that would empty them first; they hold nothing.
func (c *client) clear(taken []good) error {
	namespaces := c.dynamic.Resource(schema.GroupVersionResource{Version: "v1", Resource: "namespaces"})
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

// installCRDs installs the definitions of the kinds that the objects are of, and no others: upstream's
// own where crds.txt has them, else one made from the table that output was validated with.
func (c *client) installCRDs(units []unit) error {
	wanted := map[schema.GroupKind]bool{}
	for _, u := range units {
		for _, object := range u.objects {
			wanted[object.GroupVersionKind().GroupKind()] = true
		}
	}
	var installed []schema.GroupKind
	for _, folder := range []string{"crds", "tables"} {
		files, err := filepath.Glob(filepath.Join(os.Getenv("JUDGE_HOME"), folder, "*.yaml"))
		if err != nil {
			return err
		}
		for _, file := range files {
			kind, err := c.installCRD(file, wanted)
			if err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
			if kind != nil {
				installed = append(installed, *kind)
				delete(wanted, *kind)
			}
		}
	}
	return c.waitServed(installed)
}

// installCRD installs one definition if its kind is wanted, and returns the kind then.
func (c *client) installCRD(file string, wanted map[schema.GroupKind]bool) (*schema.GroupKind, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	crd, err := parse(text)
	if err != nil {
		return nil, err
	}
	group, _, _ := unstructured.NestedString(crd.Object, "spec", "group")
	name, _, _ := unstructured.NestedString(crd.Object, "spec", "names", "kind")
	kind := schema.GroupKind{Group: group, Kind: name}
	if !wanted[kind] {
		return nil, nil
	}
	unstructured.RemoveNestedField(crd.Object, "status")
	_, err = c.dynamic.Resource(crdResource).Create(context.Background(), crd, metav1.CreateOptions{})
	return &kind, err
}

// waitServed waits until the API server has each kind in its discovery, a moment after its CRD.
func (c *client) waitServed(kinds []schema.GroupKind) error {
	for _, kind := range kinds {
		for tries := 0; ; tries++ {
			c.kinds.Reset()
			_, err := c.kinds.RESTMapping(kind)
			if err == nil {
				break
			}
			if tries == 300 {
				return err
			}
			time.Sleep(100 * time.Millisecond)
		}
	}
	return nil
}
