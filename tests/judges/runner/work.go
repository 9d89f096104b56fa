package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// work is one run of the suite.
type work struct {
	ctx     context.Context
	cache   string
	scratch string
	fresh   bool
	// keepAll keeps what fails too: a hunt for mutants that was interrupted goes on where it was.
	keepAll  bool
	progress io.Writer

	lock sync.Mutex
}

func (w *work) say(format string, args ...any) {
	w.lock.Lock()
	defer w.lock.Unlock()
	fmt.Fprintf(w.progress, format+"\n", args...)
}

// prepare builds the judges' tools, one judge after the other: a build uses all cores by itself.
func (w *work) prepare(judges []*judge) {
	for _, j := range judges {
		err := j.build(w.ctx, w.say)
		if err == nil {
			j.reads, err = j.run(w.ctx, w.scratch, "", "reads")
		}
		if err == nil {
			j.about, err = j.run(w.ctx, w.scratch, "", "about")
		}
		j.about = strings.TrimSpace(j.about)
		if err != nil {
			j.verdicts = append(j.verdicts, verdict{broken, "", "no tools", err.Error()})
		}
	}
}

// judge has every judge with tools judge every tree, some at a time.
func (w *work) judge(judges []*judge, trees []*tree, jobs int) {
	var tasks sync.WaitGroup
	free := make(chan struct{}, max(1, jobs))
	for _, j := range judges {
		if len(j.verdicts) > 0 {
			continue
		}
		for _, t := range trees {
			if t.found && len(j.trees) > 0 && !slices.Contains(j.trees, filepath.ToSlash(t.name)) {
				continue
			}
			tasks.Go(func() {
				free <- struct{}{}
				defer func() { <-free }()
				start := time.Now()
				verdicts := w.judgeTree(j, t)
				w.lock.Lock()
				defer w.lock.Unlock()
				j.took += time.Since(start)
				j.verdicts = append(j.verdicts, verdicts...)
			})
		}
	}
	tasks.Wait()
}

// judgeTree is one judge on one tree. What passed is kept by what was read, and not judged again.
func (w *work) judgeTree(j *judge, t *tree) []verdict {
	fails := func(err error) []verdict { return []verdict{{broken, t.name, "not judged", err.Error()}} }
	files, err := matching(t.files, j.reads)
	if err != nil || len(files) == 0 {
		if err != nil {
			return fails(err)
		}
		return nil
	}
	content, err := hashFiles(t.root, files)
	if err != nil {
		return fails(err)
	}
	kept := filepath.Join(w.cache, digest(j.name, j.key, content))
	answer, err := os.ReadFile(kept)
	if err == nil && !w.fresh {
		now := time.Now()
		// A result that is used is not forgotten; should that fail, it is only judged again one day.
		_ = os.Chtimes(kept, now, now)
	} else {
		scratch, err := os.MkdirTemp(w.scratch, j.name+"-")
		if err != nil {
			return fails(err)
		}
		defer os.RemoveAll(scratch)
		text, err := j.run(w.ctx, scratch, strings.Join(files, "\n")+"\n", "judge", t.root)
		if err != nil {
			return fails(err)
		}
		answer = []byte(text)
	}
	verdicts, err := parseVerdicts(t.name, string(answer))
	if err != nil {
		return fails(err)
	}
	for _, v := range verdicts {
		if v.failed() && !w.keepAll {
			return verdicts
		}
	}
	if err := keep(kept, answer); err != nil {
		w.say("not kept: %v", err)
	}
	return verdicts
}

// keep writes a result so that a reader finds it whole or not at all.
func keep(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".new-")
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		os.Remove(file.Name())
	}
	return err
}

// forget removes tools and results that no run has used for a month.
func forget(cache string) {
	old := time.Now().AddDate(0, -1, 0)
	results, _ := filepath.Glob(filepath.Join(cache, "results", "*"))
	marks, _ := filepath.Glob(filepath.Join(cache, "*", "*", ".built"))
	for _, path := range append(results, marks...) {
		info, err := os.Stat(path)
		if err != nil || info.ModTime().After(old) {
			continue
		}
		if filepath.Base(path) == ".built" {
			path = filepath.Dir(path)
			os.Remove(path + ".lock")
		}
		os.RemoveAll(path)
	}
}
