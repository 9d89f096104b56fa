// What stand-ins make: kinds of constraints and of Cluster API, clusters, objects of a release.
package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// makeConstraint makes the kind that a template describes, as Gatekeeper does.
func makeConstraint(s *site, template *object) (bool, error) {
	name := text(template, "spec", "crd", "spec", "names", "kind")
	parameters := at(template, "spec", "crd", "spec", "validation", "openAPIV3Schema")
	if parameters == nil {
		parameters = map[string]any{"type": "object", "x-kubernetes-preserve-unknown-fields": true}
	}
	plural := strings.ToLower(name)
	crd := &object{Object: map[string]any{
		"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
		"metadata": map[string]any{"name": plural + ".constraints.gatekeeper.sh"},
		"spec": map[string]any{
			"group": "constraints.gatekeeper.sh", "scope": "Cluster",
			"names": map[string]any{"kind": name, "plural": plural, "singular": plural, "listKind": name + "List"},
			"versions": []any{map[string]any{
				"name": "v1beta1", "served": true, "storage": true, "subresources": map[string]any{"status": map[string]any{}},
				"schema": map[string]any{"openAPIV3Schema": map[string]any{"type": "object", "properties": map[string]any{
					"spec": map[string]any{"type": "object", "properties": map[string]any{
						"enforcementAction": map[string]any{"type": "string"},
						"match":             map[string]any{"type": "object", "x-kubernetes-preserve-unknown-fields": true},
						"parameters":        parameters,
					}},
					"status": map[string]any{"type": "object", "x-kubernetes-preserve-unknown-fields": true},
				}}},
			}},
		},
	}}
	if err := s.client.create(crd); err != nil {
		return false, err
	}
	return true, s.client.Served([]schema.GroupKind{{Group: "constraints.gatekeeper.sh", Kind: name}}, 30*time.Second)
}

// brings has a provider of Cluster API bring the wanted kinds of its group.
func brings(group string) func(*site, *object) (bool, error) {
	return func(s *site, _ *object) (bool, error) {
		var kinds []schema.GroupKind
		for _, kind := range s.tree.components["cluster-api-operator"].brings("object") {
			if kind.Group == group && s.wanted[kind] {
				kinds = append(kinds, kind)
			}
		}
		return true, s.client.define(kinds)
	}
}

// makeCluster brings up the API server of a cluster that Cluster API makes, and lets its manager in.
func makeCluster(s *site, o *object) (bool, error) {
	c := s.tree.clusters[o.GetName()]
	if c == nil {
		return false, fmt.Errorf("the tree has no such cluster")
	}
	switch s.progress("cluster " + c.name) {
	case "":
		s.setProgress("cluster "+c.name, "begun")
		s.working.Go(func() {
			if err := s.raise(c); err != nil {
				s.note(fmt.Errorf("%s: %w", c.name, err))
			}
		})
		return false, nil
	case "begun":
		return false, nil
	}
	made := s.manages(c.name)
	secret := reference("v1", "Secret", o.GetNamespace(), c.name+"-kubeconfig")
	secret.Object["stringData"] = map[string]any{"value": made.server.Kubeconfig()}
	return true, s.client.apply(secret)
}

// raise starts what Cluster API would make, and gives it its keys as its own script does.
func (s *site) raise(c *cluster) error {
	made, err := newSite(s.tree, s.forge, s.repository, c, filepath.Join(s.folder, c.name))
	if err != nil {
		// Nobody may ask a cluster that is made by half.
		if made != nil {
			made.stop()
		}
		return err
	}
	made.work()
	s.lock.Lock()
	s.managed[c.name] = made
	s.lock.Unlock()
	s.setProgress("cluster "+c.name, "done")
	defer close(made.up)
	return made.bootstrap()
}

// makeHidden makes an object of a release, as little as its kind takes.
func (s *site) makeHidden(o *object, component string) error {
	made := o.DeepCopy()
	made.SetLabels(map[string]string{"app.kubernetes.io/managed-by": "judge"})
	if o.GetKind() == "APIService" {
		return s.serveMetrics(made, component)
	}
	made.Object["spec"] = map[string]any{}
	if needed, ok := leastSpecs[o.GetKind()]; ok {
		made.Object["spec"] = needed
	}
	return s.client.apply(made)
}

// leastSpecs are what some kinds do not go without.
var leastSpecs = map[string]map[string]any{}

// serveMetrics is an aggregated API with no kinds: what kube-apiserver asks of it, it answers.
func (s *site) serveMetrics(service *object, component string) error {
	version, group, _ := strings.Cut(service.GetName(), ".")
	if s.metrics == nil {
		s.metrics = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(map[string]any{
				"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group + "/" + version, "resources": []any{},
			})
		}))
	}
	where, err := url.Parse(s.metrics.URL)
	if err != nil {
		return err
	}
	port, err := strconv.ParseInt(where.Port(), 10, 64)
	if err != nil {
		return err
	}
	backend := reference("v1", "Service", "kube-system", "judge-"+component)
	backend.Object["spec"] = map[string]any{
		"type": "ExternalName", "externalName": "localhost", "ports": []any{map[string]any{"port": port}},
	}
	service.Object["spec"] = map[string]any{
		"group": group, "version": version, "groupPriorityMinimum": int64(100), "versionPriority": int64(100), "insecureSkipTLSVerify": true,
		"service": map[string]any{"namespace": "kube-system", "name": backend.GetName(), "port": port},
	}
	if err := s.client.apply(backend); err != nil {
		return err
	}
	return s.client.apply(service)
}
