package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// handedOn are the values that charts hand on to a pod, whatever the chart: what Kubernetes then reads there, as any of
// these types.
var handedOn = map[string][]func() any{
	"affinity":                  {as[corev1.Affinity]},
	"containerSecurityContext":  {as[corev1.SecurityContext]},
	"env":                       {as[[]corev1.EnvVar]},
	"nodeSelector":              {as[map[string]string]},
	"podAnnotations":            {as[map[string]string]},
	"podLabels":                 {as[map[string]string]},
	"podSecurityContext":        {as[corev1.PodSecurityContext]},
	"securityContext":           {as[corev1.PodSecurityContext], as[corev1.SecurityContext]},
	"tolerations":               {as[[]corev1.Toleration]},
	"topologySpreadConstraints": {as[[]corev1.TopologySpreadConstraint]},
	"volumeClaimTemplate":       {as[corev1.PersistentVolumeClaimTemplate]},
}

// priorities are the classes that each cluster has, or none; no tree makes others.
var priorities = []string{"", "system-cluster-critical", "system-node-critical"}

func as[T any]() any { return new(T) }

// fits says whether each value that goes to a pod, wherever it stands, is what Kubernetes reads there: no unknown key and
// no other type. Amounts of what no node has are refused too.
func fits(value any, at string, types map[string][]func() any) error {
	switch value := value.(type) {
	case map[string]any:
		if isRequirements(value) {
			return requirements(value, at)
		}
		for _, key := range slices.Sorted(maps.Keys(value)) {
			here := strings.TrimPrefix(at+"."+key, ".")
			if name, is := value[key].(string); is && key == "priorityClassName" && !slices.Contains(priorities, name) {
				return fmt.Errorf("values that Kubernetes does not know: %s: no cluster has the class %q", here, name)
			}
			if err := oneOf(types[key], value[key], here); err != nil {
				return err
			}
			if err := fits(value[key], here, types); err != nil {
				return err
			}
		}
	case []any:
		for i, item := range value {
			if err := fits(item, fmt.Sprintf("%s.%d", at, i), types); err != nil {
				return err
			}
		}
	}
	return nil
}

// oneOf reads a value as one of the types, where there are any.
func oneOf(types []func() any, value any, at string) (err error) {
	for _, into := range types {
		if err = strictly(value, into()); err == nil {
			return nil
		}
	}
	if err != nil {
		return fmt.Errorf("values that Kubernetes does not know: %s: %w", at, err)
	}
	return nil
}

func isRequirements(value map[string]any) bool {
	_, requests := value["requests"].(map[string]any)
	_, limits := value["limits"].(map[string]any)
	return requests || limits
}

// requirements are what containers and claims ask for and get at most.
func requirements(value map[string]any, at string) error {
	var read corev1.ResourceRequirements
	if err := strictly(value, &read); err != nil {
		return fmt.Errorf("values that Kubernetes does not know: %s: %w", at, err)
	}
	for _, list := range []map[corev1.ResourceName]resource.Quantity{read.Requests, read.Limits} {
		for name := range list {
			switch name {
			case corev1.ResourceCPU, corev1.ResourceMemory, corev1.ResourceEphemeralStorage, corev1.ResourceStorage:
			default:
				if !strings.Contains(string(name), "/") && !strings.HasPrefix(string(name), corev1.ResourceHugePagesPrefix) {
					return fmt.Errorf("values that Kubernetes does not know: %s: no node has %q", at, name)
				}
			}
		}
	}
	return nil
}

func strictly(value, into any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}
