package main

import (
	"maps"
	"slices"
	"strings"

	chart "helm.sh/helm/v4/pkg/chart/v2"
	"sigs.k8s.io/yaml"
)

// unknown are the values that the chart does not know: neither its defaults nor its schema have them, and without one
// of them it renders the same.
func (r release) unknown(loaded *chart.Chart, c *cluster, rendered []string) []string {
	var unknown []string
	for _, at := range strangers(r.values, loaded.Values, schemaOf(loaded), nil) {
		without := r
		without.values = remove(r.values, at)
		if same, err := without.render(loaded, c); err == nil && slices.Equal(same, rendered) {
			unknown = append(unknown, strings.Join(at, "."))
		}
	}
	return unknown
}

// strangers are the keys that neither the chart's defaults nor its schema have. Below a default that is empty, anything
// goes: it is for the user to fill.
func strangers(values, defaults, schema map[string]any, above []string) [][]string {
	var found [][]string
	properties, _ := schema["properties"].(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(values)) {
		def, inDefaults := defaults[key]
		sub, inSchema := properties[key].(map[string]any)
		at := append(slices.Clone(above), key)
		if !inDefaults && !inSchema {
			found = append(found, at)
			continue
		}
		inner, isMap := values[key].(map[string]any)
		innerDefaults, _ := def.(map[string]any)
		if innerProperties, _ := sub["properties"].(map[string]any); isMap && len(innerDefaults)+len(innerProperties) > 0 {
			found = append(found, strangers(inner, innerDefaults, sub, at)...)
		}
	}
	return found
}

// remove is the values without one of them.
func remove(values map[string]any, at []string) map[string]any {
	values = maps.Clone(values)
	if len(at) == 1 {
		delete(values, at[0])
	} else if inner, ok := values[at[0]].(map[string]any); ok {
		values[at[0]] = remove(inner, at[1:])
	}
	return values
}

func schemaOf(loaded *chart.Chart) map[string]any {
	schema := map[string]any{}
	if len(loaded.Schema) > 0 {
		// A schema that is no JSON is Helm's to refuse, when it checks the values.
		_ = yaml.Unmarshal(loaded.Schema, &schema)
	}
	return schema
}
