// A site is one cluster as it comes up: an API server, its Flux, and the hands that stand in for all else.
package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"formwork.dev/judges/apiclient"
	"formwork.dev/judges/kit"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

type site struct {
	tree       *tree
	cluster    *cluster
	folder     string
	forge      *forge
	repository *repository
	server     *kit.APIServer
	client     *client
	// installs are the components that have a release here, and its namespace/name.
	installs map[string]string
	// wanted are the kinds of all that the tree has for this cluster, and of what it waits for.
	wanted map[schema.GroupKind]bool
	groups map[string]bool

	helm        *httptest.Server
	metrics     *httptest.Server
	controllers []*exec.Cmd
	timeline    *timeline
	stopped     context.CancelFunc
	working     sync.WaitGroup
	over        sync.Once
	up          chan struct{} // closed when the script of a cluster that is made has ended

	lock     sync.Mutex
	done     map[string]string // how far the hands are with a release, a component, a version of an object
	started  bool
	managed  map[string]*site
	problems []error
}

// newSite prepares a cluster: a repository with a sealed copy of the tree, and an empty API server.
func newSite(t *tree, f *forge, repo *repository, c *cluster, folder string) (*site, error) {
	s := &site{tree: t, cluster: c, forge: f, repository: repo, folder: folder, managed: map[string]*site{}, done: map[string]string{}, up: make(chan struct{})}
	s.readWants()
	if err := os.MkdirAll(filepath.Join(folder, "bin"), 0o755); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(folder, "age.key"), []byte(repo.key.String()+"\n"), 0o600); err != nil {
		return nil, err
	}
	var err error
	if s.server, err = kit.StartAPIServer(folder); err != nil {
		return nil, err
	}
	if s.client, err = connect(apiclient.Config(s.server)); err != nil {
		return s, err
	}
	if err := os.WriteFile(filepath.Join(folder, "kubeconfig"), []byte(s.server.Kubeconfig()), 0o600); err != nil {
		return s, err
	}
	return s, s.client.define(s.hosted())
}

// readWants finds the releases of a cluster, and the kinds that somebody has to bring.
func (s *site) readWants() {
	s.installs, s.wanted, s.groups = map[string]string{}, map[schema.GroupKind]bool{}, map[string]bool{}
	for _, u := range s.cluster.units {
		for _, o := range u.objects {
			s.wanted[o.GroupVersionKind().GroupKind()] = true
			s.groups[o.GroupVersionKind().Group] = true
			if o.GetKind() == "HelmRelease" && at(o, "spec", "kubeConfig") == nil {
				s.installs[s.tree.componentOf(o)] = o.GetNamespace() + "/" + o.GetName()
			}
		}
		for _, o := range u.checked() {
			s.wanted[o.GroupVersionKind().GroupKind()] = true
			s.groups[o.GroupVersionKind().Group] = true
		}
	}
}

// hosted are the wanted kinds that machines serve from the start, says a component.
func (s *site) hosted() []schema.GroupKind {
	var kinds []schema.GroupKind
	for _, c := range s.tree.components {
		for _, kind := range c.brings("host") {
			if s.wanted[kind] {
				kinds = append(kinds, kind)
			}
		}
	}
	return kinds
}

// componentOf is the component that a release installs.
func (t *tree) componentOf(release *object) string {
	if name := release.GetLabels()["formwork.dev/component"]; name != "" && at(release, "spec", "kubeConfig") == nil {
		return name
	}
	name := text(release, "spec", "releaseName")
	for _, c := range t.components {
		if c.release == name {
			return c.name
		}
	}
	return name
}

// work lets the hands of a site do what they do, until it is stopped.
func (s *site) work() {
	var ctx context.Context
	ctx, s.stopped = context.WithCancel(context.Background())
	s.helm = httptest.NewServer(http.HandlerFunc(s.answerHelm))
	s.working.Go(func() {
		for ctx.Err() == nil {
			for _, hand := range []func() error{s.installReleases, s.setStatuses, s.keepInstance} {
				if err := hand(); err != nil {
					s.note(err)
				}
			}
			time.Sleep(400 * time.Millisecond)
		}
	})
}

