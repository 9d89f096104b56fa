package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"formwork.dev/judges/kit"
	node "go.yaml.in/yaml/v3"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	clusterv1 "sigs.k8s.io/cluster-api/api/core/v1beta2"
	"sigs.k8s.io/yaml"
)

// mistake sets what is at a path in the object of a kind, or takes it out where the value is empty. In the list of
// variables, a name stands for its place.
type mistake struct {
	name, want, kind, path, value string
}

// refusals are what admission has to refuse, before anybody reconciles it.
var refusals = []mistake{
	{"wrong variable", "Unsupported value", "Cluster", variables + "podSecurity.value", "strict"},
	{"variable of the wrong type", "must be of type boolean", "Cluster", variables + "kubeProxy.value", "'yes'"},
	{"missing required variable", "must be set", "Cluster", variables + "podSecurity", ""},
	{"variable that the class does not know", "not defined", "Cluster", variables + "audit.name", "audits"},
	{"unknown class of workers", "does not exist in ClusterClass", "Cluster", workers + ".class", "worker"},
	{"unknown field", "not declared in schema", "Cluster", workers + ".replica", "3"},
	{"patch of what must not change", "must start with", "ClusterClass", patch + ".path", "/metadata/name"},
	{"patch by an unknown variable", "cannot be found", "ClusterClass", patch + ".valueFrom", "{variable: level}"},
	{"patch that is none", "Unsupported value", "ClusterClass", patch + ".op", "append"},
	{"expression that does not parse", "can not be parsed", "ClusterClass", "spec.patches.1.enabledIf", "'{{ eq .audit '"},
	{"two files at one path", "must be unique", "KubeadmControlPlaneTemplate", files, twice},
	{"file without a path", "Required value", "KubeadmControlPlaneTemplate", files, "[{content: a}]"},
	{"misspelt field", "not declared in schema", "KubeadmConfigTemplate", "spec.template.spec.joinConfig", "{}"},
}

// failures are what shows only when a cluster is made: the manager has to say so of the cluster.
var failures = []mistake{
	{"patch of a path that is not there", "missing path", "ClusterClass", patch + ".path", slashed + "/x/-"},
	{"patch to what the API server refuses", "Required value", "ClusterClass", patch, "{op: add, path: " + slashed + "/-, value: {content: a}}"},
	{"patch to what kubeadm refuses", "must be unique", "ClusterClass", patch, "{op: add, path: " + slashed + ", value: " + twice + "}"},
	{"template that does not exist", "not successfully reconciled", "ClusterClass", "spec.controlPlane.templateRef.name", "other"},
	{"wrong variable of a class that comes later", "Unsupported value", "Cluster", variables + "podSecurity.value", "strict"},
	{"class that does not exist", "failed to retrieve ClusterClass", "Cluster", "spec.topology.classRef.name", "other"},
}

const (
	variables = "spec.topology.variables."
	patch     = "spec.patches.0.definitions.0.jsonPatches.0"
	workers   = "spec.topology.workers.machineDeployments.0"
	files     = "spec.template.spec.kubeadmConfigSpec.files"
	slashed   = "/spec/template/spec/kubeadmConfigSpec/files"
	twice     = "[{path: /x, content: a}, {path: /x, content: b}]"
)

// twins breaks the sources of a good cluster: some are tried, some brought, for the manager to report.
func (c *client) twins(judge *kit.Judge, one *cluster) error {
	made := make([]*object, len(failures))
	for i, m := range failures {
		var err error
		if made[i], err = c.fail(one, m, fmt.Sprintf("twin-%d", i+1)); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	begin := time.Now()
	for _, m := range refusals {
		broken, err := m.broken(one)
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		broken[m.kind].SetName("twin")
		judge.Twin(one.Path, m.kind+": "+m.name, c.Try(broken[m.kind]), m.want)
	}
	for i, m := range failures {
		judge.Twin(one.Path, m.kind+": "+m.name, c.reported(made[i], begin, m.want), m.want)
	}
	return nil
}

// fail brings a cluster with a mistake that nobody refuses, under another name, and its class likewise.
func (c *client) fail(one *cluster, m mistake, name string) (*object, error) {
	broken, err := m.broken(one)
	if err != nil {
		return nil, err
	}
	cluster, class := broken["Cluster"], broken["ClusterClass"]
	named := []string{"spec", "topology", "classRef", "name"}
	if text(cluster, named...) == class.GetName() {
		if err := unstructured.SetNestedField(cluster.Object, name, named...); err != nil {
			return nil, err
		}
	}
	cluster.SetName(name)
	class.SetName(name)
	// A mistake in a cluster is refused, unless the cluster comes before its class.
	order := []*object{class, cluster}
	if m.kind == "Cluster" {
		slices.Reverse(order)
	}
	return cluster, errors.Join(c.Apply(order[0]), c.Apply(order[1]))
}

// broken are the sources of a cluster by kind, with the mistake in one of them.
func (m mistake) broken(one *cluster) (map[string]*object, error) {
	broken := map[string]*object{}
	for _, source := range one.Sources {
		broken[source.GetKind()] = source.DeepCopy()
	}
	if broken[m.kind] == nil {
		return nil, fmt.Errorf("no %s", m.kind)
	}
	return broken, m.change(broken[m.kind])
}

func (m mistake) change(o *object) error {
	content, err := o.MarshalJSON()
	if err != nil {
		return err
	}
	docs, err := kit.ParseDocs(content)
	if err != nil {
		return err
	}
	path := m.path
	if name, found := strings.CutPrefix(path, variables); found {
		name, rest, _ := strings.Cut(name, ".")
		list := kit.Get(docs[0], strings.TrimSuffix(variables, "."))
		at := slices.IndexFunc(list.Content, func(one *node.Node) bool { return kit.Value(one, "name") == name })
		if at < 0 {
			return fmt.Errorf("no variable %s", name)
		}
		if m.value == "" {
			list.Content = slices.Delete(list.Content, at, at+1)
		}
		path = fmt.Sprintf("%s%d.%s", variables, at, rest)
	}
	if m.value != "" {
		if err := kit.Set(docs[0], path, m.value); err != nil {
			return err
		}
	}
	if content, err = docs.Text(); err != nil {
		return err
	}
	if content, err = yaml.YAMLToJSON(content); err != nil {
		return err
	}
	return o.UnmarshalJSON(content)
}

// reported is what the manager says against a cluster, once it is what is wanted; nil once it has made the cluster.
func (c *client) reported(broken *object, begin time.Time, want string) error {
	var said error
	_ = until(begin, func() error {
		found, err := c.current(broken)
		if err != nil {
			said = err
			return err
		}
		said = condition(found, clusterv1.ClusterTopologyReconciledCondition)
		var unmet *unmet
		if errors.As(said, &unmet) && unmet.status == "False" && strings.Contains(unmet.why, want) {
			return nil
		}
		return said
	})
	return said
}
