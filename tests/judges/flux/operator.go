// The stand-in for the Flux operator: it makes of the emitted FluxInstance what the operator makes of it,
// and the controllers that it starts are the real ones.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"time"

	"formwork.dev/judges/kit"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"
)

var (
	instances      = schema.GroupVersionResource{Group: "fluxcd.controlplane.io", Version: "v1", Resource: "fluxinstances"}
	kustomizations = schema.GroupVersionResource{Group: "kustomize.toolkit.fluxcd.io", Version: "v1", Resource: "kustomizations"}
	gits           = schema.GroupVersionResource{Group: "source.toolkit.fluxcd.io", Version: "v1", Resource: "gitrepositories"}
)

// sizes are what the operator tells kustomize-controller for a `cluster.size`.
var sizes = map[string][]string{
	"small":  {"--concurrent=5", "--requeue-dependency=10s"},
	"medium": {"--concurrent=10", "--requeue-dependency=5s"},
	"large":  {"--concurrent=20", "--requeue-dependency=5s"},
}

// keepInstance does what the operator does, once its release is there.
func (s *site) keepInstance() error {
	if !s.released("flux-operator") {
		return nil
	}
	found, err := s.client.list(instances)
	if err != nil || len(found) == 0 {
		return err
	}
	if !s.started {
		s.started = true
		if err := s.startFlux(); err != nil {
			return err
		}
	}
	sync, err := s.client.get(s.sync("Kustomization"))
	if err != nil || sync == nil || !isReady(sync) || isReady(&found[0]) {
		return err
	}
	return s.client.setStatus(instances, &found[0], readyStatus(&found[0], "ReconciliationSucceeded"))
}

// startFlux installs Flux's own kinds, starts its controllers, and tells them what to follow.
func (s *site) startFlux() error {
	var kinds []schema.GroupKind
	for _, kind := range s.tree.components["flux-operator"].brings("operator") {
		if s.wanted[kind] || kind.Group == gits.Group || kind.Group == kustomizations.Group || kind.Kind == "HelmRelease" {
			kinds = append(kinds, kind)
		}
	}
	if err := s.client.define(kinds); err != nil {
		return err
	}
	s.timeline = watchUnits(s.client)
	ports, err := kit.FreePorts(1)
	if err != nil {
		return err
	}
	storage := fmt.Sprintf("127.0.0.1:%d", ports[0])
	err = s.launch("source-controller", "--storage-path="+filepath.Join(s.folder, "storage"),
		"--storage-addr="+storage, "--storage-adv-addr="+storage)
	if err != nil {
		return err
	}
	// A cluster's kubeconfig is that of an API server here, whose certificate nobody vouches for.
	arguments := append([]string{"--insecure-kubeconfig-tls=true"}, sizes[s.cluster.size]...)
	if err := s.launch("kustomize-controller", append(arguments, s.cluster.arguments...)...); err != nil {
		return err
	}
	for _, o := range []*object{s.sync("GitRepository"), s.sync("Kustomization")} {
		if err := s.client.apply(o); err != nil {
			return err
		}
	}
	return nil
}

// sync is what the operator makes of `sync`.
func (s *site) sync(kind string) *object {
	o := &object{Object: map[string]any{"apiVersion": kustomizations.GroupVersion().String(), "kind": kind}}
	o.SetName("flux-system")
	o.SetNamespace("flux-system")
	if kind == "Kustomization" {
		o.Object["spec"] = map[string]any{
			"interval": "10m0s", "path": s.cluster.sync.path, "prune": true,
			"sourceRef": map[string]any{"kind": "GitRepository", "name": "flux-system"},
		}
		return o
	}
	o.SetAPIVersion(gits.GroupVersion().String())
	spec := map[string]any{
		"interval": s.cluster.sync.interval, "url": https(s.cluster.sync.url), "ref": map[string]any{"name": s.cluster.sync.ref},
	}
	if s.cluster.sync.secret != "" {
		spec["secretRef"] = map[string]any{"name": s.cluster.sync.secret}
	}
	o.Object["spec"] = spec
	return o
}

// launch starts a controller against the site's API server; what it says goes to a file.
func (s *site) launch(program string, arguments ...string) error {
	log, err := os.Create(filepath.Join(s.folder, program+".log"))
	if err != nil {
		return err
	}
	defer log.Close()
	temporary := filepath.Join(s.folder, program+".tmp")
	if err := os.MkdirAll(temporary, 0o755); err != nil {
		return err
	}
	process := exec.Command(filepath.Join(os.Getenv("JUDGE_HOME"), "bin", program), append([]string{
		"--enable-leader-election=false", "--watch-all-namespaces=true", "--events-addr=", "--metrics-addr=0", "--health-addr=0",
	}, arguments...)...)
	process.Env = append(os.Environ(), s.forge.environment()...)
	process.Env = append(process.Env, "KUBECONFIG="+filepath.Join(s.folder, "kubeconfig"), "RUNTIME_NAMESPACE=flux-system", "TMPDIR="+temporary)
	process.Stdout, process.Stderr = log, log
	if err := process.Start(); err != nil {
		return err
	}
	s.controllers = append(s.controllers, process)
	return nil
}

func (s *site) stopFlux() {
	if s.timeline != nil {
		s.timeline.stop()
	}
	for _, process := range s.controllers {
		kill := time.AfterFunc(5*time.Second, func() { _ = process.Process.Kill() })
		_ = process.Process.Signal(syscall.SIGTERM)
		_ = process.Wait()
		kill.Stop()
	}
	s.controllers = nil
}

// patchedArguments are those that a FluxInstance's patches add to a controller.
func patchedArguments(instance *object, controller string) []string {
	var arguments []string
	patches, _ := at(instance, "spec", "kustomize", "patches").([]any)
	for _, item := range patches {
		patch := &object{Object: item.(map[string]any)}
		name, err := regexp.Compile("^(?:" + text(patch, "target", "name") + ")$")
		if err != nil || text(patch, "target", "kind") != "Deployment" || !name.MatchString(controller) {
			continue
		}
		var steps []struct{ Op, Path, Value string }
		if yaml.Unmarshal([]byte(text(patch, "patch")), &steps) != nil {
			continue
		}
		for _, step := range steps {
			if step.Op == "add" && step.Path == "/spec/template/spec/containers/0/args/-" {
				arguments = append(arguments, step.Value)
			}
		}
	}
	return arguments
}

// nudge has the source looked at now, as the notification controller does when a push is told to it.
func (s *site) nudge() error {
	return s.annotate(gits, "flux-system", "flux-system")
}

func (s *site) annotate(resource schema.GroupVersionResource, namespace, name string) error {
	o := &object{Object: map[string]any{}}
	o.SetName(name)
	o.SetNamespace(namespace)
	err := s.client.patch(resource, o, map[string]any{"metadata": map[string]any{"annotations": map[string]any{
		"reconcile.fluxcd.io/requestedAt": time.Now().Format(time.RFC3339Nano)}}})
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}
