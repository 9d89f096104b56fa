// The Helm judge: each HelmRelease whose real chart is at hand is rendered as helm-controller would.
package main

import (
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"strings"

	"formwork.dev/judges/kit"
	"sigs.k8s.io/yaml"
)

func main() {
	kit.Main(func() string { return "Helm " + kit.Version("helm.sh/helm/v4") }, run)
}

// object is what this judge reads of any object.
type object struct {
	Kind     string
	Metadata struct {
		Name, Namespace string
		Labels          map[string]string
	}
	Spec struct {
		// Of a HelmRelease.
		ReleaseName, TargetNamespace string
		ChartRef                     struct{ Kind, Name string }
		Chart                        struct {
			Spec struct{ Chart, Version string }
		}
		Values map[string]any
		// Of an OCIRepository.
		URL string
		Ref struct{ Tag string }
	}
}

// cluster is what a release finds around it.
type cluster struct {
	releases []release
	// levels is the Pod Security level that each namespace enforces.
	levels map[string]string
	// charts is each chart that is installed, by name.
	charts map[string]bool
}

// release is a HelmRelease with its chart found.
type release struct {
	path           string
	name           string
	namespace      string
	chart, version string
	values         map[string]any
}

func run(judge *kit.Judge) error {
	clusters, order, err := read(judge)
	if err != nil {
		return err
	}
	for _, name := range order {
		c := clusters[name]
		for _, r := range c.releases {
			folder := filepath.Join(os.Getenv("JUDGE_HOME"), "charts", r.chart, r.version)
			if _, err := os.Stat(folder); err != nil {
				continue
			}
			if judge.Verdict(r.path, r.check(folder, c)) {
				r.twins(judge, folder, c)
			}
		}
	}
	return nil
}

// read collects what the clusters hold: clusters/NAME/UNIT/FILE.yaml.
func read(judge *kit.Judge) (clusters map[string]*cluster, order []string, err error) {
	clusters = map[string]*cluster{}
	sources := map[string]object{}
	for _, name := range judge.Paths {
		parts := strings.SplitN(name, "/", 3)
		if len(parts) < 3 {
			continue
		}
		c := clusters[parts[1]]
		if c == nil {
			c = &cluster{levels: map[string]string{}, charts: map[string]bool{}}
			clusters[parts[1]] = c
			order = append(order, parts[1])
		}
		text, err := judge.Read(name)
		if err != nil {
			return nil, nil, err
		}
		var o object
		if err := yaml.Unmarshal(text, &o); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
		switch o.Kind {
		case "Namespace":
			c.levels[o.Metadata.Name] = o.Metadata.Labels["pod-security.kubernetes.io/enforce"]
		case "OCIRepository", "GitRepository":
			sources[path.Join(parts[1], o.Kind, o.Metadata.Namespace, o.Metadata.Name)] = o
			c.charts[path.Base(o.Spec.URL)] = true
		case "HelmRelease":
			c.releases = append(c.releases, newRelease(name, o))
			c.charts[o.Spec.Chart.Spec.Chart] = true
		}
	}
	for name, c := range clusters {
		for i := range c.releases {
			r := &c.releases[i]
			if source, ok := sources[path.Join(name, r.chart)]; ok {
				r.chart, r.version = path.Base(source.Spec.URL), source.Spec.Ref.Tag
			}
		}
	}
	return clusters, order, nil
}

// newRelease names the chart, or, where a source of its own holds it, that source for now.
func newRelease(name string, o object) release {
	r := release{
		path: name, name: o.Spec.ReleaseName, namespace: o.Spec.TargetNamespace, values: o.Spec.Values,
		chart: o.Spec.Chart.Spec.Chart, version: o.Spec.Chart.Spec.Version,
	}
	if r.name == "" {
		r.name = o.Metadata.Name
	}
	if r.namespace == "" {
		r.namespace = o.Metadata.Namespace
	}
	if ref := o.Spec.ChartRef; ref.Name != "" {
		r.chart = path.Join(ref.Kind, o.Metadata.Namespace, ref.Name)
	}
	return r
}

// twins breaks the values of a good release, and the level of its namespace.
func (r release) twins(judge *kit.Judge, folder string, c *cluster) {
	with := func(key string, value any) error {
		broken := r
		broken.values = maps.Clone(r.values)
		if broken.values == nil {
			broken.values = map[string]any{}
		}
		broken.values[key] = value
		return broken.check(folder, c)
	}
	judge.Twin(r.path, "value that the chart does not know", with("replicaz", 3), "the chart does not know")
	judge.Twin(r.path, "value of the wrong type", with("podLabels", "text"), "schema")
	if level := c.levels[r.namespace]; level == "privileged" || level == "baseline" {
		stricter := *c
		stricter.levels = map[string]string{r.namespace: "restricted"}
		judge.Twin(r.path, "its pods in a restricted namespace", r.check(folder, &stricter), "would not be admitted")
	}
}
