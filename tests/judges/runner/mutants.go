package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
)

// enough is the share of mutants that has to be refused, in percent.
const enough = 95

// late are judges that start servers: they are asked once no other refuses.
var late = []string{"helm", "kube-apiserver", "cluster-api-live", "flux"}

// mutant is a tree in which one line is wrong.
type mutant struct {
	tree *tree
	path string
	site site
	was  string
	// refuser is the judge that refused it, and why is what it said; empty where none did.
	refuser, why string
}

func (m *mutant) name() string { return fmt.Sprintf("%s/%s:%d", m.tree.name, m.path, m.site.line+1) }

// breed picks mutants from all trees: of each class as many, the same for the same seed.
func breed(trees []*tree, count int, seed uint64) ([]*mutant, error) {
	all := map[class][]*mutant{}
	for _, t := range trees {
		for _, path := range t.files {
			if !strings.HasSuffix(path, ".yaml") {
				continue
			}
			text, err := os.ReadFile(filepath.Join(t.root, filepath.FromSlash(path)))
			if err != nil {
				return nil, err
			}
			lines := strings.Split(string(text), "\n")
			for _, s := range sites(string(text)) {
				all[s.class] = append(all[s.class], &mutant{tree: t, path: path, site: s, was: lines[s.line]})
			}
		}
	}
	random := rand.New(rand.NewPCG(seed, 0))
	var chosen []*mutant
	for i := range count {
		pool := all[classes[i%len(classes)]]
		if len(pool) == 0 {
			continue
		}
		at := random.IntN(len(pool))
		chosen = append(chosen, pool[at])
		all[classes[i%len(classes)]] = slices.Delete(pool, at, at+1)
	}
	return chosen, nil
}

// mutate is the whole of --mutants; false says that too many were not refused.
func (w *work) mutate(judges []*judge, trees []*tree, o options, out io.Writer) (bool, error) {
	for _, j := range judges {
		for _, v := range j.verdicts {
			return false, fmt.Errorf("%s: %s: %s", j.name, v.subject, v.why)
		}
	}
	// Whether a broken tree's own twins are refused says nothing.
	if err := os.Setenv("JUDGE_TWINS", "none"); err != nil {
		return false, err
	}
	w.keepAll = true
	mutants, err := breed(trees, o.mutants, o.seed)
	if err == nil {
		err = w.hunt(judges, mutants, o.jobs)
	}
	if err != nil {
		return false, err
	}
	if o.verbose {
		for _, m := range mutants {
			fmt.Fprintf(out, "%s %s: %q: %s: %s\n", m.site.class, m.name(), strings.TrimSpace(m.site.text), m.refuser, m.why)
		}
	}
	return obituary(out, mutants), nil
}

// hunt has the judges judge each mutant until one refuses it.
func (w *work) hunt(judges []*judge, mutants []*mutant, jobs int) error {
	slices.SortStableFunc(judges, func(a, b *judge) int {
		return slices.Index(late, a.name) - slices.Index(late, b.name)
	})
	var tasks sync.WaitGroup
	free := make(chan struct{}, max(1, jobs))
	errs := make([]error, len(mutants))
	for i, m := range mutants {
		tasks.Go(func() {
			free <- struct{}{}
			defer func() { <-free }()
			errs[i] = w.try(judges, m)
		})
	}
	tasks.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// try makes the tree of a mutant and asks one judge after the other.
func (w *work) try(judges []*judge, m *mutant) error {
	root, err := os.MkdirTemp(w.scratch, "mutant-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(root)
	if err := os.CopyFS(root, os.DirFS(m.tree.root)); err != nil {
		return err
	}
	path := filepath.Join(root, filepath.FromSlash(m.path))
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	lines := strings.Split(string(text), "\n")
	lines[m.site.line] = m.site.text
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o644); err != nil {
		return err
	}
	mutated := &tree{name: m.tree.name, root: root, files: m.tree.files}
	for _, j := range judges {
		if reads, err := matching([]string{m.path}, j.reads); err != nil || len(reads) == 0 {
			continue
		}
		for _, v := range w.judgeTree(j, mutated) {
			// A twin that fares another way, since what it is made of is broken, refuses nothing.
			if v.word == reject || v.word == broken {
				m.refuser, m.why = j.name, strings.TrimSpace(v.subject+": "+v.why)
				w.say("refused by %s: %s", j.name, m.name())
				return nil
			}
		}
		if w.ctx.Err() != nil {
			return context.Cause(w.ctx)
		}
	}
	w.say("SURVIVES: %s", m.name())
	return nil
}

// obituary prints who refused the mutants, by class, and each that nobody did; true if enough were refused.
func obituary(out io.Writer, mutants []*mutant) bool {
	rows := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(rows, "mistake\tmutants\trefused\tby")
	refused := 0
	for _, c := range classes {
		of, no, by := 0, 0, map[string]int{}
		for _, m := range mutants {
			if m.site.class != c {
				continue
			}
			of++
			if m.refuser != "" {
				no++
				by[m.refuser]++
			}
		}
		refused += no
		fmt.Fprintf(rows, "%s\t%d\t%d\t%s\n", c, of, no, counts(by))
	}
	rows.Flush()
	for _, m := range mutants {
		if m.refuser == "" {
			fmt.Fprintf(out, "SURVIVES %s: %q is now %q\n", m.name(), strings.TrimSpace(m.was), strings.TrimSpace(m.site.text))
		}
	}
	fmt.Fprintf(out, "%d of %d mutants refused, %d%% wanted\n", refused, len(mutants), enough)
	return len(mutants) > 0 && refused*100 >= enough*len(mutants)
}

func counts(by map[string]int) string {
	var parts []string
	for name, n := range by {
		parts = append(parts, fmt.Sprintf("%s %d", name, n))
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}
