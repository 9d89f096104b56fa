package main

import (
	"errors"
	"fmt"
	"time"

	"formwork.dev/judges/kit"
	"k8s.io/apimachinery/pkg/runtime/schema"
	clusterv1 "sigs.k8s.io/cluster-api/api/core/v1beta2"
)

// patience is how long the manager may take until all that it was given at once stands, or is reported.
const patience = 90 * time.Second

func core(kind string) schema.GroupVersionKind { return clusterv1.GroupVersion.WithKind(kind) }

// bring applies objects strictly, each of which may be there already: templates, then what refers to them.
func (c *client) bring(objects []*object, kinds func(string) bool) error {
	for _, one := range objects {
		if kinds(one.GetKind()) {
			if err := c.ApplyUnwarned(one); err != nil {
				return fmt.Errorf("%s %s: %w", one.GetKind(), one.GetName(), err)
			}
		}
	}
	return nil
}

func isTemplate(kind string) bool { return kind != "Cluster" && kind != "ClusterClass" }
func isClass(kind string) bool    { return kind == "ClusterClass" }
func isCluster(kind string) bool  { return kind == "Cluster" }

// until waits, from a time on, until a check says nothing more, and returns the last that it said.
func until(from time.Time, check func() error) error {
	for {
		err := check()
		if err == nil || time.Since(from) > patience {
			return err
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// observed says why the controller of classes has not taken a class.
func (c *client) observed(class *object) error {
	found, err := c.current(class)
	if err != nil {
		return err
	}
	if number(found, "status", "observedGeneration") != found.GetGeneration() {
		return errors.New("its controller has not seen it")
	}
	return errors.Join(condition(found, clusterv1.ClusterClassVariablesReadyCondition),
		condition(found, clusterv1.ClusterClassRefVersionsUpToDateCondition))
}

// classes brings the classes with their templates, until their controller has taken them; false if it does not.
func (c *client) classes(judge *kit.Judge, clusters []*cluster) (bool, error) {
	seen, good := map[string]bool{}, true
	for _, one := range clusters {
		namespace := &object{Object: map[string]any{"apiVersion": "v1", "kind": "Namespace"}}
		namespace.SetName(one.source("Cluster").GetNamespace())
		if err := c.Apply(namespace); err != nil {
			return false, err
		}
		class := one.source("ClusterClass")
		if seen[class.GetName()] {
			continue
		}
		seen[class.GetName()] = true
		err := errors.Join(c.bring(one.Sources, isTemplate), c.bring(one.Sources, isClass))
		if err == nil {
			err = until(time.Now(), func() error { return c.observed(class) })
		}
		good = judge.Verdict(one.Path+": ClusterClass "+class.GetName(), err) && good
	}
	return good, nil
}

// live brings one cluster of each size and class to life, and the twins beside them.
func (c *client) live(judge *kit.Judge, clusters []*cluster) error {
	var living []*cluster
	seen := map[string]bool{}
	for _, one := range clusters {
		if seen[one.size()] {
			continue
		}
		seen[one.size()] = true
		if err := c.bring(one.Sources, isCluster); err != nil {
			judge.Verdict(one.Path, err)
			continue
		}
		living = append(living, one)
	}
	if len(living) == 0 {
		return nil
	}
	if judge.WantsTwins() {
		// They live beside the good ones, which have to stand for that long.
		if err := c.twins(judge, living[0]); err != nil {
			return err
		}
	}
	begin := time.Now()
	for _, one := range living {
		stands := func() error { return errors.Join(c.standing(one), c.steady(one)) }
		if judge.Verdict(one.Path, until(begin, stands)) && judge.WantsTwins() {
			more := *one
			more.Planes, more.Workers = one.Planes+2, one.Workers+1
			judge.Twin(one.Path, "promise of more machines", c.standing(&more), "were promised")
		}
	}
	return nil
}
