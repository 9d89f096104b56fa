// The stand-in for helm-controller and for Helm: it makes releases Ready, and brings their kinds only then.
package main

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var helmReleases = schema.GroupVersionResource{Group: "helm.toolkit.fluxcd.io", Version: "v2", Resource: "helmreleases"}

const (
	// installing a release takes a moment, in which nothing of it is there.
	installing = time.Second
	finalizer  = "finalizers.fluxcd.io"
)

// installReleases looks at every HelmRelease.
func (s *site) installReleases() error {
	found, err := s.client.list(helmReleases)
	if err != nil {
		return err
	}
	for i := range found {
		release := &found[i]
		if err := s.keepRelease(release, found); err != nil {
			return fmt.Errorf("%s: %w", id(release), err)
		}
	}
	return nil
}

func (s *site) keepRelease(release *object, all []object) error {
	if release.GetDeletionTimestamp() != nil {
		s.uninstall(release)
		return s.client.patch(helmReleases, release, map[string]any{"metadata": map[string]any{"finalizers": nil}})
	}
	suspended, _ := at(release, "spec", "suspend").(bool)
	if suspended || isReady(release) {
		return nil
	}
	if len(release.GetFinalizers()) == 0 {
		return s.client.patch(helmReleases, release, map[string]any{"metadata": map[string]any{"finalizers": []string{finalizer}}})
	}
	if missing := s.missing(release, all); missing != "" {
		if _, _, said := condition(release, "Ready"); said == missing {
			return nil
		}
		return s.client.setStatus(helmReleases, release, map[string]any{"conditions": []any{
			newCondition(release, "Ready", "False", "DependencyNotReady", missing)}})
	}
	where, name := s.targetOf(release)
	switch where.progress(name) {
	case "":
		s.working.Go(func() {
			if err := where.install(name, s.tree.componentOf(release)); err != nil {
				s.note(fmt.Errorf("%s: %w", id(release), err))
			}
		})
	case "done":
		status := readyStatus(release, "InstallSucceeded")
		status["lastAttemptedRevision"] = "0.0.0"
		return s.client.setStatus(helmReleases, release, status)
	}
	return nil
}

// missing says what a release still waits for.
func (s *site) missing(release *object, all []object) string {
	needs, _ := at(release, "spec", "dependsOn").([]any)
	for _, need := range needs {
		n := need.(map[string]any)
		namespace, _ := n["namespace"].(string)
		if namespace == "" {
			namespace = release.GetNamespace()
		}
		ready := false
		for i := range all {
			ready = ready || all[i].GetNamespace() == namespace && all[i].GetName() == n["name"] && isReady(&all[i])
		}
		if !ready {
			return fmt.Sprintf("dependency '%s/%s' is not ready", namespace, n["name"])
		}
	}
	// What a release refers to has to be there: its chart's source, its values, its cluster.
	refs := []*object{sourceOf(release)}
	from, _ := at(release, "spec", "valuesFrom").([]any)
	for _, item := range from {
		f := item.(map[string]any)
		refs = append(refs, reference("v1", f["kind"].(string), release.GetNamespace(), f["name"].(string)))
	}
	if secret := text(release, "spec", "kubeConfig", "secretRef", "name"); secret != "" {
		refs = append(refs, reference("v1", "Secret", release.GetNamespace(), secret))
		if where, _ := s.targetOf(release); where == nil {
			return "there is no cluster of " + secret
		}
	}
	for _, ref := range refs {
		if found, err := s.client.get(ref); err != nil || found == nil {
			return id(ref) + " is not there"
		}
	}
	return ""
}

// sourceOf is where a release's chart comes from.
func sourceOf(release *object) *object {
	path := []string{"spec", "chartRef"}
	if at(release, path...) == nil {
		path = []string{"spec", "chart", "spec", "sourceRef"}
	}
	namespace := text(release, append(path, "namespace")...)
	if namespace == "" {
		namespace = release.GetNamespace()
	}
	return reference(gits.GroupVersion().String(), text(release, append(path, "kind")...), namespace, text(release, append(path, "name")...))
}

