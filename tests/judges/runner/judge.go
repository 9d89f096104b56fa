package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

// judge is one folder of tests/judges with a `judge` program in it.
type judge struct {
	name  string
	entry string
	// key changes with the sources of the judge, so that its tools and results are made anew.
	key  string
	home string
	// trees are those that it is asked about where neither it nor a tree is named; all if there are none.
	trees []string

	about    string
	reads    string
	built    time.Duration
	took     time.Duration
	verdicts []verdict
}

// findJudges lists the judges, or those of them that are named.
func findJudges(folder, cache string, only []string) ([]*judge, error) {
	entries, err := filepath.Glob(filepath.Join(folder, "*", "judge"))
	if err != nil {
		return nil, err
	}
	var judges []*judge
	var names []string
	for _, entry := range entries {
		dir := filepath.Dir(entry)
		names = append(names, filepath.Base(dir))
		if len(only) > 0 && !slices.Contains(only, filepath.Base(dir)) {
			continue
		}
		judges = append(judges, &judge{name: filepath.Base(dir), entry: entry})
	}
	for _, name := range only {
		if !slices.Contains(names, name) {
			return nil, fmt.Errorf("no judge is called %s; there are %s", name, strings.Join(names, ", "))
		}
	}
	shared, err := sharedKey(folder, names)
	if err != nil {
		return nil, err
	}
	for _, j := range judges {
		if len(only) == 0 {
			text, err := os.ReadFile(filepath.Join(filepath.Dir(j.entry), "trees"))
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return nil, err
			}
			j.trees = strings.Fields(string(text))
		}
		own, err := hashFolder(filepath.Dir(j.entry))
		if err != nil {
			return nil, err
		}
		inputs, err := inputsOf(folder, filepath.Dir(j.entry))
		if err != nil {
			return nil, err
		}
		j.key = digest(append(inputs, shared, own, runtime.Version(), runtime.GOOS, runtime.GOARCH)...)
		j.home = filepath.Join(cache, j.name, j.key)
	}
	return judges, nil
}

// sharedKey is over the folders that are no judge: what judges share. The runner is not in it, for
// its changes make no tool another one.
func sharedKey(folder string, judges []string) (string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return "", err
	}
	var parts []string
	for _, entry := range entries {
		name := entry.Name()
		if !entry.IsDir() || name == "runner" || slices.Contains(judges, name) {
			continue
		}
		hash, err := hashFolder(filepath.Join(folder, name))
		if err != nil {
			return "", err
		}
		parts = append(parts, name, hash)
	}
	return digest(parts...), nil
}

// inputsOf are the folders elsewhere in the repository that a judge makes its tools of, each with what is
// in it: the lines of its file `inputs`.
func inputsOf(folder, judge string) ([]string, error) {
	lines, err := os.ReadFile(filepath.Join(judge, "inputs"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var parts []string
	for _, input := range strings.Fields(string(lines)) {
		hash, err := hashFolder(filepath.Join(folder, "..", "..", filepath.FromSlash(input)))
		if err != nil {
			return nil, err
		}
		parts = append(parts, input, hash)
	}
	return parts, nil
}

// build makes the tools once; a mark says that they are whole.
func (j *judge) build(ctx context.Context, progress func(format string, args ...any)) error {
	mark := filepath.Join(j.home, ".built")
	unlock, err := lock(j.home + ".lock")
	if err != nil {
		return err
	}
	defer unlock()
	now := time.Now()
	if os.Chtimes(mark, now, now) == nil {
		return nil
	}
	progress("building the tools of %s", j.name)
	if err := os.RemoveAll(j.home); err != nil {
		return err
	}
	if err := os.MkdirAll(j.home, 0o755); err != nil {
		return err
	}
	if _, err := j.run(ctx, j.home, "", "build"); err != nil {
		return err
	}
	j.built = time.Since(now)
	return os.WriteFile(mark, nil, 0o644)
}

// run asks the judge's program one of its four questions.
func (j *judge) run(ctx context.Context, scratch, input string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, j.entry, args...)
	command.Env = append(os.Environ(), "JUDGE_HOME="+j.home, "JUDGE_SCRATCH="+scratch)
	command.Stdin = strings.NewReader(input)
	var out, problems strings.Builder
	command.Stdout, command.Stderr = &out, &problems
	// A group of its own, so that an interrupt reaches what the judge has started too.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGTERM) }
	command.WaitDelay = 10 * time.Second
	err := command.Run()
	if ctx.Err() != nil && command.Process != nil {
		// A server that lost the other one it needs never ends by itself.
		_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
	}
	if err != nil {
		return "", fmt.Errorf("judge %s: %w: %s", args[0], err, lastLines(problems.String(), 15))
	}
	return out.String(), nil
}

// lock waits until no other run builds the same tools.
func lock(path string) (unlock func(), err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		return nil, err
	}
	return func() { file.Close() }, nil
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

// digest is a short hash of some parts, in which no part can pass for the end of another.
func digest(parts ...string) string {
	hash := sha256.New()
	for _, part := range parts {
		fmt.Fprintf(hash, "%d:%s", len(part), part)
	}
	return fmt.Sprintf("%x", hash.Sum(nil))[:32]
}
