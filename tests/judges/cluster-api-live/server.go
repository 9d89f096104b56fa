// API servers: each is the program of the API server judge, with an etcd of its own.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"k8s.io/client-go/rest"
)

type server struct {
	host, token string
	process     *exec.Cmd
	input       io.Closer
}

// startServer starts an API server that knows no kind but Kubernetes' own.
func startServer(folder string) (*server, error) {
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
	s := &server{process: process, input: input}
	var said struct{ Host, Token string }
	if err := json.NewDecoder(output).Decode(&said); err != nil {
		s.stop()
		return nil, fmt.Errorf("the API server does not start: %w", err)
	}
	s.host, s.token = said.Host, said.Token
	return s, nil
}

// stop ends it: it ends when its input does.
func (s *server) stop() {
	_ = s.input.Close()
	kill := time.AfterFunc(20*time.Second, func() { _ = s.process.Process.Kill() })
	_ = s.process.Wait()
	kill.Stop()
}

func (s *server) config() *rest.Config {
	return &rest.Config{
		Host: s.host, BearerToken: s.token, QPS: -1,
		TLSClientConfig: rest.TLSClientConfig{Insecure: true}, // its certificate is made at its start, on loopback
	}
}

// kubeconfig is how others are let in.
func (s *server) kubeconfig() string {
	return fmt.Sprintf(`apiVersion: v1
kind: Config
clusters: [{name: judge, cluster: {server: %q, insecure-skip-tls-verify: true}}]
users: [{name: judge, user: {token: %q}}]
contexts: [{name: judge, context: {cluster: judge, user: judge}}]
current-context: judge
`, s.host, s.token)
}
