// Package kit is what the Go judges share: the frame of a judge's program, its verdicts, its twins.
package kit

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
)

// Judge gives verdicts on one tree of generated files.
type Judge struct {
	// Root is the tree's folder.
	Root string
	// Paths are the tree's files that this judge reads, relative to Root, sorted.
	Paths []string

	out io.Writer
}

// Main is the body of a judge's main(): `judge about` prints what about says, `judge TREE` judges
// the files of TREE whose paths come on standard input.
func Main(about func() string, run func(*Judge) error) {
	if len(os.Args) != 2 {
		fail(fmt.Errorf("usage: %s about|TREE", filepath.Base(os.Args[0])))
	}
	if os.Args[1] == "about" {
		fmt.Println(about())
		return
	}
	judge := &Judge{Root: os.Args[1], out: os.Stdout}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		judge.Paths = append(judge.Paths, lines.Text())
	}
	if err := lines.Err(); err != nil {
		fail(err)
	}
	if err := run(judge); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// Read returns the text of one file of the tree.
func (j *Judge) Read(path string) ([]byte, error) {
	return os.ReadFile(filepath.Join(j.Root, filepath.FromSlash(path)))
}

// Verdict says that the consumer takes the file (err is nil) or why it does not, and returns which.
func (j *Judge) Verdict(path string, err error) bool {
	if err != nil {
		j.say("reject", path, err.Error())
		return false
	}
	j.say("accept", path, "")
	return true
}

// Leave says that the file is for another judge that reads the same files, and why.
func (j *Judge) Leave(path, why string) { j.say("leave", path, why) }

// Twin says how a broken copy of a good file fared: it has to be refused, and for the reason that
// it was broken, so the refusal has to contain want.
func (j *Judge) Twin(path, name string, err error, want string) {
	twin := path + ": " + name
	switch {
	case err == nil:
		j.say("missed", twin, "accepted")
	case !strings.Contains(err.Error(), want):
		j.say("missed", twin, fmt.Sprintf("refused, but not for %q: %v", want, err))
	default:
		j.say("refused", twin, err.Error())
	}
}

// WantsTwins says whether twins are wanted: not where the tree itself is one.
func (j *Judge) WantsTwins() bool { return os.Getenv("JUDGE_TWINS") != "none" }

// say writes one verdict: three fields, tabs between them, on one line.
func (j *Judge) say(verdict, subject, why string) {
	why = strings.Join(strings.Fields(why), " ")
	if _, err := fmt.Fprintf(j.out, "%s\t%s\t%s\n", verdict, subject, why); err != nil {
		fail(err)
	}
}

// Version is the version of a module that this program was built with.
func Version(module string) string {
	info, ok := debug.ReadBuildInfo()
	if ok {
		for _, dep := range info.Deps {
			if dep.Path == module {
				return dep.Version
			}
		}
	}
	return "(unknown version)"
}
