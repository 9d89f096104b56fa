// What comes after: a push, mistakes and their repair, suspension, and the removal of a component.
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
)

// push commits the work tree and has Flux look.
func (c *court) push(message string) error {
	var err error
	if c.revision, err = c.site.repository.commit(message); err != nil {
		return err
	}
	return c.site.nudge()
}

func (c *court) file(parts ...string) string {
	return filepath.Join(append([]string{c.site.repository.root, "clusters", c.name}, parts...)...)
}

// life is what happens to a cluster that is up.
func (c *court) life() error {
	for _, step := range []func() error{c.pushOnce, c.mistakes, c.removeApp, c.remove, c.comeTooEarly, c.circle} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// pushOnce says how long a push takes until every unit has it, but for one that is suspended.
func (c *court) pushOnce() error {
	leaves := c.leaves()
	if len(leaves) == 0 {
		return nil
	}
	asleep := c.site.cluster.units[leaves[len(leaves)-1]]
	if err := c.suspend(asleep, true); err != nil {
		return err
	}
	before := c.revision
	begin := time.Now()
	if err := c.push("A push"); err != nil {
		return err
	}
	took, err := c.settle(c.site, begin)
	c.verdict(fmt.Sprintf("clusters/%s: a push is everywhere after %.0f s", c.name, took.Seconds()), err)
	if err != nil {
		return nil
	}
	there, err := c.site.client.get(unitOf(asleep))
	if err == nil && (there == nil || !strings.HasSuffix(text(there, "status", "lastAppliedRevision"), before)) {
		err = errors.New("it took the push")
	}
	if err := c.suspend(asleep, false); err != nil {
		return err
	}
	if err == nil {
		_, err = c.settle(c.site, time.Now())
	}
	c.verdict(fmt.Sprintf("clusters/%s: suspended, %s takes nothing, resumed the push", c.name, asleep.name), err)
	return nil
}

func (c *court) suspend(u *unit, suspend bool) error {
	return c.site.client.patch(kustomizations, unitOf(u), map[string]any{"spec": map[string]any{"suspend": suspend}})
}

// mistake breaks a unit in the work tree; `want` is what Flux has to say of that unit.
type mistake struct {
	name, unit, want string
	change           func() error
}

// mistakes are all pushed at once, each in a unit of its own; then all are taken back.
func (c *court) mistakes() error {
	if err := os.CopyFS(c.good(), os.DirFS(c.file())); err != nil {
		return err
	}
	made := c.makeMistakes()
	for _, m := range made {
		if err := m.change(); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	if err := c.push("Mistakes"); err != nil {
		return err
	}
	for _, m := range made {
		c.twin(path.Join("clusters", c.name, "flux", m.unit+".yaml"), m.name, c.refusal(m), m.want)
	}
	begin := time.Now()
	if err := errors.Join(os.RemoveAll(c.file()), os.CopyFS(c.file(), os.DirFS(c.good())), c.push("Repair")); err != nil {
		return err
	}
	took, err := c.settle(c.site, begin)
	c.verdict(fmt.Sprintf("clusters/%s: the repair is everywhere after %.0f s", c.name, took.Seconds()), err)
	return err
}

// good is where the unbroken tree is kept.
func (c *court) good() string { return filepath.Join(c.folder, "good") }

// circle has two units need each other. It comes last: a circle keeps Flux from telling any unit of a push.
func (c *court) circle() error {
	leaves := c.leaves()
	leaves = slices.DeleteFunc(leaves, func(name string) bool { _, err := os.Stat(c.file("flux", name+".yaml")); return err != nil })
	if len(leaves) < 2 {
		return nil
	}
	one, other := leaves[0], leaves[1]
	if err := errors.Join(c.need(one, other), c.need(other, one), c.push("A circle")); err != nil {
		return err
	}
	for _, pair := range [][2]string{{one, other}, {other, one}} {
		m := mistake{name: "needs what needs it", unit: pair[0], want: "dependency 'flux-system/" + pair[1] + "' is not ready"}
		c.twin(path.Join("clusters", c.name, "flux", m.unit+".yaml"), m.name, c.refusal(m), m.want)
	}
	return nil
}

// refusal waits for what Flux says of a broken unit: nil if it is Ready nevertheless.
func (c *court) refusal(m mistake) error {
	var said error
	for deadline := time.Now().Add(45 * time.Second); time.Now().Before(deadline); time.Sleep(250 * time.Millisecond) {
		o, err := c.site.client.get(reference(kustomizations.GroupVersion().String(), "Kustomization", "flux-system", m.unit))
		if err != nil || o == nil {
			continue
		}
		status, reason, message := condition(o, "Ready")
		if status != "True" && message != "" {
			said = fmt.Errorf("%s: %s", reason, message)
			if strings.Contains(said.Error(), m.want) {
				return said
			}
		}
	}
	return said
}

// makeMistakes finds a unit for each mistake: one that others do not need, so that each fails alone.
func (c *court) makeMistakes() []mistake {
	free := c.leaves()
	take := func(fits func(*unit) bool) string {
		for i, name := range free {
			if fits(c.site.cluster.units[name]) {
				free = slices.Delete(free, i, i+1)
				return name
			}
		}
		return ""
	}
	anything := func(*unit) bool { return true }
	var made []mistake
	add := func(name, unit, want string, change func(unit string) error) {
		if unit != "" {
			made = append(made, mistake{name, unit, want, func() error { return change(unit) }})
		}
	}
	if _, ok := c.site.cluster.units["secrets"]; ok && len(c.site.repository.secrets[c.name]) > 0 {
		add("sealed to another key", "secrets", "cannot get sops data key", c.sealElsewhere)
		if waits := c.needing("secrets"); waits != "" {
			add("what needs a broken unit waits", waits, "dependency 'flux-system/secrets' is not ready", func(string) error { return nil })
			free = slices.DeleteFunc(free, func(name string) bool { return slices.Contains(c.site.cluster.path(name), "secrets") })
		}
	}
	add("a wrong path", take(anything), "kustomization path not found", func(unit string) error {
		return c.edit(unit, "/clusters/"+c.name+"/"+unit+"'", "/clusters/"+c.name+"/nowhere'")
	})
	add("an unknown kind", take(anything), "no matches for kind", func(unit string) error {
		return c.addObject(unit, "apiVersion: judge.example.org/v1\nkind: Unknown\nmetadata: {name: twin, namespace: default}\n")
	})
	add("an object that the API server refuses", take(anything), "is invalid", func(unit string) error {
		return c.addObject(unit, "apiVersion: v1\nkind: Service\nmetadata: {name: twin, namespace: default}\nspec: {ports: [{port: 99999}]}\n")
	})
	return made
}

// leaves are the units that no other needs, sorted.
func (c *court) leaves() []string {
	needed := map[string]bool{"flux-operator-config": true}
	var names []string
	for name, u := range c.site.cluster.units {
		names = append(names, name)
		for _, need := range u.needs {
			needed[need] = true
		}
	}
	slices.Sort(names)
	return slices.DeleteFunc(names, func(name string) bool { return needed[name] || name == "secrets" })
}

func (c *court) needing(need string) string {
	var names []string
	for name, u := range c.site.cluster.units {
		if slices.Contains(u.needs, need) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names[:min(1, len(names))], "")
}

// edit changes a unit's Kustomization.
func (c *court) edit(unit, from, to string) error {
	file := c.file("flux", unit+".yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	changed := strings.Replace(string(text), from, to, 1)
	if changed == string(text) {
		return fmt.Errorf("%s has no %q", file, from)
	}
	return os.WriteFile(file, []byte(changed), 0o644)
}

// need has a unit need another one more.
func (c *court) need(unit, other string) error {
	if len(c.site.cluster.units[unit].needs) == 0 || unit == c.removed+"-config" {
		return c.edit(unit, "spec:\n", "spec:\n  dependsOn:\n  - name: "+other+"\n")
	}
	return c.edit(unit, "  dependsOn:\n", "  dependsOn:\n  - name: "+other+"\n")
}

// addObject puts an object more into a unit's folder.
func (c *court) addObject(unit, text string) error {
	list := c.file(unit, "kustomization.yaml")
	listed, err := os.ReadFile(list)
	if err != nil {
		return err
	}
	return errors.Join(os.WriteFile(c.file(unit, "twin.yaml"), []byte(text), 0o644),
		os.WriteFile(list, append(listed, "- twin.yaml\n"...), 0o644))
}
