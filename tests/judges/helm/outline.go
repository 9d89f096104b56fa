package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// outlines are the keys that charts take, by name and version of the chart, for charts that are not at hand themselves:
// `chart.yaml` of the library's components, which is made from the real charts.
type outlines map[string]outline

type outline struct {
	values map[string]any
	// passes are the places that the chart takes beside what it states, each with its reason in the component.
	passes []string
}

func readOutlines() (outlines, error) {
	files, err := filepath.Glob(filepath.Join(os.Getenv("JUDGE_HOME"), "components", "*", "chart.yaml"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("no outline of a chart: %v", err)
	}
	all := outlines{}
	for _, file := range files {
		var outlined struct {
			Version string
			Values  map[string]any
		}
		var component struct {
			Chart struct {
				Name, OCI string
				Passes    []string
			}
		}
		for name, into := range map[string]any{file: &outlined, filepath.Join(filepath.Dir(file), "component.yaml"): &component} {
			text, err := os.ReadFile(name)
			if err != nil {
				return nil, err
			}
			if err := yaml.Unmarshal(text, into); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
		name := component.Chart.Name
		if name == "" {
			name = filepath.Base(component.Chart.OCI)
		}
		all[chartAt(name, outlined.Version)] = outline{outlined.Values, component.Chart.Passes}
	}
	return all, nil
}

func chartAt(name, version string) string { return name + " " + strings.TrimPrefix(version, "v") }

// takes says which value the outline does not have. Where it lists no keys, whatever is given is taken.
func (o outline) takes(values, known map[string]any, at string) error {
	for _, key := range slices.Sorted(maps.Keys(values)) {
		here := at + "/" + key
		below, is := known[key].(map[string]any)
		value, isMap := values[key].(map[string]any)
		_, stated := known[key]
		switch {
		case slices.Contains(o.passes, here) || here == "/global":
		case !stated && !(isMap && containers(value, known)):
			return fmt.Errorf("values that the chart does not know: %s", here)
		case is && isMap:
			if err := o.takes(value, below, here); err != nil {
				return err
			}
		}
	}
	return nil
}

// containers says whether a value is the same as beside it for one container, by its name, as some charts have it.
func containers(value, known map[string]any) bool {
	for key := range value {
		if _, stated := known[key]; !stated {
			return false
		}
	}
	return len(value) > 0
}
