package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// suite is a repository with judges that are small scripts.
type suite struct {
	t     *testing.T
	repo  string
	cache string
}

func newSuite(t *testing.T) *suite {
	s := &suite{t, t.TempDir(), t.TempDir()}
	s.write("golden/one/out/a/x.yaml", "x: 1\n")
	return s
}

func (s *suite) write(path, text string) {
	s.t.Helper()
	path = filepath.Join(s.repo, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		s.t.Fatal(err)
	}
}

// judge adds a judge that says the same of every tree, and counts how often it is asked.
func (s *suite) judge(name, answer string) {
	s.write("tests/judges/"+name+"/judge", `#!/bin/sh
case $1 in
  reads) echo 'a/*.yaml' ;;
  about) echo "`+name+` $(cat "$JUDGE_HOME/tool")" ;;
  build) echo v1 > "$JUDGE_HOME/tool" ;;
  judge) echo asked >> '`+s.asked(name)+`'; printf '`+answer+`' ;;
esac
`)
}

func (s *suite) asked(name string) string { return filepath.Join(s.cache, name+".asked") }

func (s *suite) timesAsked(name string) int {
	text, _ := os.ReadFile(s.asked(name))
	return strings.Count(string(text), "asked")
}

func (s *suite) run(args ...string) (green bool, out string) {
	s.t.Helper()
	var printed, progress bytes.Buffer
	args = append([]string{"--repo", s.repo, "--cache", s.cache}, args...)
	green, err := run(context.Background(), args, &printed, &progress)
	if err != nil {
		s.t.Fatalf("%v\n%s", err, progress.String())
	}
	return green, printed.String()
}

func TestGreen(t *testing.T) {
	s := newSuite(t)
	s.judge("good", `accept\ta/x.yaml\t\nrefused\ta/x.yaml: twin\twhy\n`)
	green, out := s.run()
	if !green || !strings.Contains(out, "2 passed, 0 failed") || !strings.Contains(out, "good v1") {
		t.Error(out)
	}
	if s.run(); s.timesAsked("good") != 1 {
		t.Error("judged again what has not changed")
	}
	s.run("--fresh")
	s.write("golden/one/out/a/x.yaml", "x: 2\n")
	if s.run(); s.timesAsked("good") != 3 {
		t.Error("not judged again although asked to, or changed")
	}
	s.write("golden/one/out/b/y.yaml", "y: 1\n")
	if s.run(); s.timesAsked("good") != 3 {
		t.Error("judged again for a file that the judge does not read")
	}
}

func TestFailures(t *testing.T) {
	for name, test := range map[string]struct{ answer, says string }{
		"rejected object": {`reject\ta/x.yaml\tbad\nrefused\ttwin\twhy\n`, "FAIL j: golden/one/out/a/x.yaml: reject: bad"},
		"missed twin":     {`accept\ta/x.yaml\t\nrefused\tt\twhy\nmissed\tt2\ttaken\n`, "FAIL j: golden/one/out/t2: missed: taken"},
		"no twin":         {`accept\ta/x.yaml\t\n`, "FAIL j: no twin refused"},
		"no object":       {`refused\ttwin\twhy\n`, "FAIL j: nothing judged"},
		"no verdict":      {`fine\n`, "not a verdict"},
		"unknown verdict": {`fine\ta/x.yaml\t\n`, "not a verdict"},
		"left alone":      {`accept\ta\t\nrefused\tt\twhy\nleave\ta/x.yaml\tfor another\n`, "FAIL nobody: golden/one/out/a/x.yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSuite(t)
			s.judge("j", test.answer)
			green, out := s.run()
			if green || !strings.Contains(out, test.says) {
				t.Error(out)
			}
		})
	}
}

func TestFailedIsJudgedAgain(t *testing.T) {
	s := newSuite(t)
	s.judge("j", `reject\ta/x.yaml\tbad\nrefused\tt\twhy\n`)
	s.run()
	if s.run(); s.timesAsked("j") != 2 {
		t.Error("a failure was kept")
	}
}

func TestJudgeThatBreaks(t *testing.T) {
	s := newSuite(t)
	s.write("tests/judges/j/judge", "#!/bin/sh\necho no such compiler >&2; exit 3\n")
	green, out := s.run()
	if green || !strings.Contains(out, "no such compiler") || !strings.Contains(out, "0 passed, 1 failed") {
		t.Error(out)
	}
}

