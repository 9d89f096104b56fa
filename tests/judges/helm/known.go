package main

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	chart "helm.sh/helm/v4/pkg/chart/v2"
	"sigs.k8s.io/yaml"
)

// unknown are the values that the chart does not know: neither its defaults nor its schema have them, and it renders the
// same without one of them and with another in its place.
func (r release) unknown(loaded *chart.Chart, c *cluster, rendered []string) []string {
	same := func(values any) bool {
		other := r
		other.values, _ = values.(map[string]any)
		made, err := other.render(loaded, c)
		return err == nil && slices.Equal(made, rendered)
	}
	var unknown []string
	for _, at := range strangers(r.values, loaded.Values, schemaOf(loaded), nil) {
		without := change(r.values, at, func(any) (any, bool) { return nil, false })
		with := change(r.values, at, func(value any) (any, bool) { return another(value), true })
		if same(without) && same(with) {
			unknown = append(unknown, strings.Join(at, "."))
		}
	}
	return unknown
}

// strangers are the keys that neither the chart's defaults nor its schema have, and all below the items of lists, of which
// no chart states any. Below a default that is empty, anything goes: it is for the user to fill.
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
		switch inner := values[key].(type) {
		case map[string]any:
			innerDefaults, _ := def.(map[string]any)
			if innerProperties, _ := sub["properties"].(map[string]any); len(innerDefaults)+len(innerProperties) > 0 {
				found = append(found, strangers(inner, innerDefaults, sub, at)...)
			}
		case []any:
			found = append(found, keysBelow(inner, at)...)
		}
	}
	return found
}

// keysBelow are all the keys below a value.
func keysBelow(value any, above []string) [][]string {
	var found [][]string
	switch value := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			at := append(slices.Clone(above), key)
			found = append(append(found, at), keysBelow(value[key], at)...)
		}
	case []any:
		for i, item := range value {
			found = append(found, keysBelow(item, append(slices.Clone(above), strconv.Itoa(i)))...)
		}
	}
	return found
}

// change is a value in which another takes the place of one below, or nothing does.
func change(value any, at []string, to func(any) (any, bool)) any {
	switch value := value.(type) {
	case map[string]any:
		value = maps.Clone(value)
		if len(at) > 1 {
			value[at[0]] = change(value[at[0]], at[1:], to)
		} else if other, ok := to(value[at[0]]); ok {
			value[at[0]] = other
		} else {
			delete(value, at[0])
		}
		return value
	case []any:
		if i, err := strconv.Atoi(at[0]); err == nil && i < len(value) && len(at) > 1 {
			value = slices.Clone(value)
			value[i] = change(value[i], at[1:], to)
			return value
		}
	}
	return value
}

// another is a value in place of one. For a boolean it is none: templates take `false` for nothing said.
func another(value any) any {
	switch value := value.(type) {
	case string:
		return value + "-other"
	case bool:
		return "other"
	case float64:
		return value + 1
	default:
		return map[string]any{"other": "other"}
	}
}

func schemaOf(loaded *chart.Chart) map[string]any {
	schema := map[string]any{}
	if len(loaded.Schema) > 0 {
		// A schema that is no JSON is Helm's to refuse, when it checks the values.
		_ = yaml.Unmarshal(loaded.Schema, &schema)
	}
	return schema
}
