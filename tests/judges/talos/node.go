package talos

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/siderolabs/crypto/x509"
	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/config/configloader"
	"github.com/siderolabs/talos/pkg/machinery/config/configpatcher"
	"github.com/siderolabs/talos/pkg/machinery/config/encoder"
	"github.com/siderolabs/talos/pkg/machinery/config/generate/secrets"
	"github.com/siderolabs/talos/pkg/machinery/config/machine"
	"github.com/siderolabs/talos/pkg/machinery/config/validation"
	"go.yaml.in/yaml/v3"
)

// metal is the mode of a machine that installs Talos on its disk.
type metal struct{}

func (metal) String() string        { return "metal" }
func (metal) RequiresInstall() bool { return true }
func (metal) InContainer() bool     { return false }

// node stands in for a machine that is handed its config: it has a cluster's secrets, made up for
// this run, one patch for each role.
type node struct {
	controlPlane configpatcher.Patch
	worker       configpatcher.Patch
}

func newNode(version string) (*node, error) {
	contract, err := config.ParseContractFromVersion("v" + version)
	if err != nil {
		return nil, err
	}
	bundle, err := secrets.NewBundle(secrets.NewFixedClock(time.Now()), contract)
	if err != nil {
		return nil, err
	}
	controlPlane, err := secretsPatch(bundle, true)
	if err != nil {
		return nil, err
	}
	worker, err := secretsPatch(bundle, false)
	if err != nil {
		return nil, err
	}
	return &node{controlPlane: controlPlane, worker: worker}, nil
}

// check is what befalls a config on its way to a machine: it is read strictly, it may hold no
// secret, the secrets of its role are merged in, and the machine validates the result.
func (n *node) check(text []byte) error {
	emitted, err := configloader.NewFromBytes(text)
	if err != nil {
		return fmt.Errorf("does not load: %w", err)
	}
	if emitted.RawV1Alpha1() == nil {
		return errors.New("no v1alpha1 document")
	}
	if err := holdsNoSecret(emitted); err != nil {
		return err
	}
	var patch configpatcher.Patch
	switch kind := emitted.Machine().Type(); kind {
	case machine.TypeControlPlane:
		patch = n.controlPlane
	case machine.TypeWorker:
		patch = n.worker
	default:
		return fmt.Errorf("machine.type is %q, neither controlplane nor worker", kind)
	}
	merged, err := configpatcher.Apply(configpatcher.WithBytes(text), []configpatcher.Patch{patch})
	if err != nil {
		return fmt.Errorf("takes no secrets: %w", err)
	}
	whole, err := merged.Config()
	if err != nil {
		return fmt.Errorf("does not load with its secrets: %w", err)
	}
	warnings, err := whole.Validate(metal{}, validation.WithLocal(), validation.WithStrict())
	if err != nil {
		return fmt.Errorf("invalid: %w", err)
	}
	if len(warnings) > 0 {
		return fmt.Errorf("warnings: %q", warnings)
	}
	if !whole.CompleteForBoot() {
		return errors.New("not complete for a boot")
	}
	return hasNetworks(whole)
}

// hasNetworks reads what Validate leaves to the controllers of a running machine.
func hasNetworks(whole config.Provider) error {
	network := whole.Cluster().Network()
	for _, cidr := range network.PodCIDRs() {
		if _, err := netip.ParsePrefix(cidr); err != nil {
			return fmt.Errorf("pod network: %w", err)
		}
	}
	if _, err := network.APIServerIPs(); err != nil {
		return fmt.Errorf("service network: %w", err)
	}
	if _, err := network.DNSServiceIPs(); err != nil {
		return fmt.Errorf("service network: %w", err)
	}
	return nil
}

// holdsNoSecret asks Talos itself: what has no secret is not changed by taking the secrets out.
func holdsNoSecret(emitted config.Provider) error {
	plain := encoder.WithComments(encoder.CommentsDisabled)
	before, err := emitted.EncodeBytes(plain)
	if err != nil {
		return err
	}
	after, err := emitted.RedactSecrets("(secret)").EncodeBytes(plain)
	if err != nil {
		return err
	}
	if !bytes.Equal(before, after) {
		return errors.New("holds a secret")
	}
	return nil
}

// secretsPatch is the part of the bundle that a role gets. Workers get no key of any CA, and no
// secret that is the control plane's alone.
func secretsPatch(bundle *secrets.Bundle, controlPlane bool) (configpatcher.Patch, error) {
	ca := func(pair *x509.PEMEncodedCertificateAndKey) map[string]any {
		out := map[string]any{"crt": pair.Crt, "key": ""}
		if controlPlane {
			out["key"] = pair.Key
		}
		return out
	}
	cluster := map[string]any{
		"id":     bundle.Cluster.ID,
		"secret": bundle.Cluster.Secret,
		"token":  bundle.Secrets.BootstrapToken,
		"ca":     ca(bundle.Certs.K8s),
	}
	if controlPlane {
		cluster["secretboxEncryptionSecret"] = bundle.Secrets.SecretboxEncryptionSecret
		cluster["aggregatorCA"] = ca(bundle.Certs.K8sAggregator)
		cluster["serviceAccount"] = map[string]any{"key": bundle.Certs.K8sServiceAccount.Key}
		cluster["etcd"] = map[string]any{"ca": ca(bundle.Certs.Etcd)}
	}
	text, err := yaml.Marshal(base64Bytes(map[string]any{
		"machine": map[string]any{"token": bundle.TrustdInfo.Token, "ca": ca(bundle.Certs.OS)},
		"cluster": cluster,
	}))
	if err != nil {
		return nil, err
	}
	return configpatcher.LoadPatch(text)
}

// base64Bytes writes every byte string below value as Talos reads keys and certificates.
func base64Bytes(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for key, inner := range value {
			value[key] = base64Bytes(inner)
		}
		return value
	case []byte:
		return base64.StdEncoding.EncodeToString(value)
	default:
		return value
	}
}
