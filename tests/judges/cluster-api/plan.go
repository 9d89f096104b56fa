package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/utils/ptr"
	clusterv1 "sigs.k8s.io/cluster-api/api/core/v1beta2"
	"sigs.k8s.io/cluster-api/controllers/clustercache"
	"sigs.k8s.io/cluster-api/core/webhooks/admission"
	"sigs.k8s.io/cluster-api/exp/topology/desiredstate"
	"sigs.k8s.io/cluster-api/exp/topology/scope"
	"sigs.k8s.io/cluster-api/util/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
)

// desk is Cluster API without an API server: its client reads what it was given, its admission and
// its topology engine are the real ones.
type desk struct {
	scheme    *runtime.Scheme
	class     *clusterv1.ClusterClass
	cluster   *clusterv1.Cluster
	templates map[string]*unstructured.Unstructured
	crds      map[schema.GroupKind]*apiextensionsv1.CustomResourceDefinition
}

// noCache says that the cluster can't be reached: it does not exist yet.
type noCache struct{ clustercache.ClusterCache }

func (noCache) GetReader(context.Context, client.ObjectKey) (client.Reader, error) {
	return nil, clustercache.ErrClusterNotConnected
}

// newDesk takes a class, its templates and a cluster, strictly.
func newDesk(objects []*unstructured.Unstructured) (*desk, error) {
	d := &desk{
		scheme:    runtime.NewScheme(),
		templates: map[string]*unstructured.Unstructured{},
		crds:      map[schema.GroupKind]*apiextensionsv1.CustomResourceDefinition{},
	}
	for _, add := range []func(*runtime.Scheme) error{clusterv1.AddToScheme, apiextensionsv1.AddToScheme, corev1.AddToScheme} {
		if err := add(d.scheme); err != nil {
			return nil, err
		}
	}
	for _, object := range objects {
		kind := object.GroupVersionKind()
		switch {
		case kind == clusterv1.GroupVersion.WithKind("ClusterClass"):
			d.class = &clusterv1.ClusterClass{}
			if err := strictly(object, d.class); err != nil {
				return nil, err
			}
		case kind == clusterv1.GroupVersion.WithKind("Cluster"):
			d.cluster = &clusterv1.Cluster{}
			if err := strictly(object, d.cluster); err != nil {
				return nil, err
			}
		case strings.HasSuffix(kind.Kind, "Template"):
			d.templates[key(kind.GroupKind(), object.GetNamespace(), object.GetName())] = object
			d.define(kind)
			kind.Kind = strings.TrimSuffix(kind.Kind, "Template")
			d.define(kind)
		default:
			return nil, fmt.Errorf("%s is nothing that a class is made of", kind)
		}
	}
	if d.class == nil || d.cluster == nil {
		return nil, fmt.Errorf("no class or no cluster among %d objects", len(objects))
	}
	return d, nil
}

// strictly converts and refuses what the type does not know.
func strictly(object *unstructured.Unstructured, into any) error {
	if err := runtime.DefaultUnstructuredConverter.FromUnstructuredWithValidation(object.Object, into, true); err != nil {
		return fmt.Errorf("%s %s: %w", object.GetKind(), object.GetName(), err)
	}
	return nil
}

func key(kind schema.GroupKind, namespace, name string) string {
	return kind.String() + "/" + namespace + "/" + name
}

// define makes the definition of a kind, as far as Cluster API reads it: the contract that it keeps.
func (d *desk) define(kind schema.GroupVersionKind) {
	plural := strings.ToLower(kind.Kind) + "s"
	d.crds[kind.GroupKind()] = &apiextensionsv1.CustomResourceDefinition{
		ObjectMeta: metav1.ObjectMeta{
			Name:   plural + "." + kind.Group,
			Labels: map[string]string{"cluster.x-k8s.io/v1beta2": kind.Version},
		},
		Spec: apiextensionsv1.CustomResourceDefinitionSpec{
			Group: kind.Group,
			Names: apiextensionsv1.CustomResourceDefinitionNames{Kind: kind.Kind, Plural: plural},
		},
	}
}

