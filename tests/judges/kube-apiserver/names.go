package main

import (
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// flux is the namespace of Flux, and of what it reads.
const flux = "flux-system"

// certManager is where cert-manager keeps the secrets of issuers that belong to no namespace.
const certManager = "cert-manager"

// names are what a cluster's objects are called, with the secrets that cert-manager and External Secrets make of them. The
// API server takes a reference to anything; the controllers that look it up don't run here.
type names map[string]bool

func called(kind, namespace, name string) string { return kind + " " + namespace + "/" + name }

func namesOf(cluster string, units []unit) names {
	n := names{}
	// The Flux operator makes the source that a FluxInstance follows, which is called as its namespace is.
	for _, kind := range []string{"GitRepository", "OCIRepository"} {
		n[called(kind, flux, flux)] = true
	}
	for _, u := range units {
		if u.cluster != cluster {
			continue
		}
		for _, object := range u.objects {
			n[called(object.GetKind(), object.GetNamespace(), object.GetName())] = true
			switch groupKind(object) {
			case "Certificate.cert-manager.io":
				n[called("Secret", object.GetNamespace(), text(object, "spec", "secretName"))] = true
			case "ExternalSecret.external-secrets.io":
				n[called("Secret", object.GetNamespace(), text(object, "spec", "target", "name"))] = true
			case "Cluster.cluster.x-k8s.io":
				n[called("Secret", object.GetNamespace(), object.GetName()+"-kubeconfig")] = true
			}
		}
	}
	return n
}

// find says which name the object refers to that nothing of its cluster has.
func (n names) find(object *unstructured.Unstructured) error {
	for _, wanted := range refersTo(object) {
		if !n[wanted] {
			return fmt.Errorf("refers to %s, which nothing is called", wanted)
		}
	}
	return nil
}

// refersTo are the names by which an object of Flux, of cert-manager or of the Gateway API finds another.
func refersTo(object *unstructured.Unstructured) []string {
	namespace := object.GetNamespace()
	var wanted []string
	switch groupKind(object) {
	case "Kustomization.kustomize.toolkit.fluxcd.io", "HelmRelease.helm.toolkit.fluxcd.io":
		wanted = ofFlux(object)
	case "Certificate.cert-manager.io":
		kind := text(object, "spec", "issuerRef", "kind")
		if kind == "ClusterIssuer" {
			namespace = ""
		}
		if text(object, "spec", "issuerRef", "group") == "cert-manager.io" {
			wanted = append(wanted, called(kind, namespace, text(object, "spec", "issuerRef", "name")))
		}
	case "ClusterIssuer.cert-manager.io":
		if secret := text(object, "spec", "ca", "secretName"); secret != "" {
			wanted = append(wanted, called("Secret", certManager, secret))
		}
	case "Gateway.gateway.networking.k8s.io":
		listeners, _, _ := unstructured.NestedSlice(object.Object, "spec", "listeners")
		for _, listener := range listeners {
			listener, _ := listener.(map[string]any)
			refs, _, _ := unstructured.NestedSlice(listener, "tls", "certificateRefs")
			for _, ref := range refs {
				ref, _ := ref.(map[string]any)
				kind, _ := ref["kind"].(string)
				name, _ := ref["name"].(string)
				wanted = append(wanted, called(kind, namespace, name))
			}
		}
	}
	return wanted
}

// ofFlux are the names by which a Kustomization or a HelmRelease finds what it waits for, reads and speaks to.
func ofFlux(object *unstructured.Unstructured) []string {
	var wanted []string
	find := func(kind string, ref map[string]any) {
		name, _ := ref["name"].(string)
		namespace, _ := ref["namespace"].(string)
		if stated, is := ref["kind"].(string); is {
			kind = stated
		}
		if namespace == "" {
			namespace = object.GetNamespace()
		}
		wanted = append(wanted, called(kind, namespace, name))
	}
	waitsFor, _, _ := unstructured.NestedSlice(object.Object, "spec", "dependsOn")
	for _, ref := range waitsFor {
		ref, _ := ref.(map[string]any)
		find(object.GetKind(), ref)
	}
	for _, path := range [][]string{{"sourceRef"}, {"chartRef"}, {"chart", "spec", "sourceRef"}, {"kubeConfig", "secretRef"}} {
		ref, is, _ := unstructured.NestedMap(object.Object, append([]string{"spec"}, path...)...)
		if is {
			find("Secret", ref)
		}
	}
	return wanted
}

func groupKind(object *unstructured.Unstructured) string {
	return schema.FromAPIVersionAndKind(object.GetAPIVersion(), object.GetKind()).GroupKind().String()
}

func text(object *unstructured.Unstructured, path ...string) string {
	value, _, _ := unstructured.NestedString(object.Object, path...)
	return value
}
