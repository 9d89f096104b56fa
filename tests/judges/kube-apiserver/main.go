// The API server judge: etcd and kube-apiserver, real and on loopback, take every object of every
// cluster by server-side apply with strict validation. All three are this one program.
package main

import (
	"fmt"
	"os"
	"strings"

	"formwork.dev/judges/kit"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/metrics/prometheus/clientgo" // as kube-apiserver's own main has it
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

func main() {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "etcd":
			etcdmain.Main(os.Args[1:])
			return
		case "kube-apiserver":
			os.Args = os.Args[1:]
			os.Exit(cli.Run(app.NewAPIServerCommand()))
		case "serve", "admit":
			stay := serve
			if os.Args[1] == "admit" {
				stay = admit
			}
			if err := stay(); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			return
		}
	}
	kit.Main(about, run)
}

func about() string {
	return "kube-apiserver " + kit.Version("k8s.io/kubernetes") + ", etcd " + kit.Version("go.etcd.io/etcd/server/v3")
}

func run(judge *kit.Judge) error {
	objects, settings := split(judge.Paths)
	if err := judgeSettings(judge, settings); err != nil || len(objects) == 0 {
		return err
	}
	judge.Paths = objects
	units, err := readUnits(judge)
	if err != nil {
		return err
	}
	server, err := startServer()
	if err != nil {
		return err
	}
	defer server.stop()
	c, err := connect(server)
	if err != nil {
		return err
	}
	if err := c.installCRDs(units); err != nil {
		return err
	}
	for _, cluster := range clusters(units) {
		good, err := c.judgeCluster(judge, cluster, units)
		if err != nil {
			return err
		}
		if judge.WantsTwins() {
			if err := c.judgeRules(judge, cluster, good); err != nil {
				return err
			}
			if err := c.twins(judge, good); err != nil {
				return err
			}
		}
		if err := c.clear(good); err != nil {
			return err
		}
	}
	return nil
}

// split parts the files of clusters from those that set up the API servers themselves.
func split(paths []string) (objects, settings []string) {
	for _, path := range paths {
		if strings.HasPrefix(path, "clusters/") {
			objects = append(objects, path)
		} else {
			settings = append(settings, path)
		}
	}
	return objects, settings
}
