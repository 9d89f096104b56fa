package main

import (
	"context"
	"time"

	"formwork.dev/judges/apiclient"
	"formwork.dev/judges/kit"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// standIn does for the providers of control planes and infrastructure what the core waits for, and nothing else: it
// says in the status of their objects that they are there.
type standIn struct {
	client *client
	cancel func()
	ended  chan error
}

var controlPlanes = schema.GroupVersionKind{
	Group: "controlplane.cluster.x-k8s.io", Version: "v1beta2", Kind: "KubeadmControlPlane",
}

// startStandIn looks after the control planes, and after the kinds of infrastructure that clusters refer to.
func startStandIn(server *kit.APIServer, clusters []*cluster) (*standIn, error) {
	client, err := connect(apiclient.Config(server))
	if err != nil {
		return nil, err
	}
	statuses := map[schema.GroupVersionKind]func(*object) map[string]any{controlPlanes: initialized}
	for _, c := range clusters {
		for _, made := range c.Made {
			if kind := made.GroupVersionKind(); kind.GroupKind() == infrastructureOf(c) {
				statuses[kind] = provisioned
			}
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &standIn{client: client, cancel: cancel, ended: make(chan error, 1)}
	go func() { s.ended <- s.work(ctx, statuses) }()
	return s, nil
}

// stop ends it, and says what broke.
func (s *standIn) stop() error {
	s.cancel()
	return <-s.ended
}

// work writes each status that is still to be written, until ctx ends.
func (s *standIn) work(ctx context.Context, statuses map[schema.GroupVersionKind]func(*object) map[string]any) error {
	for ctx.Err() == nil {
		for kind, status := range statuses {
			found, err := s.client.list(kind, "", "")
			if err != nil {
				return err
			}
			for i := range found {
				said := status(&found[i])
				if said == nil {
					continue
				}
				if err := s.client.setStatus(&found[i], said); err != nil && !apierrors.IsNotFound(err) {
					return err
				}
			}
		}
		time.Sleep(200 * time.Millisecond)
	}
	return nil
}

// infrastructureOf is the kind of a cluster's infrastructure.
func infrastructureOf(c *cluster) schema.GroupKind {
	for _, made := range c.Made {
		if made.GetKind() == "Cluster" {
			return schema.GroupKind{
				Group: text(made, "spec", "infrastructureRef", "apiGroup"), Kind: text(made, "spec", "infrastructureRef", "kind"),
			}
		}
	}
	return schema.GroupKind{}
}

// initialized is the status of a control plane whose machines are all there; nil where it says so already.
func initialized(o *object) map[string]any {
	if number(o, "status", "observedGeneration") == o.GetGeneration() {
		return nil
	}
	status := map[string]any{
		"observedGeneration": o.GetGeneration(),
		"initialization":     map[string]any{"controlPlaneInitialized": true},
		"version":            text(o, "spec", "version"),
		"conditions": []any{map[string]any{
			"type": "Available", "status": "True", "reason": "Available", "message": "",
			"lastTransitionTime": time.Now().UTC().Format(time.RFC3339), "observedGeneration": o.GetGeneration(),
		}},
	}
	for _, field := range []string{"replicas", "readyReplicas", "availableReplicas", "upToDateReplicas"} {
		status[field] = number(o, "spec", "replicas")
	}
	return status
}

// provisioned is the status of infrastructure that is there; nil where it says so already.
func provisioned(o *object) map[string]any {
	if there, _, _ := unstructured.NestedBool(o.Object, "status", "initialization", "provisioned"); there {
		return nil
	}
	return map[string]any{"initialization": map[string]any{"provisioned": true}}
}
