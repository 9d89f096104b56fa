package kit

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// APIServer is a running API server, with an etcd of its own.
type APIServer struct {
	Host, Token string

	program *Program
}

// StartAPIServer starts one that knows no kind but Kubernetes' own: the program of the judge kube-apiserver, which the
// calling judge has built in "$JUDGE_HOME/apiserver".
func StartAPIServer(folder string) (*APIServer, error) {
	process := exec.Command(filepath.Join(os.Getenv("JUDGE_HOME"), "apiserver", "judge"), "serve")
	process.Env = append(os.Environ(), "JUDGE_SCRATCH="+folder)
	program, err := Start(process)
	if err != nil {
		return nil, err
	}
	s := &APIServer{program: program}
	var said struct{ Host, Token string }
	if err := json.NewDecoder(program.Out).Decode(&said); err != nil {
		s.Stop()
		return nil, fmt.Errorf("the API server does not start: %w", err)
	}
	s.Host, s.Token = said.Host, said.Token
	return s, nil
}

// Stop ends it. Nothing in it is kept, so how it ends says nothing.
func (s *APIServer) Stop() { _ = s.program.Stop() }

// Kubeconfig is how others are let in.
func (s *APIServer) Kubeconfig() string {
	return fmt.Sprintf(`apiVersion: v1
kind: Config
clusters: [{name: judge, cluster: {server: %q, insecure-skip-tls-verify: true}}]
users: [{name: judge, user: {token: %q}}]
contexts: [{name: judge, context: {cluster: judge, user: judge}}]
current-context: judge
`, s.Host, s.Token)
}
