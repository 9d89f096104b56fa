package main

import (
	"errors"
	"fmt"

	"k8s.io/apimachinery/pkg/runtime/schema"
	clusterv1 "sigs.k8s.io/cluster-api/api/core/v1beta2"
)

// standing says what a cluster lacks of what it was promised.
func (c *client) standing(one *cluster) error {
	found, err := c.current(one.source("Cluster"))
	if err != nil {
		return err
	}
	if err := condition(found, clusterv1.ClusterTopologyReconciledCondition); err != nil {
		return err
	}
	return errors.Join(
		count("control planes that its status wants", number(found, "status", "controlPlane", "desiredReplicas"), one.Planes),
		count("workers that its status wants", number(found, "status", "workers", "desiredReplicas"), one.Workers),
		c.plane(found, one),
		c.workers(found, one),
	)
}

// count holds a number to the one that was promised.
func count(what string, found, promised int64) error {
	if found != promised {
		return fmt.Errorf("%d %s; %d were promised", found, what, promised)
	}
	return nil
}

// referred is the object of a reference, which has to be there.
func (c *client) referred(from *object, path ...string) (*object, error) {
	kind := schema.GroupVersionKind{
		Group: text(from, append(path, "apiGroup")...), Kind: text(from, append(path, "kind")...),
	}
	name := text(from, append(path, "name")...)
	found, err := c.get(kind, from.GetNamespace(), name)
	if err == nil && found == nil {
		err = errors.New("not there")
	}
	if err != nil {
		return nil, fmt.Errorf("%s %s, to which %s refers: %w", kind.Kind, name, from.GetKind(), err)
	}
	return found, nil
}

// plane judges the control plane and the infrastructure of a cluster.
func (c *client) plane(found *object, one *cluster) error {
	_, infrastructure := c.referred(found, "spec", "infrastructureRef")
	plane, err := c.referred(found, "spec", "controlPlaneRef")
	if err != nil {
		return errors.Join(infrastructure, err)
	}
	_, template := c.referred(plane, "spec", "machineTemplate", "spec", "infrastructureRef")
	return errors.Join(infrastructure, template,
		count("control planes", number(plane, "spec", "replicas"), one.Planes),
		count("control planes in its status", number(found, "status", "controlPlane", "replicas"), one.Planes),
		same("version of the control plane", text(plane, "spec", "version"), text(found, "spec", "topology", "version")))
}

func same(what, found, asked string) error {
	if found != asked {
		return fmt.Errorf("the %s is %q, not %q", what, found, asked)
	}
	return nil
}

// workers judges the machines of a cluster, from their deployments down.
func (c *client) workers(found *object, one *cluster) error {
	of := map[string][]object{}
	for _, kind := range []string{"MachineDeployment", "MachineSet", "Machine", "MachineHealthCheck"} {
		var err error
		of[kind], err = c.list(core(kind), found.GetNamespace(), clusterv1.ClusterNameLabel+"="+found.GetName())
		if err != nil {
			return err
		}
	}
	errs := []error{
		count("machines", int64(len(of["Machine"])), one.Workers),
		count("health checks", int64(len(of["MachineHealthCheck"])), 1+int64(len(of["MachineDeployment"]))),
		count("sets of machines", int64(len(of["MachineSet"])), int64(len(of["MachineDeployment"]))),
	}
	for _, kind := range []string{"MachineDeployment", "MachineSet"} {
		var asked, made int64
		for i := range of[kind] {
			asked, made = asked+number(&of[kind][i], "spec", "replicas"), made+number(&of[kind][i], "status", "replicas")
			errs = append(errs, c.template(&of[kind][i], found))
		}
		errs = append(errs, count("replicas of every "+kind, asked, one.Workers),
			count("machines of every "+kind, made, one.Workers))
	}
	for i := range of["Machine"] {
		_, infrastructure := c.referred(&of["Machine"][i], "spec", "infrastructureRef")
		_, bootstrap := c.referred(&of["Machine"][i], "spec", "bootstrap", "configRef")
		errs = append(errs, infrastructure, bootstrap)
	}
	return errors.Join(errs...)
}

// template judges what a deployment or a set makes machines of.
func (c *client) template(from, found *object) error {
	_, infrastructure := c.referred(from, "spec", "template", "spec", "infrastructureRef")
	_, bootstrap := c.referred(from, "spec", "template", "spec", "bootstrap", "configRef")
	version := text(from, "spec", "template", "spec", "version")
	return errors.Join(infrastructure, bootstrap,
		same("version of the workers", version, text(found, "spec", "topology", "version")))
}

// steady says what a cluster has more of than the engine made: a template that does not come back from the API server as
// it was sent is made anew at each look, and the machines with it.
func (c *client) steady(one *cluster) error {
	source := one.source("Cluster")
	label := clusterv1.ClusterNameLabel + "=" + source.GetName()
	wanted, seen := map[schema.GroupVersionKind]int64{}, []error{}
	for _, made := range one.Made {
		wanted[made.GroupVersionKind()]++
	}
	for kind, n := range wanted {
		found, err := c.list(kind, source.GetNamespace(), label)
		seen = append(seen, err, count(kind.Kind+" now", int64(len(found)), n))
	}
	return errors.Join(seen...)
}
