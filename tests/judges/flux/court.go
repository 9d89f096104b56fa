// A court judges one cluster, with those that it manages: it brings them up and asks what became of them.
package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"formwork.dev/judges/kit"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// patience is how long nothing may happen before a cluster counts as stuck.
const patience = 40 * time.Second

type court struct {
	tree     *tree
	site     *site
	name     string
	folder   string
	revision string
	removed  string // the component that was taken out
	lively   bool   // whether it is the one of its tree that goes on after the first day
	verdicts []func(*kit.Judge)
}

func newCourt(t *tree, cluster string) *court {
	return &court{tree: t, name: cluster}
}

func (c *court) verdict(subject string, err error) {
	c.verdicts = append(c.verdicts, func(j *kit.Judge) { j.Verdict(subject, err) })
}

func (c *court) twin(subject, name string, err error, want string) {
	c.verdicts = append(c.verdicts, func(j *kit.Judge) { j.Twin(subject, name, err, want) })
}

// hold is the whole of it.
func (c *court) hold() error {
	var err error
	if c.folder, err = os.MkdirTemp(os.Getenv("JUDGE_SCRATCH"), c.name+"-"); err != nil {
		return err
	}
	forge, err := startForge(filepath.Join(c.folder, "forge"))
	if err != nil {
		return err
	}
	defer forge.stop()
	cluster := c.tree.clusters[c.name]
	repository, err := newRepository(forge, c.tree, cluster)
	if err != nil {
		return err
	}
	if c.revision, err = repository.commit("The tree"); err != nil {
		return err
	}
	c.site, err = newSite(c.tree, forge, repository, cluster, filepath.Join(c.folder, "site"))
	if c.site != nil {
		defer c.site.stop()
	}
	if err != nil {
		return err
	}
	c.site.work()
	return c.bringUp()
}

// bringUp goes from nothing to all units Ready.
func (c *court) bringUp() error {
	script := path.Join("bootstrap", c.name, "bootstrap.sh")
	err := c.site.bootstrap()
	c.verdict(script, err)
	if err != nil {
		return c.site.broken()
	}
	_, err = c.settle(c.site, c.site.timeline.begin())
	sites := []*site{c.site}
	if err == nil {
		sites = append(sites, c.site.made()...)
		err = c.settleMade()
	}
	for _, s := range sites {
		c.judgeUnits(s)
		c.judgeSecrets(s)
	}
	if err != nil || !c.lively {
		return c.site.broken()
	}
	return errors.Join(c.life(), c.site.broken())
}

// settleMade waits for the clusters that this one makes: for the end of their script, then for their units.
func (c *court) settleMade() error {
	var all []error
	for _, made := range c.site.made() {
		<-made.up
		if _, err := c.settle(made, time.Now()); err != nil {
			all = append(all, fmt.Errorf("%s: %w", made.cluster.name, err))
		}
	}
	return errors.Join(all...)
}

// settle waits until every unit is Ready at the present revision, or nothing happens any more. It returns
// how long that took since a time.
func (c *court) settle(s *site, begin time.Time) (time.Duration, error) {
	before, changed := "", begin
	for {
		left, err := c.left(s)
		if err != nil {
			return 0, err
		}
		if now := fmt.Sprint(len(left)); now != before {
			before, changed = now, time.Now()
		}
		if len(left) == 0 {
			return time.Since(begin), nil
		}
		if time.Since(changed) > patience {
			return 0, fmt.Errorf("not Ready: %s", strings.Join(left, "; "))
		}
		time.Sleep(500 * time.Millisecond)
	}
}

// left are the units that are not Ready at the present revision, and why.
func (c *court) left(s *site) ([]string, error) {
	found, err := s.client.list(kustomizations)
	if err != nil {
		return nil, err
	}
	var left []string
	there := map[string]bool{}
	for i := range found {
		o := &found[i]
		if o.GetNamespace() == "flux-system" {
			there[o.GetName()] = true
		}
		_, _, message := condition(o, "Ready")
		switch suspended, _ := at(o, "spec", "suspend").(bool); {
		case suspended:
		case !isReady(o):
			left = append(left, o.GetName()+": "+message)
		case text(o, "spec", "sourceRef", "name") == "flux-system" && c.behind(o):
			left = append(left, o.GetName()+": not at the latest revision")
		}
	}
	for name := range s.cluster.units {
		file := filepath.Join(s.repository.root, "clusters", s.cluster.name, "flux", name+".yaml")
		if _, err := os.Stat(file); err == nil && !there[name] {
			left = append(left, name+": not there")
		}
	}
	slices.Sort(left)
	return left, nil
}

func (c *court) behind(o *object) bool {
	return !strings.HasSuffix(text(o, "status", "lastAppliedRevision"), c.revision)
}

// judgeUnits says of every unit whether it became Ready, at once and in order.
func (c *court) judgeUnits(s *site) {
	moments := s.timeline.since(time.Time{})
	found, err := s.client.list(kustomizations)
	if err != nil {
		s.note(err)
		return
	}
	for name, u := range s.cluster.units {
		err := errors.New("its Kustomization is not there")
		for i := range found {
			o := &found[i]
			if o.GetNamespace() != "flux-system" || o.GetName() != name {
				continue
			}
			err = failure(moments, "flux-system/"+name)
			if _, reason, message := condition(o, "Ready"); err == nil && !isReady(o) {
				err = fmt.Errorf("not Ready: %s: %s", reason, message)
			}
			if err == nil {
				err = order(moments, name, u.needs)
			}
		}
		c.verdict(path.Join("clusters", s.cluster.name, "flux", name+".yaml"), err)
	}
	begin := s.timeline.begin()
	all, slowest := begin, ""
	for name := range s.cluster.units {
		if ready := readyAt(moments, name); ready.After(all) {
			all, slowest = ready, name
		}
	}
	if slowest != "" {
		c.verdict(fmt.Sprintf("clusters/%s: %d units Ready %.0f s after Flux was there, the last by %s", s.cluster.name,
			len(s.cluster.units), all.Sub(begin).Seconds(), strings.Join(s.cluster.path(slowest), " > ")), nil)
	}
}

// judgeSecrets says of every sealed file whether the cluster has what is in it, open.
func (c *court) judgeSecrets(s *site) {
	for _, secret := range s.repository.secrets[s.cluster.name] {
		err := s.opened(secret.plain)
		file, relErr := filepath.Rel(s.repository.root, secret.file)
		if relErr != nil {
			file = secret.file
		}
		c.verdict(filepath.ToSlash(file), err)
	}
}

func (s *site) opened(plain *object) error {
	there, err := s.client.get(plain)
	if err != nil {
		return fmt.Errorf("it can't be read: %w", err)
	}
	if there == nil {
		return errors.New("it is not in the cluster")
	}
	values, _, _ := unstructured.NestedStringMap(plain.Object, "stringData")
	for name, value := range values {
		if text(there, "data", name) != base64.StdEncoding.EncodeToString([]byte(value)) {
			return fmt.Errorf("%s is not what was sealed", name)
		}
	}
	values, _, _ = unstructured.NestedStringMap(plain.Object, "data")
	for name, value := range values {
		if text(there, "data", name) != value {
			return fmt.Errorf("%s is not what was sealed", name)
		}
	}
	return nil
}
