package main

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"formwork.dev/judges/kit"
	"k8s.io/client-go/rest"
)

// server is a running etcd and the kube-apiserver before it, in a folder of their own.
type server struct {
	config    *rest.Config
	folder    string
	processes []*exec.Cmd
}

const token = "the-judge"

// startServer starts both and waits until the API server is ready.
func startServer() (*server, error) {
	folder, err := os.MkdirTemp(os.Getenv("JUDGE_SCRATCH"), "server-")
	if err != nil {
		return nil, err
	}
	s := &server{folder: folder}
	if err := s.start(); err != nil {
		s.stop()
		return nil, fmt.Errorf("%w\n%s", err, s.log())
	}
	return s, nil
}

func (s *server) start() error {
	if err := s.writeSecrets(); err != nil {
		return err
	}
	ports, err := kit.FreePorts(3)
	if err != nil {
		return err
	}
	etcd, peer := fmt.Sprintf("http://127.0.0.1:%d", ports[0]), fmt.Sprintf("http://127.0.0.1:%d", ports[1])
	err = s.launch("etcd", "--data-dir="+s.path("etcd"), "--unsafe-no-fsync", "--log-level=warn",
		"--listen-client-urls="+etcd, "--advertise-client-urls="+etcd,
		"--listen-peer-urls="+peer, "--initial-advertise-peer-urls="+peer, "--initial-cluster=default="+peer)
	if err != nil {
		return err
	}
	err = s.launch("kube-apiserver", "--etcd-servers="+etcd,
		"--bind-address=127.0.0.1", "--advertise-address=127.0.0.1", fmt.Sprintf("--secure-port=%d", ports[2]),
		"--cert-dir="+s.path("certs"), "--token-auth-file="+s.path("tokens.csv"), "--authorization-mode=RBAC",
		"--service-account-key-file="+s.path("sa.key"), "--service-account-signing-key-file="+s.path("sa.key"),
		"--service-account-issuer=https://kubernetes.default.svc", "--service-cluster-ip-range=10.96.0.0/16",
		"--allow-privileged=true", "--endpoint-reconciler-type=none", "--disable-admission-plugins=ServiceAccount")
	if err != nil {
		return err
	}
	s.config = &rest.Config{
		Host:            fmt.Sprintf("https://127.0.0.1:%d", ports[2]),
		BearerToken:     token,
		TLSClientConfig: rest.TLSClientConfig{Insecure: true}, // its certificate is made at its start, on loopback
		QPS:             -1,
	}
	return s.waitReady()
}

// writeSecrets makes the key of service account tokens, and the one user there is.
func (s *server) writeSecrets() error {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	return errors.Join(
		os.WriteFile(s.path("sa.key"), text, 0o600),
		os.WriteFile(s.path("tokens.csv"), []byte(token+",judge,judge,system:masters\n"), 0o600),
	)
}

// launch starts this same program as another one; what it says goes to a file.
func (s *server) launch(name string, args ...string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	log, err := os.Create(s.path(name + ".log"))
	if err != nil {
		return err
	}
	defer log.Close()
	process := exec.Command(self, append([]string{name}, args...)...)
	process.Stdout, process.Stderr = log, log
	if err := process.Start(); err != nil {
		return err
	}
	s.processes = append(s.processes, process)
	return nil
}

func (s *server) waitReady() error {
	client, err := rest.HTTPClientFor(s.config)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.config.Host+"/readyz", nil)
		if err != nil {
			return err
		}
		response, err := client.Do(request)
		if err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return errors.New("kube-apiserver does not become ready")
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// stop ends the API server, then etcd. Nothing in them is kept, so neither is given long.
func (s *server) stop() {
	for i := len(s.processes) - 1; i >= 0; i-- {
		process := s.processes[i]
		kill := time.AfterFunc(5*time.Second, func() { _ = process.Process.Kill() })
		_ = process.Process.Signal(syscall.SIGTERM)
		_ = process.Wait()
		kill.Stop()
	}
}

// log is the end of what the two said, for when they do not start.
func (s *server) log() string {
	text := ""
	for _, name := range []string{"etcd", "kube-apiserver"} {
		said, _ := os.ReadFile(s.path(name + ".log"))
		text += name + ": " + string(said[max(0, len(said)-2000):]) + "\n"
	}
	return text
}

func (s *server) path(name string) string { return filepath.Join(s.folder, name) }
