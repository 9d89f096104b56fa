// The Kyverno judge: the API server takes any text as a policy in CEL. Whether it compiles, and whom it refuses, only the
// engine says.
package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"formwork.dev/judges/kit"
	policies "github.com/kyverno/api/api/policies.kyverno.io/v1beta1"
	"github.com/kyverno/kyverno/pkg/cel/engine"
	"github.com/kyverno/kyverno/pkg/cel/libs"
	"github.com/kyverno/kyverno/pkg/cel/matching"
	"github.com/kyverno/kyverno/pkg/cel/policies/vpol/compiler"
	validating "github.com/kyverno/kyverno/pkg/cel/policies/vpol/engine"
	engineapi "github.com/kyverno/kyverno/pkg/engine/api"
	admissionv1 "k8s.io/api/admission/v1"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

func main() {
	kit.Main(func() string { return "Kyverno " + kit.Version("github.com/kyverno/kyverno") }, run)
}

// found is a policy and the file that holds it.
type found struct {
	path   string
	policy *policies.ValidatingPolicy
}

// cluster is what one cluster is judged by, and what of it is judged.
type cluster struct {
	policies []found
	others   []*unstructured.Unstructured
}

func run(judge *kit.Judge) error {
	clusters := map[string]*cluster{}
	var order []string
	for _, path := range judge.Paths {
		if !strings.HasPrefix(path, "clusters/") || !strings.HasSuffix(path, ".yaml") {
			continue
		}
		name := strings.Split(path, "/")[1]
		if clusters[name] == nil {
			clusters[name] = &cluster{}
			order = append(order, name)
		}
		if err := clusters[name].read(judge, path); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	for _, name := range order {
		if err := clusters[name].judge(judge); err != nil {
			return err
		}
	}
	return nil
}

func (c *cluster) read(judge *kit.Judge, path string) error {
	text, err := judge.Read(path)
	if err != nil {
		return err
	}
	object := &unstructured.Unstructured{}
	if err := yaml.Unmarshal(text, &object.Object); err != nil {
		return err
	}
	kind := object.GroupVersionKind()
	switch {
	case kind.Group == "policies.kyverno.io" && kind.Kind == "ValidatingPolicy":
		policy := &policies.ValidatingPolicy{}
		if err := yaml.UnmarshalStrict(text, policy); err != nil {
			return err
		}
		c.policies = append(c.policies, found{path, policy})
	case kind.Group == "kustomize.config.k8s.io":
	default:
		c.others = append(c.others, object)
	}
	return nil
}

func (c *cluster) judge(judge *kit.Judge) error {
	for _, it := range c.policies {
		if err := it.judge(judge, c.others); err != nil {
			return err
		}
	}
	return nil
}

// judge holds a policy to what the tree brings itself, and to what was said of each case by hand.
func (it found) judge(judge *kit.Judge, others []*unstructured.Unstructured) error {
	asked, err := compile(it.policy)
	if !judge.Verdict(it.path, err) {
		return nil
	}
	twin := it.policy.DeepCopy()
	twin.Spec.Validations[0].Expression = "object.("
	_, err = compile(twin)
	judge.Twin(it.path, "expression that does not parse", err, "Syntax error")
	if it.denies() {
		var refused []error
		for _, object := range others {
			if err := asked.review(object); err != nil {
				refused = append(refused, fmt.Errorf("%s %s: %w", object.GetKind(), object.GetName(), err))
			}
		}
		judge.Verdict(it.path+": what the cluster has", errors.Join(refused...))
	}
	return it.judgeCases(judge, asked)
}

func (it found) denies() bool {
	return slices.Contains(it.policy.Spec.ValidationActions(), admissionregistrationv1.Deny)
}

// asked is a compiled policy.
type asked struct{ engine validating.Engine }

func compile(policy *policies.ValidatingPolicy) (asked, error) {
	of := []policies.ValidatingPolicyLike{policy}
	provider, err := validating.NewProvider(compiler.NewCompiler(), of, nil)
	if err != nil {
		return asked{}, err
	}
	namespace := func(name string) *corev1.Namespace {
		labels := map[string]string{corev1.LabelMetadataName: name}
		return &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: labels}}
	}
	return asked{validating.NewEngine(provider, namespace, matching.NewMatcher())}, nil
}

// review is what the engine says against an object that is made.
func (a asked) review(object *unstructured.Unstructured) error {
	kind := object.GroupVersionKind()
	resource, _ := meta.UnsafeGuessKindToResource(kind)
	object = object.DeepCopy()
	if kind.Kind == "Namespace" { // as the API server names each
		labels := object.GetLabels()
		if labels == nil {
			labels = map[string]string{}
		}
		labels[corev1.LabelMetadataName] = object.GetName()
		object.SetLabels(labels)
	}
	raw, err := object.MarshalJSON()
	if err != nil {
		return err
	}
	request := engine.Request(libs.NewFakeContextProvider(), kind, resource, "", object.GetName(), object.GetNamespace(),
		admissionv1.Create, authenticationv1.UserInfo{}, nil, nil, false, nil)
	request.Request.Object = runtime.RawExtension{Raw: raw}
	response, err := a.engine.Handle(context.Background(), request, nil)
	if err != nil {
		return err
	}
	var problems []error
	for _, policy := range response.Policies {
		for _, rule := range policy.Rules {
			if rule.Status() == engineapi.RuleStatusFail || rule.Status() == engineapi.RuleStatusError {
				problems = append(problems, fmt.Errorf("%s: %s", policy.Policy.GetName(), rule.Message()))
			}
		}
	}
	return errors.Join(problems...)
}