func reference(version, kind, namespace, name string) *object {
	o := &object{Object: map[string]any{"apiVersion": version, "kind": kind}}
	o.SetNamespace(namespace)
	o.SetName(name)
	return o
}

// targetOf is the site that a release is for, and what Helm calls it there.
func (s *site) targetOf(release *object) (*site, string) {
	namespace := text(release, "spec", "targetNamespace")
	if namespace == "" {
		namespace = release.GetNamespace()
	}
	name := text(release, "spec", "releaseName")
	if name == "" {
		name = release.GetName()
	}
	where := s
	if secret := text(release, "spec", "kubeConfig", "secretRef", "name"); secret != "" {
		where = s.manages(strings.TrimSuffix(secret, "-kubeconfig"))
	}
	return where, namespace + "/" + name
}

func (s *site) manages(name string) *site {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.managed[name]
}

func (s *site) progress(release string) string {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.done[release]
}

func (s *site) setProgress(release, progress string) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.done[release] = progress
}

// released says whether a component's release is installed.
func (s *site) released(component string) bool {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.done["component "+component] == "done"
}

// install brings what a release brings here: the kinds that its chart and its program make, and the objects
// of its own that a unit waits for.
func (s *site) install(release, component string) error {
	s.setProgress(release, "begun")
	time.Sleep(installing)
	if c := s.tree.components[component]; c != nil {
		makers := []string{"chart", "operator"}
		if component == "flux-operator" {
			makers = makers[:1] // its program makes kinds of a FluxInstance
		}
		var kinds []schema.GroupKind
		for _, kind := range c.brings(makers...) {
			if s.wanted[kind] {
				kinds = append(kinds, kind)
			}
		}
		if err := s.client.define(kinds); err != nil {
			s.setProgress(release, "failed")
			return err
		}
	}
	for _, o := range s.hidden(component) {
		if err := s.makeHidden(o, component); err != nil {
			s.setProgress(release, "failed")
			return err
		}
	}
	s.setProgress(release, "done")
	s.setProgress("component "+component, "done")
	return nil
}

// hidden are the objects that a release makes, as far as its unit waits for them.
func (s *site) hidden(component string) []*object {
	var found []*object
	for _, u := range s.cluster.units {
		own, brings := map[string]bool{}, false
		for _, o := range u.objects {
			own[id(o)] = true
			brings = brings || o.GetKind() == "HelmRelease" && at(o, "spec", "kubeConfig") == nil && s.tree.componentOf(o) == component
		}
		for _, o := range u.checked() {
			if brings && !own[id(o)] {
				found = append(found, o)
			}
		}
	}
	return found
}

// uninstall takes a release away: its own objects, not its kinds, which every chart here keeps.
func (s *site) uninstall(release *object) {
	where, name := s.targetOf(release)
	if where == nil || where != s {
		return
	}
	component := s.tree.componentOf(release)
	for _, o := range s.hidden(component) {
		if resource, err := s.client.Resource(o.GroupVersionKind(), o.GetNamespace()); err == nil {
			_ = resource.Delete(ctx, o.GetName(), metav1.DeleteOptions{})
		}
	}
	s.setProgress(name, "")
	s.setProgress("component "+component, "")
}

// answerHelm is Helm for the bootstrap script.
func (s *site) answerHelm(w http.ResponseWriter, r *http.Request) {
	name, namespace := r.FormValue("release"), r.FormValue("namespace")
	release := namespace + "/" + name
	if r.FormValue("install") == "" {
		if s.progress(release) != "done" {
			http.Error(w, "Error: release: not found", http.StatusNotFound)
			return
		}
		fmt.Fprintln(w, "STATUS: deployed")
		return
	}
	for component, installed := range s.installs {
		if installed != release {
			continue
		}
		if err := s.install(release, component); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
		return
	}
	http.Error(w, "no HelmRelease of the tree is "+release, http.StatusInternalServerError)
}