func TestLeftToAnotherJudge(t *testing.T) {
	s := newSuite(t)
	s.judge("j", `accept\ta/x.yaml\t\nleave\ta/y.yaml\tnewer\nrefused\tt\twhy\n`)
	s.judge("k", `accept\ta/y.yaml\t\nleave\ta/x.yaml\tolder\nrefused\tt\twhy\n`)
	if green, out := s.run(); !green || !strings.Contains(out, "4 passed") {
		t.Error(out)
	}
	if green, out := s.run("k"); !green || !strings.Contains(out, "2 passed") {
		t.Error(out)
	}
}

func TestChangedJudgeIsBuiltAgain(t *testing.T) {
	s := newSuite(t)
	s.judge("j", `accept\ta/x.yaml\t\nrefused\tt\twhy\n`)
	s.run()
	s.write("tests/judges/shared/helper", "new")
	if s.run(); s.timesAsked("j") != 2 {
		t.Error("results outlived what judges share")
	}
}

func TestChangedInputIsBuiltAgain(t *testing.T) {
	s := newSuite(t)
	s.judge("j", `accept\ta/x.yaml\t\nrefused\tt\twhy\n`)
	s.write("tests/judges/j/inputs", "data\n")
	s.write("data/table", "old")
	s.run()
	s.write("data/table", "new")
	if s.run(); s.timesAsked("j") != 2 {
		t.Error("results outlived what the judge is made of")
	}
}

func TestExamplesAreBuiltUnlessGolden(t *testing.T) {
	s := newSuite(t)
	s.judge("j", `accept\ta/x.yaml\t\nrefused\tt\twhy\n`)
	s.write("examples/one/platform.yaml", "")
	s.write("examples/two/platform.yaml", "")
	s.write("formwork", "#!/bin/sh\nmkdir -p \"$4/a\"; echo z: 1 > \"$4/a/x.yaml\"\n")
	t.Setenv("FORMWORK", filepath.Join(s.repo, "formwork"))
	if _, out := s.run("--list"); out != "judge j\ntree golden/one/out\ntree examples/two\n" {
		t.Error(out)
	}
	if green, out := s.run(); !green || !strings.Contains(out, "4 passed") {
		t.Error(out)
	}
}

func TestUnknownJudge(t *testing.T) {
	s := newSuite(t)
	s.judge("j", "")
	_, err := run(context.Background(), []string{"--repo", s.repo, "--cache", s.cache, "k"}, &bytes.Buffer{}, &bytes.Buffer{})
	if err == nil || !strings.Contains(err.Error(), "no judge is called k; there are j") {
		t.Error(err)
	}
}

func TestMatching(t *testing.T) {
	files := []string{"a.yaml", "a/b.yaml", "a/b/c.yaml", "a/b/c.yml", "x.sh"}
	for patterns, want := range map[string]string{
		"*.yaml":            "a.yaml",
		"**/*.yaml":         "a.yaml a/b.yaml a/b/c.yaml",
		"a/**":              "a/b.yaml a/b/c.yaml a/b/c.yml",
		"a/**/c.y?l x.sh":   "a/b/c.yml x.sh",
		"a/*/*.yaml":        "a/b/c.yaml",
		"**/*.yaml *.yaml":  "a.yaml a/b.yaml a/b/c.yaml",
		"nothing/**/a.yaml": "",
	} {
		found, err := matching(files, patterns)
		if err != nil || !slices.Equal(found, strings.Fields(want)) {
			t.Errorf("%s: %v %v", patterns, found, err)
		}
	}
}

func TestTreesOfAJudge(t *testing.T) {
	s := newSuite(t)
	s.write("golden/two/out/a/x.yaml", "x: 2\n")
	s.judge("slow", `accept\ta/x.yaml\t\nrefused\ttwin\tno\n`)
	s.write("tests/judges/slow/trees", "golden/two/out\n")
	s.run()
	if n := s.timesAsked("slow"); n != 1 {
		t.Errorf("asked about %d trees, not the one it names", n)
	}
	s.run("--fresh", "slow")
	if n := s.timesAsked("slow"); n != 3 {
		t.Errorf("named, it is asked about all: %d", n-1)
	}
}
