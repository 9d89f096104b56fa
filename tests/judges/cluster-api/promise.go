package main

import (
	"fmt"
	"regexp"
	"strconv"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	bootstrapv1 "sigs.k8s.io/cluster-api/api/bootstrap/kubeadm/v1beta2"
	controlplanev1 "sigs.k8s.io/cluster-api/api/controlplane/kubeadm/v1beta2"
	"sigs.k8s.io/cluster-api/exp/topology/scope"
)

// promised is the annotation in which a cluster says what its spec asked for, in the spec's own units.
const promised = "formwork.dev/machines"

// machines are those of one role: how many, and how large each is where that is promised.
type machines struct {
	count             int64
	sized             bool
	cpu, memory, disk int64
}

const size = `(\d+)(?: x \(cpu (\d+), memory ([0-9A-Za-z.]+), disk ([0-9A-Za-z.]+)\))?`

var promise = regexp.MustCompile(`^control planes ` + size + `, workers ` + size + `$`)

// read reads the promise: control planes and workers.
func read(text string) (machines, machines, error) {
	words := promise.FindStringSubmatch(text)
	if words == nil {
		return machines{}, machines{}, fmt.Errorf("cluster: %s says %q", promised, text)
	}
	planes, err := one(words[1:5])
	if err != nil {
		return machines{}, machines{}, err
	}
	workers, err := one(words[5:9])
	return planes, workers, err
}

func one(words []string) (machines, error) {
	count, err := strconv.ParseInt(words[0], 10, 64)
	if err != nil || words[1] == "" {
		return machines{count: count}, err
	}
	made := machines{count: count, sized: true}
	for i, into := range []*int64{&made.cpu, &made.memory, &made.disk} {
		amount, err := resource.ParseQuantity(words[i+1])
		if err != nil {
			return made, err
		}
		*into = amount.Value()
	}
	return made, nil
}

// kept says in which way the objects that were made differ from the promise.
func kept(text, version string, made *scope.ClusterState) error {
	planes, workers, err := read(text)
	if err != nil {
		return err
	}
	control := &controlplanev1.KubeadmControlPlane{}
	if err := strictly(made.ControlPlane.Object, control); err != nil {
		return err
	}
	if control.Spec.Replicas == nil || int64(*control.Spec.Replicas) != planes.count {
		return fmt.Errorf("%d control planes were promised", planes.count)
	}
	if control.Spec.Version != version {
		return fmt.Errorf("control planes are of %s, not %s", control.Spec.Version, version)
	}
	if made.ControlPlane.MachineHealthCheck == nil {
		return fmt.Errorf("nobody looks after the control planes")
	}
	if err := planes.are("control planes", made.ControlPlane.InfrastructureMachineTemplate); err != nil {
		return err
	}
	var count int64
	for name, deployment := range made.MachineDeployments {
		spec := deployment.Object.Spec
		count += int64(*spec.Replicas)
		if spec.Template.Spec.Version != version {
			return fmt.Errorf("%s are of %s, not %s", name, spec.Template.Spec.Version, version)
		}
		if deployment.MachineHealthCheck == nil {
			return fmt.Errorf("nobody looks after %s", name)
		}
		if err := strictly(deployment.BootstrapTemplate, &bootstrapv1.KubeadmConfigTemplate{}); err != nil {
			return err
		}
		if err := workers.are(name, deployment.InfrastructureMachineTemplate); err != nil {
			return err
		}
	}
	if count != workers.count {
		return fmt.Errorf("%d workers were promised, and %d made", workers.count, count)
	}
	return nil
}

// are says whether a template of machines has the size that was promised.
func (m machines) are(who string, template *unstructured.Unstructured) error {
	if !m.sized {
		return nil
	}
	number := func(path ...string) int64 {
		value, _, _ := unstructured.NestedInt64(template.Object, append([]string{"spec", "template", "spec"}, path...)...)
		return value
	}
	cpu := number("numSockets") * number("numCores")
	memory := number("memoryMiB") << 20
	disk := number("disks", "bootVolume", "sizeGb") << 30
	if cpu != m.cpu || memory != m.memory || disk != m.disk {
		return fmt.Errorf("%s have %d CPUs, %d bytes of memory and %d of disk; %d, %d and %d were promised",
			who, cpu, memory, disk, m.cpu, m.memory, m.disk)
	}
	return nil
}
