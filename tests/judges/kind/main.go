// The Kind judge: what `kind create cluster --config FILE` does before it starts a container.
package main

import (
	"fmt"
	"regexp"
	"strings"

	"formwork.dev/judges/kit"
	kubeadmapi "k8s.io/kubernetes/cmd/kubeadm/app/util/config"
	"sigs.k8s.io/kind/pkg/cluster/internal/kubeadm"
	"sigs.k8s.io/kind/pkg/internal/apis/config"
	"sigs.k8s.io/kind/pkg/internal/apis/config/encoding"
	"sigs.k8s.io/kind/pkg/internal/patch"
)

func main() {
	kit.Main(func() string {
		return "Kind " + kit.Version("sigs.k8s.io/kind") + ", kubeadm " + kit.Version("k8s.io/kubernetes")
	}, run)
}

func run(judge *kit.Judge) error {
	var good []string
	for _, path := range judge.Paths {
		text, err := judge.Read(path)
		if err != nil {
			return err
		}
		if judge.Verdict(path, check(text)) {
			good = append(good, path)
		}
	}
	return judge.Twins(good, mistakes, check)
}

// check reads strictly into v1alpha4, fills in Kind's defaults, validates, and writes the kubeadm
// config and the containerd config of every node with the patches applied.
func check(text []byte) error {
	cluster, err := encoding.Parse(text)
	if err != nil {
		return err
	}
	config.SetDefaultsCluster(cluster)
	if err := cluster.Validate(); err != nil {
		return fmt.Errorf("invalid: %w", err)
	}
	for i := range cluster.Nodes {
		if err := kubeadmConfig(cluster, &cluster.Nodes[i]); err != nil {
			return fmt.Errorf("kubeadm config of node %d: %w", i, err)
		}
	}
	_, err = patch.ContainerdTOML("version = 2\n", cluster.ContainerdConfigPatches, cluster.ContainerdConfigPatchesJSON6902)
	if err != nil {
		return fmt.Errorf("containerd config: %w", err)
	}
	return nil
}

// kubeadmConfig follows the action of Kind that writes each node's kubeadm config; what a running
// node would say of itself is made up.
func kubeadmConfig(cluster *config.Cluster, node *config.Node) error {
	version, err := kubernetesVersion(node.Image)
	if err != nil {
		return err
	}
	text, err := kubeadm.Config(kubeadm.ConfigData{
		NodeProvider:         "docker",
		NodeName:             cluster.Name + "-node",
		NodeAddress:          "172.18.0.2",
		ClusterName:          cluster.Name,
		ControlPlaneEndpoint: cluster.Name + "-control-plane:6443",
		APIBindPort:          6443,
		APIServerAddress:     cluster.Networking.APIServerAddress,
		Token:                kubeadm.Token,
		PodSubnet:            cluster.Networking.PodSubnet,
		KubeProxyMode:        string(cluster.Networking.KubeProxyMode),
		ServiceSubnet:        cluster.Networking.ServiceSubnet,
		ControlPlane:         node.Role == config.ControlPlaneRole,
		IPFamily:             cluster.Networking.IPFamily,
		FeatureGates:         cluster.FeatureGates,
		RuntimeConfig:        cluster.RuntimeConfig,
		KubernetesVersion:    version,
	})
	if err != nil {
		return err
	}
	return patched(text, cluster, node)
}

// patched applies the kubeadm patches of the cluster and of the node. Kind passes over a patch that
// no document takes, such as one for another apiVersion; here it has to have changed something.
func patched(text string, cluster *config.Cluster, node *config.Node) error {
	for _, from := range []struct {
		merge []string
		json  []config.PatchJSON6902
	}{
		{cluster.KubeadmConfigPatches, cluster.KubeadmConfigPatchesJSON6902},
		{node.KubeadmConfigPatches, node.KubeadmConfigPatchesJSON6902},
	} {
		before, err := patch.KubeYAML(text, nil, nil)
		if err != nil {
			return err
		}
		for i, one := range from.merge {
			after, err := patch.KubeYAML(text, []string{one}, nil)
			if err != nil {
				return fmt.Errorf("patch %d: %w", i, err)
			}
			if after == before {
				return fmt.Errorf("patch %d changes nothing", i)
			}
		}
		for i := range from.json {
			after, err := patch.KubeYAML(text, nil, from.json[:i+1])
			if err != nil {
				return fmt.Errorf("JSON patch %d: %w", i, err)
			}
			if after == before {
				return fmt.Errorf("JSON patch %d changes nothing", i)
			}
			before = after
		}
		if text, err = patch.KubeYAML(text, from.merge, from.json); err != nil {
			return err
		}
	}
	if err := kubeadmapi.ValidateConfig([]byte(strings.ReplaceAll(text, kindsMark, "")), true, false); err != nil {
		return fmt.Errorf("kubeadm: %w", err)
	}
	return nil
}

// kindsMark is a name that Kind gives to each kubeadm document for patches, and takes away in the end.
const kindsMark = "metadata:\n  name: config\n"

var tag = regexp.MustCompile(`:(v\d+\.\d+\.\d+)`)

// kubernetesVersion is that of a node image, which Kind itself reads inside the node.
func kubernetesVersion(image string) (string, error) {
	match := tag.FindStringSubmatch(image)
	if match == nil {
		return "", fmt.Errorf("the image %s has no Kubernetes version", image)
	}
	return match[1], nil
}
