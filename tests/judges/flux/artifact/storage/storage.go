// Package storage is a stand-in for that of github.com/fluxcd/pkg/artifact: a plain folder of artifacts,
// with the methods that source-controller calls. One file per revision, no retention.
package storage

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/fluxcd/pkg/sourceignore/gitignore"
	godigest "github.com/opencontainers/go-digest"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/fluxcd/pkg/apis/meta"
	"github.com/fluxcd/pkg/artifact/config"
	"github.com/fluxcd/pkg/artifact/digest"
	"github.com/fluxcd/pkg/sourceignore"
	"github.com/fluxcd/pkg/tar"
)

type Storage struct {
	BasePath string
	Hostname string
	mu       sync.Map
}

func New(o *config.Options) (*Storage, error) {
	if err := os.MkdirAll(o.StoragePath, 0o755); err != nil {
		return nil, err
	}
	h := o.StorageAdvAddress
	if h == "" {
		h = o.StorageAddress
	}
	return &Storage{BasePath: o.StoragePath, Hostname: h}, nil
}

// ArchiveFileFilter reports true for a path to leave out.
type ArchiveFileFilter func(p string, fi os.FileInfo) bool

func SourceIgnoreFilter(ps []gitignore.Pattern, domain []string) ArchiveFileFilter {
	m := sourceignore.NewDefaultMatcher(ps, domain)
	if len(ps) > 0 {
		m = sourceignore.NewMatcher(append(sourceignore.VCSPatterns(domain), ps...))
	}
	return func(p string, fi os.FileInfo) bool {
		return m.Match(strings.Split(p, string(filepath.Separator)), fi.IsDir())
	}
}

func (s *Storage) NewArtifactFor(kind string, o metav1.Object, revision, file string) meta.Artifact {
	a := meta.Artifact{Path: filepath.Join(strings.ToLower(kind), o.GetNamespace(), o.GetName(), file), Revision: revision}
	s.SetArtifactURL(&a)
	return a
}

func (s *Storage) SetArtifactURL(a *meta.Artifact) {
	if a == nil || a.Path == "" {
		return
	}
	a.URL = "http://" + s.Hostname + "/" + strings.TrimPrefix(a.Path, "/")
}

func (s *Storage) SetHostname(u string) string {
	p, err := url.Parse(u)
	if err != nil || u == "" {
		return ""
	}
	p.Host = s.Hostname
	return p.String()
}

func (s *Storage) LocalPath(a meta.Artifact) string {
	if a.Path == "" {
		return ""
	}
	return filepath.Join(s.BasePath, filepath.Clean("/"+a.Path))
}

func (s *Storage) MkdirAll(a meta.Artifact) error {
	return os.MkdirAll(filepath.Dir(s.LocalPath(a)), 0o755)
}

func (s *Storage) Lock(a meta.Artifact) (func(), error) {
	v, _ := s.mu.LoadOrStore(filepath.Dir(a.Path), &sync.Mutex{})
	m := v.(*sync.Mutex)
	m.Lock()
	return m.Unlock, nil
}

func (s *Storage) ArtifactExist(a meta.Artifact) bool {
	fi, err := os.Lstat(s.LocalPath(a))
	return err == nil && fi.Mode().IsRegular()
}

func (s *Storage) VerifyArtifact(a meta.Artifact) error {
	d, err := godigest.Parse(a.Digest)
	if err != nil {
		return err
	}
	f, err := os.Open(s.LocalPath(a))
	if err != nil {
		return err
	}
	defer f.Close()
	v := d.Verifier()
	if _, err := io.Copy(v, f); err != nil {
		return err
	}
	if !v.Verified() {
		return fmt.Errorf("digest of %s is not %s", a.Path, a.Digest)
	}
	return nil
}

func (s *Storage) Remove(a meta.Artifact) error { return os.Remove(s.LocalPath(a)) }

func (s *Storage) RemoveAll(a meta.Artifact) (string, error) {
	d := filepath.Dir(s.LocalPath(a))
	if _, err := os.Stat(d); err != nil {
		return "", nil
	}
	return d, os.RemoveAll(d)
}

func (s *Storage) GarbageCollect(_ context.Context, a meta.Artifact, _ time.Duration) ([]string, error) {
	keep := s.LocalPath(a)
	es, err := os.ReadDir(filepath.Dir(keep))
	if err != nil {
		return nil, nil
	}
	var del []string
	for _, e := range es {
		p := filepath.Join(filepath.Dir(keep), e.Name())
		fi, err := os.Lstat(p)
		if err == nil && p != keep && fi.Mode().IsRegular() && time.Since(fi.ModTime()) > time.Minute {
			if os.Remove(p) == nil {
				del = append(del, p)
			}
		}
	}
	return del, nil
}

// write puts what fill writes at the artifact's path and records digest, size and time.
func (s *Storage) write(a *meta.Artifact, fill func(io.Writer) error) (err error) {
	dst := s.LocalPath(*a)
	t, err := os.CreateTemp(filepath.Dir(dst), ".tmp-")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(t.Name())
		}
	}()
	d := digest.Canonical.Digester()
	if err = fill(io.MultiWriter(t, d.Hash())); err != nil {
		t.Close()
		return err
	}
	fi, err := t.Stat()
	if err != nil {
		return err
	}
	n := fi.Size()
	if err = t.Close(); err != nil {
		return err
	}
	if err = os.Chmod(t.Name(), 0o644); err != nil {
		return err
	}
	if err = os.Rename(t.Name(), dst); err != nil {
		return err
	}
	a.Digest, a.Size, a.LastUpdateTime = d.Digest().String(), &n, metav1.Now()
	return nil
}

func (s *Storage) Archive(a *meta.Artifact, dir string, filter ArchiveFileFilter) error {
	return s.write(a, func(w io.Writer) error {
		var opts []tar.Option
		if filter != nil {
			opts = append(opts, tar.WithFilter(filter))
		}
		_, err := tar.Tar(dir, w, opts...)
		return err
	})
}

func (s *Storage) Copy(a *meta.Artifact, r io.Reader) error {
	return s.write(a, func(w io.Writer) error { _, err := io.Copy(w, r); return err })
}

func (s *Storage) CopyFromPath(a *meta.Artifact, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return s.Copy(a, f)
}

func (s *Storage) CopyToPath(a *meta.Artifact, sub, to string) error {
	t, err := os.MkdirTemp("", "artifact-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(t)
	f, err := os.Open(s.LocalPath(*a))
	if err != nil {
		return err
	}
	defer f.Close()
	if err := tar.Untar(f, t, tar.WithMaxUntarSize(-1)); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.Rename(filepath.Join(t, filepath.Clean("/"+sub)), to)
}

func (s *Storage) Symlink(a meta.Artifact, name string) (string, error) {
	l := filepath.Join(filepath.Dir(s.LocalPath(a)), name)
	t := l + ".tmp"
	_ = os.Remove(t)
	if err := os.Symlink(filepath.Base(a.Path), t); err != nil {
		return "", err
	}
	if err := os.Rename(t, l); err != nil {
		return "", err
	}
	return "http://" + s.Hostname + "/" + filepath.Join(filepath.Dir(a.Path), name), nil
}
