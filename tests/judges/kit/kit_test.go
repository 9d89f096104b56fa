package kit

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func parsed(t *testing.T, text string) Docs {
	t.Helper()
	docs, err := ParseDocs([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return docs
}

func TestPaths(t *testing.T) {
	docs := parsed(t, "a:\n  b: [{c: 1}]\n---\nd: 2\n")
	if got := Value(docs[0], "a.b.0.c") + Value(docs[1], "d"); got != "12" {
		t.Error(got)
	}
	if Get(docs[0], "a.b.1") != nil || Get(docs[0], "a.b.x") != nil || Get(docs[1], "d.e") != nil {
		t.Error("found what is not there")
	}
	for path, value := range map[string]string{"a.b.0.c": "[3]", "x.y": "{z: 4}"} {
		if err := Set(docs[0], path, value); err != nil {
			t.Error(err)
		}
	}
	if Set(docs[0], "a.b.7", "1") == nil {
		t.Error("set an item that is not there")
	}
	if !Delete(docs[1], "d") || Delete(docs[1], "d") || Delete(docs[1], "e.f") {
		t.Error("delete does not know what is there")
	}
	text, err := docs.Text()
	if want := "a:\n    b: [{c: [3]}]\nx:\n    y: {z: 4}\n---\n{}\n"; err != nil || string(text) != want {
		t.Errorf("%s%v", text, err)
	}
}

// judgeOf is a judge of a folder with one file, which writes into the buffer.
func judgeOf(t *testing.T, text string) (*Judge, *bytes.Buffer) {
	t.Helper()
	root, out := t.TempDir(), &bytes.Buffer{}
	if err := os.WriteFile(filepath.Join(root, "x.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return &Judge{Root: root, Paths: []string{"x.yaml"}, out: out}, out
}

func setTo(name, path, value, want string) Mistake {
	return Mistake{name, want, func(docs Docs) (Docs, error) { return docs, Set(docs[0], path, value) }}
}

func TestTwins(t *testing.T) {
	judge, out := judgeOf(t, "a: good\n")
	mistakes := []Mistake{
		setTo("bad", "a", "bad", "is bad"),
		setTo("other reason", "a", "bad", "is ugly"),
		setTo("harmless", "b", "1", "is bad"),
		{"does not apply", "", func(Docs) (Docs, error) { return nil, nil }},
	}
	err := judge.Twins([]string{"x.yaml"}, mistakes, func(text []byte) error {
		if strings.Contains(string(text), "bad") {
			return errors.New("a\n  is bad")
		}
		return nil
	})
	want := "refused\tx.yaml: bad\ta is bad\n" +
		"missed\tx.yaml: other reason\trefused, but not for \"is ugly\": a is bad\n" +
		"missed\tx.yaml: harmless\taccepted\n"
	if err != nil || strings.ReplaceAll(out.String(), "a\n  is", "a is") != want {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestTwinsOfWhatIsNotGood(t *testing.T) {
	judge, _ := judgeOf(t, "a: good\n")
	err := judge.Twins([]string{"x.yaml"}, nil, func([]byte) error { return errors.New("no") })
	if err == nil || !strings.Contains(err.Error(), "merely printed again") {
		t.Error(err)
	}
}
