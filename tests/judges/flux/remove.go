// The removal of a component, in its two steps: what depends on its kinds first, then itself.
package main

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const held = "judge.example.org/held"

// sealElsewhere seals the first sealed file to a key that the cluster does not have.
func (c *court) sealElsewhere(string) error {
	secret := c.site.repository.secrets[c.name][0]
	return sealFile(secret.file, secret.plain.DeepCopy(), map[string]any{"encrypted_regex": "^(data|stringData)$"})
}

// removeApp takes out what has data of its own: its claims, its database and its namespace stay.
func (c *court) removeApp() error {
	for _, name := range c.leaves() {
		u := c.site.cluster.units[name]
		if !slices.ContainsFunc(u.objects, stays) || slices.ContainsFunc(u.objects, func(o *object) bool { return o.GetKind() == "HelmRelease" }) {
			continue
		}
		list := c.file("namespaces", "kustomization.yaml")
		text, err := os.ReadFile(list)
		if err != nil {
			return err
		}
		text = []byte(strings.Replace(string(text), "- namespace-"+name+".yaml\n", "", 1))
		if err := errors.Join(os.WriteFile(list, text, 0o644), c.drop(name), c.push("Remove "+name)); err != nil {
			return err
		}
		c.verdict(fmt.Sprintf("clusters/%s: without %s, what holds data stays", c.name, name), c.gone(u))
		return nil
	}
	return nil
}

// comeTooEarly brings a removed component back, whose `-config` forgot what it needs: it is there before its
// kinds, which an administrator has removed too.
func (c *court) comeTooEarly() error {
	if c.removed == "" {
		return nil
	}
	name := c.removed
	config := name + "-config"
	for _, o := range c.site.cluster.units[config].objects {
		kind := o.GroupVersionKind()
		if c.site.maker(kind.GroupKind()) != name {
			continue
		}
		plural, err := c.site.client.plural(kind)
		if err != nil {
			return err
		}
		crd := reference("apiextensions.k8s.io/v1", "CustomResourceDefinition", "", plural+"."+kind.Group)
		if err := c.site.client.remove(crd); err != nil {
			return err
		}
	}
	for _, unit := range []string{name, config} {
		if err := errors.Join(os.CopyFS(c.file(unit), os.DirFS(filepath.Join(c.good(), unit))), c.bringBack(unit)); err != nil {
			return err
		}
	}
	file := c.file("flux", config+".yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, _ := strings.Cut(string(text), "  dependsOn:\n")
	_, after, _ := strings.Cut(rest, "  sourceRef:\n")
	if err := errors.Join(os.WriteFile(file, []byte(before+"  sourceRef:\n"+after), 0o644), c.push("Too early")); err != nil {
		return err
	}
	// Flux has met the kinds before: a cluster where it has not says "no matches for kind".
	m := mistake{unit: config, want: "the server could not find the requested resource"}
	c.twin(path.Join("clusters", c.name, "flux", config+".yaml"), "needs nothing, so it comes before its kinds", c.refusal(m), m.want)
	return nil
}

// bringBack puts a unit's Kustomization back.
func (c *court) bringBack(unit string) error {
	list := c.file("flux", "kustomization.yaml")
	listed, err := os.ReadFile(list)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(c.good(), "flux", unit+".yaml"))
	if err != nil {
		return err
	}
	return errors.Join(os.WriteFile(c.file("flux", unit+".yaml"), text, 0o644),
		os.WriteFile(list, append(listed, "- "+unit+".yaml\n"...), 0o644))
}

