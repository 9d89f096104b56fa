// Where Git repositories are: a proxy that answers for every host of an https URL with what is at hand,
// by git's own smart HTTP. So no URL needs another spelling.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/cgi"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// forge serves the repositories below folder/HOST/ and folder of the judge's tools.
type forge struct {
	folder   string
	address  string
	listener net.Listener
	key      *ecdsa.PrivateKey
	ca       *x509.Certificate
}

// startForge begins to serve; its CA's certificate is folder/ca.pem.
func startForge(folder string) (*forge, error) {
	f := &forge{folder: folder}
	var err error
	if f.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return nil, err
	}
	f.ca = &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "judge"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
	}
	signed, err := x509.CreateCertificate(rand.Reader, f.ca, f.ca, f.key.Public(), f.key)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	if err := os.WriteFile(f.authority(), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed}), 0o644); err != nil {
		return nil, err
	}
	if f.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, err
	}
	f.address = "http://" + f.listener.Addr().String()
	go func() { _ = http.Serve(f.listener, http.HandlerFunc(f.connect)) }()
	return f, nil
}

func (f *forge) stop() { _ = f.listener.Close() }

func (f *forge) authority() string { return filepath.Join(f.folder, "ca.pem") }

// environment sends a program here for all that is not on loopback.
func (f *forge) environment() []string {
	return []string{
		"HTTPS_PROXY=" + f.address, "HTTP_PROXY=" + f.address, "https_proxy=" + f.address, "http_proxy=" + f.address,
		"NO_PROXY=127.0.0.1,localhost", "no_proxy=127.0.0.1,localhost",
		"SSL_CERT_FILE=" + f.authority(), "GIT_SSL_CAINFO=" + f.authority(),
		"GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null", "GIT_TERMINAL_PROMPT=0",
	}
}

// connect is the other end of a tunnel: it takes any host's name, and serves that host's repositories.
func (f *forge) connect(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodConnect {
		http.Error(w, "only https is served here", http.StatusBadGateway)
		return
	}
	host, _, _ := net.SplitHostPort(r.Host)
	if !f.knows(host) {
		http.Error(w, "nothing of "+host+" is at hand", http.StatusBadGateway)
		return
	}
	connection, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	if _, err := connection.Write([]byte("HTTP/1.1 200 OK\r\n\r\n")); err != nil {
		return
	}
	certificate, err := f.certificate(host)
	if err != nil {
		return
	}
	secured := tls.Server(connection, &tls.Config{Certificates: []tls.Certificate{certificate}})
	_ = http.Serve(&single{connection: secured}, f.repositories(host))
}

func (f *forge) knows(host string) bool {
	for _, folder := range f.folders() {
		if _, err := os.Stat(filepath.Join(folder, host)); err == nil {
			return true
		}
	}
	return false
}

func (f *forge) folders() []string {
	return []string{f.folder, filepath.Join(os.Getenv("JUDGE_HOME"), "git")}
}

func (f *forge) certificate(host string) (tls.Certificate, error) {
	of := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), DNSNames: []string{host},
		NotBefore: f.ca.NotBefore, NotAfter: f.ca.NotAfter, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	signed, err := x509.CreateCertificate(rand.Reader, of, f.ca, f.key.Public(), f.key)
	return tls.Certificate{Certificate: [][]byte{signed}, PrivateKey: f.key}, err
}

// repositories is git's own server, for the repositories of one host.
func (f *forge) repositories(host string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, folder := range f.folders() {
			root := filepath.Join(folder, host)
			name, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/info/refs")
			name = strings.TrimSuffix(name, "/git-upload-pack")
			if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(filepath.Clean("/"+name)), "HEAD")); err != nil {
				continue
			}
			git, err := exec.LookPath("git")
			if err != nil {
				break
			}
			(&cgi.Handler{Path: git, Args: []string{"-c", "safe.directory=*", "http-backend"}, Env: []string{
				"GIT_PROJECT_ROOT=" + root, "GIT_HTTP_EXPORT_ALL=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
			}, Logger: log.New(io.Discard, "", 0)}).ServeHTTP(w, r)
			return
		}
		http.NotFound(w, r)
	})
}

// single is a listener of one connection.
type single struct{ connection net.Conn }

func (s *single) Accept() (net.Conn, error) {
	if s.connection == nil {
		return nil, net.ErrClosed
	}
	connection := s.connection
	s.connection = nil
	return connection, nil
}
func (s *single) Close() error   { return nil }
func (s *single) Addr() net.Addr { return &net.TCPAddr{} }
