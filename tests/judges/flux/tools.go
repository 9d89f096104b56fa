// The tools that the bootstrap script calls: kubectl and SOPS are the real ones, Helm asks the judge.
package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"

	"github.com/getsops/sops/v3/decrypt"
	"k8s.io/component-base/cli"
	"k8s.io/kubectl/pkg/cmd"
	"k8s.io/kubectl/pkg/cmd/util"
)

// tools are what this program is under another name.
var tools map[string]func([]string)

func init() {
	tools = map[string]func([]string){
		"kubectl": kubectl, "sops": open, "helm": helm,
		// What makes machines has nothing to do here: the script begins after them.
		"talosctl": nothing, "kind": nothing,
	}
}

func kubectl([]string) {
	if err := cli.RunNoErrOutput(cmd.NewDefaultKubectlCommand()); err != nil {
		util.CheckErr(err)
	}
}

// open is `sops --decrypt FILE`.
func open(args []string) {
	if len(args) != 2 || args[0] != "--decrypt" {
		give("sops: only --decrypt FILE", 2)
	}
	plain, err := decrypt.File(args[1], "yaml")
	if err != nil {
		give(err.Error(), 1)
	}
	_, _ = os.Stdout.Write(plain)
}

// helm is `helm status RELEASE --namespace NAMESPACE` and `helm upgrade --install RELEASE ...`: the judge
// itself holds the releases.
func helm(args []string) {
	question := url.Values{}
	for i, arg := range args[:max(0, len(args)-1)] {
		if arg == "--namespace" {
			question.Set("namespace", args[i+1])
		}
	}
	switch {
	case len(args) > 1 && args[0] == "status":
		question.Set("release", args[1])
	case len(args) > 2 && args[0] == "upgrade" && args[1] == "--install":
		question.Set("release", args[2])
		question.Set("install", "true")
	default:
		give("helm: only status and upgrade --install", 2)
	}
	answer, err := http.Get(os.Getenv("JUDGE_HELM") + "/?" + question.Encode())
	if err != nil {
		give(err.Error(), 1)
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	if answer.StatusCode != http.StatusOK {
		give(string(text), 1)
	}
	fmt.Printf("%s\n", text)
}

func nothing([]string) {}

func give(problem string, code int) {
	fmt.Fprintln(os.Stderr, problem)
	os.Exit(code)
}
