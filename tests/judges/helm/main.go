// The Helm judge: each HelmRelease whose real chart is at hand is rendered as helm-controller would.
package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"formwork.dev/judges/kit"
	chart "helm.sh/helm/v4/pkg/chart/v2"
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
	// first is what the bootstrap installs some of them with, by the name of their folder.
	first map[string]release
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

func run(judge *kit.Judge) (err error) {
	clusters, order, err := read(judge)
	if err != nil {
		return err
	}
	known, err := readOutlines()
	if err != nil {
		return err
	}
	server := &apiServer{}
	defer func() { err = errors.Join(err, server.stop()) }()
	for _, name := range order {
		c := clusters[name]
		for _, r := range c.all(judge) {
			folder := filepath.Join(os.Getenv("JUDGE_HOME"), "charts", r.chart, r.version)
			if _, err := os.Stat(folder); err != nil {
				r.outlined(judge, known)
				continue
			}
			loaded, err := r.load(folder)
			if err != nil {
				return err
			}
			rendered, err := r.check(loaded, c)
			err = errors.Join(err, fits(r.values, "", nil))
			if err == nil {
				err = server.takeAll(rendered, r.namespace)
			}
			if judge.Verdict(r.path, err) && judge.WantsTwins() {
				r.twins(judge, loaded, c)
				r.podTwins(judge, rendered)
				judge.Twin(r.path, "an object with a field that Kubernetes does not know",
					server.takeAll(withUnknownField(rendered), r.namespace), "unknownField")
			}
		}
	}
	return nil
}

// outlined holds a release whose chart is not at hand to the keys that are known of it, if any are, and to what Kubernetes
// reads.
func (r release) outlined(judge *kit.Judge, known outlines) {
	o, is := known[chartAt(r.chart, r.version)]
	if !is {
		if judge.Verdict(r.path, fits(r.values, "", handedOn)) && judge.WantsTwins() {
			judge.Twin(r.path, "a class of priority that there is not", fits(map[string]any{"priorityClassName": "none"}, "", handedOn), "priorityClassName")
		}
		return
	}
	if !judge.Verdict(r.path, errors.Join(o.takes(r.values, o.values, ""), fits(r.values, "", handedOn))) || !judge.WantsTwins() {
		return
	}
	judge.Twin(r.path, "value that the chart does not know", o.takes(map[string]any{"replicaz": 3}, o.values, ""), "/replicaz")
	judge.Twin(r.path, "amount of what no node has",
		fits(map[string]any{"resources": map[string]any{"limits": map[string]any{"memori": "1Gi"}}}, "", handedOn), "memori")
	judge.Twin(r.path, "a toleration with a key that there is not",
		fits(map[string]any{"tolerations": []any{map[string]any{"efect": "NoSchedule"}}}, "", handedOn), "efect")
}

// all are the releases, and those that the bootstrap installs with other values than Flux then does.
func (c *cluster) all(judge *kit.Judge) []release {
	releases := slices.Clone(c.releases)
	for _, name := range slices.Sorted(maps.Keys(c.first)) {
		first := c.first[name]
		at := slices.IndexFunc(c.releases, func(r release) bool { return path.Base(path.Dir(r.path)) == name })
		if at < 0 {
			judge.Verdict(first.path, errors.New("values for a release that is not there"))
		} else if r := c.releases[at]; !reflect.DeepEqual(first.values, r.values) {
			r.path, r.values = first.path, first.values
			releases = append(releases, r)
		}
	}
	return releases
}

// read collects what the clusters hold, clusters/NAME/UNIT/FILE.yaml, and the values of their bootstrap,
// bootstrap/NAME/values/UNIT.yaml.
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
			c = &cluster{first: map[string]release{}, levels: map[string]string{}, charts: map[string]bool{}}
			clusters[parts[1]] = c
			order = append(order, parts[1])
		}
		text, err := judge.Read(name)
		if err != nil {
			return nil, nil, err
		}
		if parts[0] == "bootstrap" {
			r := release{path: name}
			if err := yaml.Unmarshal(text, &r.values); err != nil {
				return nil, nil, fmt.Errorf("%s: %w", name, err)
			}
			c.first[strings.TrimSuffix(path.Base(name), ".yaml")] = r
			continue
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

// twins breaks the values of a good release.
func (r release) twins(judge *kit.Judge, loaded *chart.Chart, c *cluster) {
	with := func(key string, value any) error {
		broken := r
		broken.values = maps.Clone(r.values)
		if broken.values == nil {
			broken.values = map[string]any{}
		}
		broken.values[key] = value
		_, err := broken.check(loaded, c)
		return err
	}
	judge.Twin(r.path, "value that the chart does not know", with("replicaz", 3), "replicaz")
	properties, _ := schemaOf(loaded)["properties"].(map[string]any)
	if properties["podLabels"] != nil {
		judge.Twin(r.path, "value of the wrong type", with("podLabels", "text"), "schema")
	}
}

// podTwins gives a pod that is rendered the host's network, in a namespace that forbids it.
func (r release) podTwins(judge *kit.Judge, rendered []string) {
	for _, document := range rendered {
		objects, err := objectsOf(document)
		if err != nil || len(objects) != 1 {
			continue
		}
		spec, _ := objects[0]["spec"].(map[string]any)
		template, _ := spec["template"].(map[string]any)
		pod, isPod := template["spec"].(map[string]any)
		if !isPod || pod["containers"] == nil {
			continue
		}
		pod["hostNetwork"] = true
		text, err := yaml.Marshal(objects[0])
		if err == nil {
			_, err = r.admit(string(text), &cluster{levels: map[string]string{r.namespace: "baseline"}})
		}
		judge.Twin(r.path, "the host's network for "+nameOf(objects[0]), err, "would not be admitted")
		return
	}
}

// withUnknownField gives the first object that has a spec a field there that nobody knows.
func withUnknownField(documents []string) []string {
	broken := slices.Clone(documents)
	for i, document := range documents {
		if strings.Contains(document, "\nspec:\n") {
			broken[i] = strings.Replace(document, "\nspec:\n", "\nspec:\n  unknownField: true\n", 1)
			break
		}
	}
	return broken
}