// plan is what the topology controller would make of the cluster, after admission has taken both.
func (d *desk) plan(ctx context.Context) (*scope.ClusterState, error) {
	d.observed()
	builder := fake.NewClientBuilder().WithScheme(d.scheme).WithObjects(d.class).
		WithIndex(&clusterv1.Cluster{}, "spec.topology.classRef", func(object client.Object) []string {
			return []string{object.(*clusterv1.Cluster).GetClassKey().String()}
		})
	for _, crd := range d.crds {
		builder = builder.WithObjects(crd)
	}
	reader := builder.Build()
	if _, err := (&admission.ClusterClass{Client: reader}).ValidateCreate(ctx, d.class); err != nil {
		return nil, fmt.Errorf("class: %w", err)
	}
	webhook := &admission.Cluster{Client: reader, ClusterCacheReader: noCache{}}
	if err := webhook.Default(ctx, d.cluster); err != nil {
		return nil, fmt.Errorf("cluster: %w", err)
	}
	if _, err := webhook.ValidateCreate(ctx, d.cluster); err != nil {
		return nil, fmt.Errorf("cluster: %w", err)
	}
	engine, err := desiredstate.NewGenerator(reader, noCache{}, nil,
		cache.New[cache.HookEntry](ctx, time.Minute),
		cache.New[desiredstate.GenerateUpgradePlanCacheEntry](ctx, time.Minute))
	if err != nil {
		return nil, err
	}
	blueprint, err := d.blueprint()
	if err != nil {
		return nil, err
	}
	d.cluster.UID = "00000000-0000-0000-0000-000000000001"
	made := scope.New(d.cluster.DeepCopy())
	made.Current.ControlPlane = &scope.ControlPlaneState{}
	made.Blueprint = blueprint
	return engine.Generate(ctx, made)
}

// observed writes what the controller of classes does before clusters may use one.
func (d *desk) observed() {
	d.class.Generation = 1
	d.class.Status.ObservedGeneration = 1
	for _, variable := range d.class.Spec.Variables {
		d.class.Status.Variables = append(d.class.Status.Variables, clusterv1.ClusterClassStatusVariable{
			Name:                variable.Name,
			DefinitionsConflict: ptr.To(false),
			Definitions: []clusterv1.ClusterClassStatusVariableDefinition{{
				From:     clusterv1.VariableDefinitionFromInline,
				Required: variable.Required,
				Schema:   variable.Schema,
			}},
		})
	}
	for _, condition := range []string{clusterv1.ClusterClassVariablesReadyCondition, clusterv1.ClusterClassRefVersionsUpToDateCondition} {
		d.class.Status.Conditions = append(d.class.Status.Conditions, metav1.Condition{
			Type: condition, Status: metav1.ConditionTrue, Reason: "Observed",
			ObservedGeneration: 1, LastTransitionTime: metav1.NewTime(time.Unix(0, 0)),
		})
	}
}

// blueprint is the class with its templates in place of their names.
func (d *desk) blueprint() (*scope.ClusterBlueprint, error) {
	var missing error
	find := func(ref clusterv1.ClusterClassTemplateReference) *unstructured.Unstructured {
		kind := schema.FromAPIVersionAndKind(ref.APIVersion, ref.Kind)
		template := d.templates[key(kind.GroupKind(), d.class.Namespace, ref.Name)]
		if template == nil || template.GroupVersionKind() != kind {
			missing = fmt.Errorf("class: there is no template %s %s", kind, ref.Name)
		}
		return template
	}
	spec := d.class.Spec
	blueprint := &scope.ClusterBlueprint{
		Topology:                      d.cluster.Spec.Topology,
		ClusterClass:                  d.class,
		InfrastructureClusterTemplate: find(spec.Infrastructure.TemplateRef),
		ControlPlane: &scope.ControlPlaneBlueprint{
			Template:                      find(spec.ControlPlane.TemplateRef),
			InfrastructureMachineTemplate: find(spec.ControlPlane.MachineInfrastructure.TemplateRef),
			HealthCheck:                   spec.ControlPlane.HealthCheck,
		},
		MachineDeployments: map[string]*scope.MachineDeploymentBlueprint{},
		MachinePools:       map[string]*scope.MachinePoolBlueprint{},
	}
	for _, class := range spec.Workers.MachineDeployments {
		one := &scope.MachineDeploymentBlueprint{
			BootstrapTemplate:             find(class.Bootstrap.TemplateRef),
			InfrastructureMachineTemplate: find(class.Infrastructure.TemplateRef),
			HealthCheck:                   class.HealthCheck,
		}
		class.Metadata.DeepCopyInto(&one.Metadata)
		blueprint.MachineDeployments[class.Class] = one
	}
	return blueprint, missing
}
