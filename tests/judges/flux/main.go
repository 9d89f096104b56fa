// The Flux judge: source-controller and kustomize-controller, real and on loopback, bring up every
// cluster of a tree from the emitted bootstrap on, until every Kustomization is Ready.
package main

import (
	"debug/buildinfo"
	"os"
	"path/filepath"

	"formwork.dev/judges/kit"
)

func main() {
	// The bootstrap script finds this program under the names of its tools.
	if tool := tools[filepath.Base(os.Args[0])]; tool != nil {
		tool(os.Args[1:])
		return
	}
	kit.Main(about, run)
}

func about() string {
	return builtOf("source-controller") + ", " + builtOf("kustomize-controller")
}

// builtOf is what a controller's program was built of.
func builtOf(program string) string {
	info, err := buildinfo.ReadFile(filepath.Join(os.Getenv("JUDGE_HOME"), "bin", program))
	if err == nil && info.Main.Path == "github.com/fluxcd/"+program {
		return program + " " + info.Main.Version
	}
	return program + " (unknown version)"
}

func run(judge *kit.Judge) error {
	tree, err := readTree(judge)
	if err != nil {
		return err
	}
	// What a manager makes comes up with its manager; the others come up side by side.
	courts := make([]*court, len(tree.founders))
	limit := make(chan struct{}, 3)
	done := make(chan error)
	for i, cluster := range tree.founders {
		go func() {
			limit <- struct{}{}
			defer func() { <-limit }()
			courts[i] = newCourt(tree, cluster)
			courts[i].lively = cluster == tree.largest() && judge.WantsTwins()
			done <- courts[i].hold()
		}()
	}
	for range courts {
		if broken := <-done; broken != nil {
			err = broken
		}
	}
	for _, court := range courts {
		for _, verdict := range court.verdicts {
			verdict(judge)
		}
	}
	return err
}