// note keeps what went wrong in the hands themselves.
func (s *site) note(err error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	for _, known := range s.problems {
		if known.Error() == err.Error() {
			return
		}
	}
	s.problems = append(s.problems, err)
}

func (s *site) stop() { s.over.Do(s.end) }

func (s *site) end() {
	for _, other := range s.made() {
		other.stop()
	}
	if s.stopped != nil {
		s.stopped()
		s.working.Wait()
		s.helm.Close()
	}
	// Those that were made meanwhile.
	for _, other := range s.made() {
		other.stop()
	}
	if s.metrics != nil {
		s.metrics.Close()
	}
	s.stopFlux()
	if s.server != nil {
		s.server.Stop()
	}
}

// made are the clusters that this one manages, by name, as far as they are there.
func (s *site) made() []*site {
	s.lock.Lock()
	defer s.lock.Unlock()
	var all []*site
	for _, name := range slices.Sorted(maps.Keys(s.managed)) {
		all = append(all, s.managed[name])
	}
	return all
}

// bootstrap runs the emitted script, from where there is an API server.
func (s *site) bootstrap() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	bin := filepath.Join(s.folder, "bin")
	for tool := range tools {
		if err := os.Symlink(self, filepath.Join(bin, tool)); err != nil {
			return err
		}
	}
	if err := s.giveKey(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	folder := filepath.Join(s.repository.root, "bootstrap", s.cluster.name)
	command := exec.CommandContext(ctx, "bash", filepath.Join(folder, "bootstrap.sh"), "--from", "namespaces")
	command.Env = append(os.Environ(), s.forge.environment()...)
	command.Env = append(command.Env,
		"PATH="+bin+":"+os.Getenv("PATH"), "HOME="+s.folder, "JUDGE_HELM="+s.helm.URL,
		"CLUSTER_KUBECONFIG="+filepath.Join(s.folder, "kubeconfig"), "TALOS_SECRETS="+s.folder,
		"SOPS_AGE_KEY_FILE="+filepath.Join(s.folder, "age.key"), "MANAGER_KUBECONFIG="+filepath.Join(s.folder, "kubeconfig"))
	for _, name := range []string{"talosconfig", "controlplane.yaml", "worker.yaml"} {
		if err := os.WriteFile(filepath.Join(s.folder, name), nil, 0o600); err != nil {
			return err
		}
	}
	machines, _ := filepath.Glob(filepath.Join(s.repository.root, "machines", s.cluster.name, "*.yaml"))
	for _, machine := range machines {
		name := strings.NewReplacer("-", "_", ".", "_").Replace(strings.TrimSuffix(filepath.Base(machine), ".yaml"))
		command.Env = append(command.Env, "ADDRESS_"+name+"=127.0.0.1")
	}
	said, err := command.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", err, last(string(said), 800))
	}
	return nil
}

// giveKey makes what the script asks to have made by hand: the key to the repository, where the tree has none sealed.
func (s *site) giveKey() error {
	name := s.cluster.sync.secret
	for _, sealed := range s.repository.secrets[s.cluster.name] {
		if sealed.plain.GetName() == name && sealed.plain.GetNamespace() == "flux-system" {
			return nil
		}
	}
	if name == "" {
		return nil
	}
	if err := s.client.apply(reference("v1", "Namespace", "", "flux-system")); err != nil {
		return err
	}
	key := reference("v1", "Secret", "flux-system", name)
	key.Object["stringData"] = map[string]any{"identity": "judge", "known_hosts": "judge"}
	return s.client.apply(key)
}

func last(text string, size int) string { return text[max(0, len(text)-size):] }

// broken is what went wrong in the hands, nil for nothing.
func (s *site) broken() error {
	s.lock.Lock()
	defer s.lock.Unlock()
	return errors.Join(s.problems...)
}
