// The Git repository of a tree: the copy that a cluster follows.
package main

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"filippo.io/age"
)

// repository is a work tree whose .git a forge serves.
type repository struct {
	folder string
	// root is the generated tree in it.
	root string
	refs []string
	// key opens what is sealed in it: that of each cluster here.
	key     *age.X25519Identity
	secrets map[string][]secret
}

// newRepository copies a tree to where a cluster's source says that it lies.
func newRepository(f *forge, t *tree, c *cluster) (*repository, error) {
	where, err := url.Parse(c.sync.url)
	if err != nil {
		return nil, err
	}
	served := filepath.Join(f.folder, where.Hostname(), filepath.FromSlash(filepath.Clean(where.Path)))
	r := &repository{folder: served + ".work", secrets: map[string][]secret{}}
	r.root = filepath.Join(r.folder, filepath.FromSlash(c.prefix()))
	for _, part := range []string{"clusters", "bootstrap", "machines", "kind"} {
		from := filepath.Join(t.root, part)
		if _, err := os.Stat(from); err != nil {
			continue
		}
		if err := os.CopyFS(filepath.Join(r.root, part), os.DirFS(from)); err != nil {
			return nil, err
		}
	}
	if r.key, err = age.GenerateX25519Identity(); err != nil {
		return nil, err
	}
	for name, other := range t.clusters {
		r.refs = append(r.refs, other.sync.ref)
		if r.secrets[name], err = seal(r.root, name, r.key); err != nil {
			return nil, err
		}
	}
	if err := r.git("init", "--quiet", "--initial-branch=main"); err != nil {
		return nil, err
	}
	return r, os.Symlink(filepath.Join(r.folder, ".git"), served)
}

// commit takes the work tree as it is, and returns the end of the revision that Flux will name.
func (r *repository) commit(message string) (string, error) {
	for _, args := range [][]string{{"add", "--all"}, {"commit", "--quiet", "--allow-empty", "--message", message}} {
		if err := r.git(args...); err != nil {
			return "", err
		}
	}
	text, err := exec.Command("git", "-C", r.folder, "rev-parse", "HEAD").Output()
	if err != nil {
		return "", err
	}
	commit := strings.TrimSpace(string(text))
	for _, ref := range r.refs {
		if err := r.git("update-ref", ref, commit); err != nil {
			return "", err
		}
	}
	return "@sha1:" + commit, nil
}

func (r *repository) git(args ...string) error {
	command := exec.Command("git", append([]string{"-C", r.folder, "-c", "user.name=judge", "-c", "user.email=judge@example.org",
		"-c", "gc.auto=0", "-c", "core.autocrlf=false", "-c", "commit.gpgSign=false"}, args...)...)
	command.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
	if said, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("git %s: %w: %s", args[0], err, said)
	}
	return nil
}

// https is the URL by which the forge serves a repository: one of ssh has another scheme there.
func https(address string) string {
	where, err := url.Parse(address)
	if err != nil || where.Scheme != "ssh" {
		return address
	}
	return "https://" + where.Hostname() + where.Path
}
