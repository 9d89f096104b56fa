package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"formwork.dev/judges/kit"
	"sigs.k8s.io/yaml"
)

// hooks are where the webhooks of the providers listen: the core's in the manager, kubeadm's in this program.
type hooks struct {
	folder        string // with tls.crt and tls.key
	certificate   []byte
	core, kubeadm int
}

// newHooks makes a certificate for loopback and finds the ports.
func newHooks(folder string) (hooks, error) {
	h := hooks{folder: folder}
	ports, err := kit.FreePorts(2)
	if err != nil {
		return h, err
	}
	h.core, h.kubeadm = ports[0], ports[1]
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return h, err
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	made, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return h, err
	}
	secret, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return h, err
	}
	h.certificate = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: made})
	private := pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: secret})
	return h, errors.Join(
		os.WriteFile(filepath.Join(folder, "tls.crt"), h.certificate, 0o600),
		os.WriteFile(filepath.Join(folder, "tls.key"), private, 0o600),
	)
}

// of is the port for the kinds of a group.
func (h hooks) of(group string) int {
	if strings.HasPrefix(group, "bootstrap.") || strings.HasPrefix(group, "controlplane.") {
		return h.kubeadm
	}
	return h.core
}

// config is how the API server calls a webhook.
func (h hooks) config(port int, path string) map[string]any {
	return map[string]any{
		"url":      fmt.Sprintf("https://127.0.0.1:%d%s", port, path),
		"caBundle": base64.StdEncoding.EncodeToString(h.certificate),
	}
}

// register tells the API server of the webhooks, all that the providers ship.
func (h hooks) register(c *client) error {
	files, err := filepath.Glob(filepath.Join(os.Getenv("JUDGE_HOME"), "webhooks", "*.yaml"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("no webhooks: %w", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		provider := strings.TrimSuffix(filepath.Base(file), ".yaml")
		for _, doc := range bytes.Split(text, []byte("\n---\n")) {
			set := &object{}
			if err := yaml.Unmarshal(doc, &set.Object); err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
			set.SetName(provider + "-" + set.GetName())
			for _, item := range asList(set.Object["webhooks"]) {
				one := asMap(item)
				path, _ := asMap(asMap(one["clientConfig"])["service"])["path"].(string)
				one["clientConfig"] = h.config(h.of(strings.ReplaceAll(provider, "-", ".")), path)
			}
			if err := c.Apply(set); err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
		}
	}
	return nil
}

func asList(value any) []any {
	found, _ := value.([]any)
	return found
}
