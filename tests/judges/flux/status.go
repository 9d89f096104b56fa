// The stand-ins for all other controllers: each gives its objects the status that units wait for, once the
// component that brings it is installed. What the nodes do for workloads needs no component.
package main

import (
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// controller is a stand-in for one kind.
type controller struct {
	resource schema.GroupVersionResource
	// by is the component whose release has to be there; empty for none, or else found by the kind.
	by func(s *site, o *object) string
	// status is what the controller says of an object that it is done with.
	status func(o *object) map[string]any
	// first is what it makes before it says so.
	first func(s *site, o *object) (bool, error)
}

func conditions(kinds ...string) func(*object) map[string]any {
	return func(o *object) map[string]any {
		var all []any
		for _, kind := range kinds {
			all = append(all, newCondition(o, kind, "True", "Judge", "a stand-in says so"))
		}
		return map[string]any{"conditions": all, "observedGeneration": o.GetGeneration()}
	}
}

func fixed(status map[string]any) func(*object) map[string]any {
	return func(*object) map[string]any { return status }
}

// nobody: what comes with the nodes, or with what is there already.
func nobody(*site, *object) string { return "" }

func kind(group, version, plural string) schema.GroupVersionResource {
	return schema.GroupVersionResource{Group: group, Version: version, Resource: plural}
}

var controllers []controller

// init fills the table: what it names refers to it.
func init() {
	controllers = []controller{
		{resource: kind("apps", "v1", "deployments"), by: nobody, status: workload},
		{resource: kind("apps", "v1", "statefulsets"), by: nobody, status: workload},
		{resource: kind("apps", "v1", "daemonsets"), by: nobody, status: daemons},
		{resource: kind("cert-manager.io", "v1", "clusterissuers"), status: conditions("Ready")},
		{resource: kind("cert-manager.io", "v1", "issuers"), status: conditions("Ready")},
		{resource: kind("cert-manager.io", "v1", "certificates"), status: conditions("Ready")},
		{resource: kind("gateway.networking.k8s.io", "v1", "gateways"), by: gatewayClass, status: conditions("Accepted", "Programmed")},
		// Who makes these makes their controller too.
		{resource: kind("monitoring.coreos.com", "v1", "prometheuses"), by: nobody, status: conditions("Available", "Reconciled")},
		{resource: kind("monitoring.coreos.com", "v1", "alertmanagers"), by: nobody, status: conditions("Available", "Reconciled")},
		{resource: kind("postgresql.cnpg.io", "v1", "clusters"), status: conditions("Ready")},
		{resource: kind("velero.io", "v1", "backupstoragelocations"), status: fixed(map[string]any{"phase": "Available"})},
		{resource: kind("ceph.rook.io", "v1", "cephclusters"), status: fixed(map[string]any{"phase": "Ready", "ceph": map[string]any{"health": "HEALTH_OK"}})},
		{resource: kind("ceph.rook.io", "v1", "cephblockpools"), status: fixed(map[string]any{"phase": "Ready"})},
		{resource: kind("ceph.rook.io", "v1", "cephfilesystems"), status: fixed(map[string]any{"phase": "Ready"})},
		{resource: kind("templates.gatekeeper.sh", "v1", "constrainttemplates"), status: fixed(map[string]any{"created": true}), first: makeConstraint},
		{resource: kind("operator.cluster.x-k8s.io", "v1alpha2", "coreproviders"), status: conditions("Ready"), first: brings("cluster.x-k8s.io")},
		{resource: kind("operator.cluster.x-k8s.io", "v1alpha2", "bootstrapproviders"), status: conditions("Ready"), first: brings("bootstrap.cluster.x-k8s.io")},
		{resource: kind("operator.cluster.x-k8s.io", "v1alpha2", "controlplaneproviders"), status: conditions("Ready"), first: brings("controlplane.cluster.x-k8s.io")},
		{resource: kind("operator.cluster.x-k8s.io", "v1alpha2", "infrastructureproviders"), status: conditions("Ready"), first: brings("infrastructure.cluster.x-k8s.io")},
		{resource: kind("operator.cluster.x-k8s.io", "v1alpha2", "ipamproviders"), status: conditions("Ready"), first: brings("ipam.cluster.x-k8s.io")},
		{resource: kind("cluster.x-k8s.io", "v1beta2", "clusters"), by: nobody, status: conditions("ControlPlaneInitialized", "Available"), first: makeCluster},
	}
}

// setStatuses is one round of all of them.
func (s *site) setStatuses() error {
	for _, c := range controllers {
		if !s.groups[c.resource.Group] {
			continue // nothing of the tree is of such a kind
		}
		found, err := s.client.list(c.resource)
		if err != nil {
			return err
		}
		for i := range found {
			if err := c.reconcile(s, &found[i]); err != nil && !apierrors.IsConflict(err) && !apierrors.IsNotFound(err) {
				return fmt.Errorf("%s: %w", id(&found[i]), err)
			}
		}
	}
	return nil
}

func (c controller) reconcile(s *site, o *object) error {
	if o.GetDeletionTimestamp() != nil || s.progress(generation(o)) == "done" {
		return nil
	}
	if c.by == nil {
		c.by = (*site).bringer
	}
	if by := c.by(s, o); by != "" && !s.released(by) {
		return nil
	}
	if c.first != nil {
		if done, err := c.first(s, o); err != nil || !done {
			return err
		}
	}
	if err := s.client.setStatus(c.resource, o, c.status(o)); err != nil {
		return err
	}
	s.setProgress(generation(o), "done")
	return nil
}

// generation is one generation of an object.
func generation(o *object) string { return fmt.Sprintf("%s %d", o.GetUID(), o.GetGeneration()) }

// bringer is the component that brings an object's kind, or a name that nothing has.
func (s *site) bringer(o *object) string {
	if by := s.maker(o.GroupVersionKind().GroupKind()); by != "" {
		return by
	}
	return "(nobody)"
}

// gatewayClass is the component that serves a gateway: its class has its name.
func gatewayClass(_ *site, o *object) string { return text(o, "spec", "gatewayClassName") }

func workload(o *object) map[string]any {
	replicas, ok := at(o, "spec", "replicas").(int64)
	if !ok {
		replicas = 1
	}
	return map[string]any{
		"observedGeneration": o.GetGeneration(), "replicas": replicas, "updatedReplicas": replicas,
		"readyReplicas": replicas, "availableReplicas": replicas, "currentReplicas": replicas,
		"conditions": []any{
			map[string]any{"type": "Available", "status": "True", "reason": "MinimumReplicasAvailable", "message": ""},
			map[string]any{"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable", "message": ""},
		},
	}
}

func daemons(o *object) map[string]any {
	return map[string]any{
		"observedGeneration": o.GetGeneration(), "currentNumberScheduled": 1, "desiredNumberScheduled": 1, "numberMisscheduled": 0,
		"numberReady": 1, "updatedNumberScheduled": 1, "numberAvailable": 1,
	}
}

func newCondition(o *object, kind, status, reason, message string) map[string]any {
	return map[string]any{
		"type": kind, "status": status, "reason": reason, "message": message,
		"observedGeneration": o.GetGeneration(), "lastTransitionTime": time.Now().UTC().Format(time.RFC3339),
	}
}

func readyStatus(o *object, reason string) map[string]any {
	return map[string]any{
		"observedGeneration": o.GetGeneration(),
		"conditions":         []any{newCondition(o, "Ready", "True", reason, "a stand-in says so")},
	}
}
