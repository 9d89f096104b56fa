package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// tree is one folder of generated files.
type tree struct {
	// name is how a report calls it: its path in the repository.
	name  string
	root  string
	files []string
	// spec is what the tree has to be built from first; empty where it is there.
	spec string
	// found says that it is one of all, and was not named.
	found bool
}

// findTrees lists what is to be judged: the trees named, or else every golden tree, and every example
// whose output is not one of them.
func findTrees(repo string, named []string, scratch string) ([]*tree, error) {
	var trees []*tree
	add := func(root string) {
		name := root
		if rel, err := filepath.Rel(repo, root); err == nil && !strings.HasPrefix(rel, "..") {
			name = rel
		}
		trees = append(trees, &tree{name: name, root: root})
	}
	for _, root := range named {
		add(root)
	}
	if len(named) > 0 {
		return trees, nil
	}
	golden, err := filepath.Glob(filepath.Join(repo, "golden", "*", "out"))
	if err != nil {
		return nil, err
	}
	for _, root := range golden {
		add(root)
	}
	specs, err := filepath.Glob(filepath.Join(repo, "examples", "*", "platform.yaml"))
	if err != nil {
		return nil, err
	}
	for _, spec := range specs {
		name := filepath.Base(filepath.Dir(spec))
		if _, err := os.Stat(filepath.Join(repo, "golden", name, "out")); err == nil {
			continue
		}
		name = filepath.Join("examples", name)
		trees = append(trees, &tree{name: name, root: filepath.Join(scratch, name), spec: spec})
	}
	for _, t := range trees {
		t.found = true
	}
	return trees, nil
}

// readTrees builds the trees that are not there yet, and lists the files of all.
func readTrees(ctx context.Context, repo string, trees []*tree, progress io.Writer) error {
	for _, t := range trees {
		if t.spec != "" {
			fmt.Fprintf(progress, "building %s\n", t.name)
			if err := t.build(ctx, repo); err != nil {
				return err
			}
		}
		var err error
		if t.files, err = listFiles(t.root); err != nil {
			return err
		}
	}
	return nil
}

// build writes an example's tree, by the program that $FORMWORK names or by that of this repository.
func (t *tree) build(ctx context.Context, repo string) error {
	program, args := "cargo", []string{"run", "--quiet", "--locked", "--"}
	if formwork := os.Getenv("FORMWORK"); formwork != "" {
		program, args = formwork, nil
	}
	command := exec.CommandContext(ctx, program, append(args, "build", t.spec, "--out", t.root)...)
	command.Dir = repo
	if problems, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s does not build: %w\n%s", t.name, err, problems)
	}
	return nil
}

// listFiles are the paths of a folder's files, relative to it, with slashes, sorted.
func listFiles(root string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		rel, err := filepath.Rel(root, path)
		files = append(files, filepath.ToSlash(rel))
		return err
	})
	slices.Sort(files)
	return files, err
}

// hashFolder is over the names and contents of all files of a folder.
func hashFolder(root string) (string, error) {
	files, err := listFiles(root)
	if err != nil {
		return "", err
	}
	files = slices.DeleteFunc(files, func(path string) bool { return strings.Contains(path, "__pycache__/") })
	return hashFiles(root, files)
}

func hashFiles(root string, files []string) (string, error) {
	var parts []string
	for _, file := range files {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
		if err != nil {
			return "", err
		}
		parts = append(parts, file, string(text))
	}
	return digest(parts...), nil
}

// matching are the files that one of the patterns (one a line) takes. `*` and `?` stay within a
// folder; `**` crosses folders, and as the first or a middle part of a path it may be nothing.
func matching(files []string, patterns string) ([]string, error) {
	var found []string
	for _, pattern := range strings.Fields(patterns) {
		expression, err := globExpression(pattern)
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			if expression.MatchString(file) {
				found = append(found, file)
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}

func globExpression(pattern string) (*regexp.Regexp, error) {
	text := regexp.QuoteMeta(pattern)
	text = strings.NewReplacer(`\*\*/`, `(?:.*/)?`, `\*\*`, `.*`, `\*`, `[^/]*`, `\?`, `[^/]`).Replace(text)
	return regexp.Compile("^" + text + "$")
}
