package kit

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// APIServer is a running API server, with an etcd of its own.
type APIServer struct {
	Host, Token string

	process *exec.Cmd
	input   io.Closer
}

// StartAPIServer starts one that knows no kind but Kubernetes' own: the program of the judge kube-apiserver, which the
// calling judge has built in "$JUDGE_HOME/apiserver".
func StartAPIServer(folder string) (*APIServer, error) {
	process := exec.Command(filepath.Join(os.Getenv("JUDGE_HOME"), "apiserver", "judge"), "serve")
	process.Env = append(os.Environ(), "JUDGE_SCRATCH="+folder)
	process.Stderr = os.Stderr
	input, err := process.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := process.Start(); err != nil {
		return nil, err
	}
	s := &APIServer{process: process, input: input}
	var said struct{ Host, Token string }
	if err := json.NewDecoder(output).Decode(&said); err != nil {
		s.Stop()
		return nil, fmt.Errorf("the API server does not start: %w", err)
	}
	s.Host, s.Token = said.Host, said.Token
	return s, nil
}

// Stop ends it: it ends when its input does.
func (s *APIServer) Stop() {
	_ = s.input.Close()
	kill := time.AfterFunc(20*time.Second, func() { _ = s.process.Process.Kill() })
	_ = s.process.Wait()
	kill.Stop()
}

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
