package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// report prints what failed, the table and the count; true if nothing failed. With all judges there,
// it also holds them to judging everything.
func report(out io.Writer, judges []*judge, all bool) bool {
	passed, failed := 0, 0
	fail := func(judge, subject, why string) {
		failed++
		fmt.Fprintf(out, "FAIL %s: %s: %s\n", judge, subject, why)
	}
	for _, j := range judges {
		slices.SortStableFunc(j.verdicts, func(a, b verdict) int { return cmp.Compare(a.tree, b.tree) })
		for _, v := range j.verdicts {
			switch {
			case v.failed():
				fail(j.name, subject(v), string(v.word)+": "+v.why)
			case v.word != leave:
				passed++
			}
		}
		if j.count(broken) > 0 {
			continue
		}
		if j.count(accept)+j.count(reject) == 0 {
			fail(j.name, "nothing judged", "no tree has what it reads")
		} else if j.count(refused) == 0 {
			fail(j.name, "no twin refused", "a judge that refuses nothing judges nothing")
		}
	}
	if all {
		for _, v := range orphans(judges) {
			fail("nobody", subject(v), v.why)
		}
	}
	table(out, judges)
	fmt.Fprintf(out, "%d passed, %d failed\n", passed, failed)
	return failed == 0
}

func subject(v verdict) string {
	if v.tree == "" {
		return v.subject
	}
	return v.tree + "/" + v.subject
}

func (j *judge) count(word word) int {
	n := 0
	for _, v := range j.verdicts {
		if v.word == word {
			n++
		}
	}
	return n
}

// orphans are the objects that a judge left to another one and no judge of the same files took.
func orphans(judges []*judge) []verdict {
	type object struct{ reads, tree, subject string }
	taken := map[object]bool{}
	for _, j := range judges {
		for _, v := range j.verdicts {
			if v.word == accept || v.word == reject {
				taken[object{j.reads, v.tree, v.subject}] = true
			}
		}
	}
	var found []verdict
	for _, j := range judges {
		for _, v := range j.verdicts {
			left := object{j.reads, v.tree, v.subject}
			if v.word == leave && !taken[left] {
				taken[left] = true
				found = append(found, v)
			}
		}
	}
	return found
}

func table(out io.Writer, judges []*judge) {
	rows := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(rows, "judge\tversion\tobjects judged\ttwins refused\tseconds\tbuild seconds")
	for _, j := range judges {
		fmt.Fprintf(rows, "%s\t%s\t%d\t%d\t%.1f\t%.1f\n", j.name, j.about,
			j.count(accept)+j.count(reject), j.count(refused), j.took.Seconds(), j.built.Seconds())
	}
	rows.Flush()
}
