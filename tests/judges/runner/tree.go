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
}

// findTrees lists what is to be judged: the trees named, or else every golden tree and every example.
func findTrees(ctx context.Context, repo string, named []string, scratch string, progress io.Writer) ([]*tree, error) {
	if len(named) == 0 {
		golden, err := filepath.Glob(filepath.Join(repo, "golden", "*", "out"))
		if err != nil {
			return nil, err
		}
		examples, err := buildExamples(ctx, repo, scratch, progress)
		if err != nil {
			return nil, err
		}
		named = append(golden, examples...)
	}
	var trees []*tree
	for _, root := range named {
		files, err := listFiles(root)
		if err != nil {
			return nil, err
		}
		name := strings.TrimPrefix(root, scratch+"/")
		if rel, err := filepath.Rel(repo, root); err == nil && !strings.HasPrefix(rel, "..") {
			name = rel
		}
		trees = append(trees, &tree{name: name, root: root, files: files})
	}
	return trees, nil
}

// buildExamples builds the examples whose output is not a golden tree already.
func buildExamples(ctx context.Context, repo, scratch string, progress io.Writer) ([]string, error) {
	specs, err := filepath.Glob(filepath.Join(repo, "examples", "*", "platform.yaml"))
	if err != nil {
		return nil, err
	}
	var built []string
	for _, spec := range specs {
		name := filepath.Base(filepath.Dir(spec))
		if _, err := os.Stat(filepath.Join(repo, "golden", name, "out")); err == nil {
			continue
		}
		out := filepath.Join(scratch, "examples", name)
		fmt.Fprintf(progress, "building examples/%s\n", name)
		args := []string{"run", "--quiet", "--locked", "--", "build", spec, "--out", out}
		program := "cargo"
		if formwork := os.Getenv("FORMWORK"); formwork != "" {
			program, args = formwork, args[4:]
		}
		command := exec.CommandContext(ctx, program, args...)
		command.Dir = repo
		if problems, err := command.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("examples/%s does not build: %w\n%s", name, err, problems)
		}
		built = append(built, out)
	}
	return built, nil
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
