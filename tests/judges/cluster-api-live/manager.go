package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"formwork.dev/judges/kit"
)

// manager is the running core manager.
type manager struct {
	process *exec.Cmd
	log     string
	ended   chan struct{}
}

// startManager starts the core manager, with the feature gates that its provider is emitted with.
func startManager(folder string, s *kit.APIServer, h hooks, gates string) (*manager, error) {
	ports, err := kit.FreePorts(1)
	if err != nil {
		return nil, err
	}
	config := filepath.Join(folder, "kubeconfig")
	if err := os.WriteFile(config, []byte(s.Kubeconfig()), 0o600); err != nil {
		return nil, err
	}
	m := &manager{log: filepath.Join(folder, "manager.log"), ended: make(chan struct{})}
	out, err := os.Create(m.log)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	health := fmt.Sprintf("127.0.0.1:%d", ports[0])
	m.process = exec.Command(filepath.Join(os.Getenv("JUDGE_HOME"), "manager"), "--kubeconfig="+config,
		fmt.Sprintf("--webhook-port=%d", h.core), "--webhook-cert-dir="+h.folder, "--health-addr="+health,
		"--diagnostics-address=0", "--insecure-diagnostics", "--feature-gates="+gates)
	m.process.Stdout, m.process.Stderr = out, out
	if err := m.process.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = m.process.Wait()
		close(m.ended)
	}()
	if err := m.ready("http://" + health + "/readyz"); err != nil {
		m.stop()
		return nil, err
	}
	return m, nil
}

func (m *manager) ready(url string) error {
	for range 900 {
		if answer, err := http.Get(url); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-m.ended:
			return errors.New("the manager ended: " + m.said())
		case <-time.After(100 * time.Millisecond):
		}
	}
	return errors.New("the manager does not become ready: " + m.said())
}

// said is the end of the manager's log.
func (m *manager) said() string {
	text, _ := os.ReadFile(m.log)
	return string(text[max(0, len(text)-2000):])
}

func (m *manager) stop() {
	_ = m.process.Process.Signal(syscall.SIGTERM)
	select {
	case <-m.ended:
	case <-time.After(5 * time.Second):
		_ = m.process.Process.Kill()
		<-m.ended
	}
}
