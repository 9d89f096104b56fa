// The live Cluster API judge: a real API server takes all that the topology engine makes of a cluster, and the core
// manager, live before it, makes the clusters.
package main

import (
	"debug/buildinfo"
	"errors"
	"os"
	"path/filepath"

	"formwork.dev/judges/kit"
)

func main() { kit.Main(about, run) }

func about() string {
	version := "(unknown version)"
	info, err := buildinfo.ReadFile(filepath.Join(os.Getenv("JUDGE_HOME"), "manager"))
	if err == nil && info.Main.Path == "sigs.k8s.io/cluster-api" {
		version = info.Main.Version
	}
	return "Cluster API's core manager " + version + ", kubeadm's webhooks " + kit.Version("sigs.k8s.io/cluster-api")
}

func run(judge *kit.Judge) error {
	all, err := readTree(judge)
	if err != nil {
		return err
	}
	for _, one := range all {
		if err := judgeAll(judge, one); err != nil {
			return err
		}
	}
	return nil
}

// judgeAll goes from the classes over what the engine makes of each cluster to one living cluster of each size.
func judgeAll(judge *kit.Judge, m *managing) error {
	s, err := open(m)
	if err != nil {
		return err
	}
	return errors.Join(s.judge(judge, m.clusters), s.close())
}

// judge goes a step further only with what is good so far.
func (s *site) judge(judge *kit.Judge, clusters []*cluster) error {
	good, err := s.classes(judge, clusters)
	if err != nil || !good {
		return err
	}
	done := map[string]bool{}
	for _, one := range clusters {
		good = s.dryRun(judge, one, done) && good
	}
	if !good {
		return nil
	}
	return s.live(judge, clusters)
}
