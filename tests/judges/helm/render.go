package main

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/engine"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
	"sigs.k8s.io/yaml"
)

// brings are the API versions that a cluster has once a chart or a source of that name is installed.
var brings = map[string][]string{
	"prometheus-operator-crds": {"monitoring.coreos.com/v1", "monitoring.coreos.com/v1/ServiceMonitor"},
	"gateway-api":              {"gateway.networking.k8s.io/v1", "gateway.networking.k8s.io/v1/GatewayClass", "gateway.networking.k8s.io/v1/Gateway"},
	"cert-manager":             {"cert-manager.io/v1"},
}

// check renders the release: its values fit the chart's schema, the chart knows each of them, every
// template gives objects, and the release's namespace admits every pod.
func (r release) check(loaded *chart.Chart, c *cluster) ([]string, error) {
	rendered, err := r.render(loaded, c)
	if err != nil {
		return nil, err
	}
	if unknown := r.unknown(loaded, c, rendered); len(unknown) > 0 {
		return nil, fmt.Errorf("values that the chart does not know: %s", strings.Join(unknown, ", "))
	}
	objects := 0
	for _, document := range rendered {
		made, err := r.admit(document, c)
		if err != nil {
			return nil, err
		}
		objects += made
	}
	if objects == 0 {
		return nil, fmt.Errorf("renders nothing")
	}
	return rendered, nil
}

// load reads a chart from its folder.
func (r release) load(folder string) (*chart.Chart, error) {
	loaded, err := loader.Load(folder)
	if err != nil {
		return nil, err
	}
	// Some charts get their version when they are released.
	loaded.Metadata.Version, loaded.Metadata.AppVersion = r.version, r.version
	return loaded, nil
}

// render is every document that the chart's templates give, in the order of their names.
func (r release) render(loaded *chart.Chart, c *cluster) ([]string, error) {
	capabilities := common.DefaultCapabilities.Copy()
	for name, versions := range brings {
		if c.charts[name] {
			capabilities.APIVersions = append(slices.Clone(capabilities.APIVersions), versions...)
		}
	}
	options := common.ReleaseOptions{Name: r.name, Namespace: r.namespace, Revision: 1, IsInstall: true}
	values, err := util.ToRenderValues(loaded, r.values, options, capabilities)
	if err != nil {
		return nil, err
	}
	rendered, err := engine.Render(loaded, values)
	if err != nil {
		return nil, err
	}
	var documents []string
	for _, name := range slices.Sorted(maps.Keys(rendered)) {
		if path.Base(name) != "NOTES.txt" {
			documents = append(documents, strings.Split("\n"+rendered[name], "\n---")...)
		}
	}
	return documents, nil
}

// podTemplates are where the kinds that run pods keep their template.
type podTemplates struct {
	APIVersion, Kind string
	Metadata         struct{ Name, Namespace string }
	Spec             struct {
		Template    corev1.PodTemplateSpec
		JobTemplate struct {
			Spec struct{ Template corev1.PodTemplateSpec }
		}
	}
}

var evaluator = func() policy.Evaluator {
	checks, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		panic(err)
	}
	return checks
}()

// admit reads one rendered document (0 objects where it is empty) and asks Pod Security for its pods.
func (r release) admit(document string, c *cluster) (objects int, err error) {
	var head struct{ APIVersion, Kind string }
	if err := yaml.Unmarshal([]byte(document), &head); err != nil {
		return 0, err
	}
	if head.APIVersion == "" && head.Kind == "" {
		return 0, nil
	}
	if head.APIVersion == "" || head.Kind == "" {
		return 0, fmt.Errorf("an object without its kind: %.100q", document)
	}
	var template corev1.PodTemplateSpec
	var workload podTemplates
	switch head.Kind {
	case "Deployment", "DaemonSet", "StatefulSet", "ReplicaSet", "Job", "CronJob":
		if err := yaml.Unmarshal([]byte(document), &workload); err != nil {
			return 0, err
		}
		template = workload.Spec.Template
		if head.Kind == "CronJob" {
			template = workload.Spec.JobTemplate.Spec.Template
		}
	default:
		return 1, nil
	}
	namespace := workload.Metadata.Namespace
	if namespace == "" {
		namespace = r.namespace
	}
	level, err := api.ParseLevel(c.levels[namespace])
	if err != nil {
		return 1, nil // a namespace that says nothing, or is not the tree's
	}
	at := api.LevelVersion{Level: level, Version: api.LatestVersion()}
	result := policy.AggregateCheckResults(evaluator.EvaluatePod(at, &template.ObjectMeta, &template.Spec))
	if !result.Allowed {
		return 1, fmt.Errorf("pods of %s %s would not be admitted to %s (%s): %s",
			head.Kind, workload.Metadata.Name, namespace, level, result.ForbiddenDetail())
	}
	return 1, nil
}
