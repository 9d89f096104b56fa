// The runner of the judges: it builds their tools, has every judge judge every tree, keeps what
// passed, and prints a table. README.md beside it says what a judge is.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	green, err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "tests/judges/run:", err)
		os.Exit(2)
	}
	if !green {
		os.Exit(1)
	}
}

// options are what the command line says.
type options struct {
	repo  string
	cache string
	fresh bool
	list  bool
	jobs  int
	// mutants is how many single-line mistakes are tried instead of the trees as they are.
	mutants int
	seed    uint64
	verbose bool
	trees   list
	only    []string
}

type list []string

func (l *list) String() string     { return strings.Join(*l, " ") }
func (l *list) Set(s string) error { *l = append(*l, s); return nil }

func parse(args []string, usage io.Writer) (options, error) {
	var o options
	cache, err := os.UserCacheDir()
	if err != nil {
		return o, err
	}
	flags := flag.NewFlagSet("tests/judges/run", flag.ContinueOnError)
	flags.SetOutput(usage)
	flags.StringVar(&o.repo, "repo", ".", "the repository")
	flags.StringVar(&o.cache, "cache", filepath.Join(cache, "formwork", "judges"), "where tools and results are kept")
	flags.BoolVar(&o.fresh, "fresh", false, "judge again what has passed before")
	flags.BoolVar(&o.list, "list", false, "list the judges and the trees, and stop")
	flags.IntVar(&o.jobs, "jobs", runtime.NumCPU(), "how many trees are judged at a time")
	flags.IntVar(&o.mutants, "mutants", 0, "judge this many copies with one wrong line each, instead of the trees")
	flags.Uint64Var(&o.seed, "seed", 1, "which ones")
	flags.BoolVar(&o.verbose, "why", false, "print of each mutant why it was refused")
	flags.Var(&o.trees, "tree", "judge this folder of generated files instead (can be repeated)")
	flags.Usage = func() {
		fmt.Fprintln(usage, "usage: tests/judges/run [OPTION...] [JUDGE...]")
		flags.PrintDefaults()
	}
	err = flags.Parse(args)
	o.only = flags.Args()
	return o, err
}

// run is the whole command; false says that something failed to pass.
func run(ctx context.Context, args []string, out, progress io.Writer) (bool, error) {
	o, err := parse(args, progress)
	if err != nil {
		return errors.Is(err, flag.ErrHelp), err
	}
	judges, err := findJudges(filepath.Join(o.repo, "tests", "judges"), o.cache, o.only)
	if err != nil {
		return false, err
	}
	scratch, err := os.MkdirTemp("", "formwork-judges-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(scratch)
	trees, err := findTrees(o.repo, o.trees, scratch)
	if err != nil {
		return false, err
	}
	if o.list {
		for _, judge := range judges {
			fmt.Fprintln(out, "judge", judge.name)
		}
		for _, tree := range trees {
			fmt.Fprintln(out, "tree", tree.name)
		}
		return true, nil
	}
	if err := readTrees(ctx, o.repo, trees, progress); err != nil {
		return false, err
	}
	work := &work{ctx: ctx, cache: filepath.Join(o.cache, "results"), scratch: scratch, fresh: o.fresh, progress: progress}
	work.prepare(judges)
	if o.mutants > 0 {
		return work.mutate(judges, trees, o, out)
	}
	work.judge(judges, trees, o.jobs)
	if err := ctx.Err(); err != nil {
		return false, errors.New("interrupted")
	}
	forget(o.cache)
	return report(out, judges, len(o.only) == 0), nil
}