// remove takes out a component with a `-config`: nothing else may go, and what is not to be pruned stays.
func (c *court) remove() error {
	name := c.removable()
	if name == "" {
		return nil
	}
	config := c.site.cluster.units[name+"-config"]
	// Its own controller would hold an object until it has cleaned up; that is what a finalizer is.
	var holding *object
	for _, o := range config.objects {
		if !stays(o) && c.site.maker(o.GroupVersionKind().GroupKind()) == name {
			holding = o
		}
	}
	if holding != nil {
		if err := c.finalizers(holding, held); err != nil {
			return err
		}
	}
	c.removed = name
	if err := errors.Join(c.drop(name+"-config"), c.push("Remove what depends on "+name)); err != nil {
		return err
	}
	step := fmt.Sprintf("clusters/%s: without %s", c.name, name+"-config")
	if holding != nil {
		err := c.wait(10*time.Second, func() error {
			there, err := c.site.client.get(holding)
			if err == nil && (there == nil || there.GetDeletionTimestamp() == nil) {
				err = fmt.Errorf("%s is not being deleted", id(holding))
			}
			return err
		})
		if unit, _ := c.site.client.get(unitOf(config)); err == nil && unit == nil && text(config.kustomization, "spec", "deletionPolicy") == "WaitForTermination" {
			err = fmt.Errorf("its Kustomization is gone before %s is", id(holding))
		}
		c.verdict(step+": it waits for a finalizer", err)
		if err := c.finalizers(holding); err != nil {
			return err
		}
	}
	c.verdict(step, c.gone(config))
	if err := errors.Join(c.drop(name), c.push("Remove "+name)); err != nil {
		return err
	}
	c.verdict(fmt.Sprintf("clusters/%s: without %s", c.name, name), c.gone(c.site.cluster.units[name]))
	return nil
}

// removable is a component whose units nothing else needs, with objects of a kind that it brings.
func (c *court) removable() string {
	leaves := c.leaves()
	for _, name := range leaves {
		component, found := strings.CutSuffix(name, "-config")
		if !found || c.site.cluster.units[component] == nil || strings.HasPrefix(component, "flux") {
			continue
		}
		alone := slices.ContainsFunc(c.site.cluster.units[name].objects, func(o *object) bool {
			return c.site.maker(o.GroupVersionKind().GroupKind()) == component
		})
		for other, u := range c.site.cluster.units {
			alone = alone && (other == name || !slices.Contains(u.needs, component))
		}
		if alone {
			return component
		}
	}
	return ""
}

// drop takes a unit out of the work tree, as a build without it does.
func (c *court) drop(unit string) error {
	list := c.file("flux", "kustomization.yaml")
	text, err := os.ReadFile(list)
	if err != nil {
		return err
	}
	text = []byte(strings.Replace(string(text), "- "+unit+".yaml\n", "", 1))
	return errors.Join(os.WriteFile(list, text, 0o644), os.Remove(c.file("flux", unit+".yaml")), os.RemoveAll(c.file(unit)))
}

// gone says whether exactly a unit's objects are gone: those that may be pruned, and no other unit's.
func (c *court) gone(u *unit) error {
	if err := c.wait(40*time.Second, func() error {
		if there, err := c.site.client.get(unitOf(u)); err != nil || there != nil {
			return fmt.Errorf("the Kustomization %s is still there: %w", u.name, err)
		}
		return nil
	}); err != nil {
		return err
	}
	for name, other := range c.site.cluster.units {
		if _, err := os.Stat(c.file(name)); err != nil && name != u.name {
			continue // taken out before
		}
		for _, o := range other.objects {
			there, err := c.site.client.get(o)
			if err != nil {
				return err
			}
			switch stay := name != u.name || stays(o); {
			case stay && there == nil:
				return fmt.Errorf("%s of %s is gone too", id(o), name)
			case !stay && there != nil && there.GetDeletionTimestamp() == nil:
				return fmt.Errorf("%s is left", id(o))
			}
		}
	}
	return nil
}

// stays says whether an object is one that Flux leaves.
func stays(o *object) bool {
	return o.GetAnnotations()["kustomize.toolkit.fluxcd.io/prune"] == "disabled"
}

func unitOf(u *unit) *object {
	return reference(kustomizations.GroupVersion().String(), "Kustomization", "flux-system", u.name)
}

func (c *court) finalizers(o *object, names ...string) error {
	resource, err := c.site.client.Resource(o.GroupVersionKind(), o.GetNamespace())
	if err != nil {
		return err
	}
	there, err := resource.Get(ctx, o.GetName(), metav1.GetOptions{})
	if err != nil {
		return fmt.Errorf("%s: %w", path.Join(o.GetKind(), o.GetName()), err)
	}
	there.SetFinalizers(names)
	_, err = resource.Update(ctx, there, metav1.UpdateOptions{FieldManager: "judge"})
	return err
}

func (c *court) wait(limit time.Duration, check func() error) error {
	for deadline := time.Now().Add(limit); ; time.Sleep(250 * time.Millisecond) {
		if err := check(); err == nil || time.Now().After(deadline) {
			return err
		}
	}
}
