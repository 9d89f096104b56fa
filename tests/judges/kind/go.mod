// The path puts this program below Kind's own packages: Go lets only those import the internal
// ones, and there is where Kind keeps its defaults, its validation and its kubeadm template.
module sigs.k8s.io/kind/pkg/cluster/judge

go 1.26.1

require (
	formwork.dev/judges/kit v0.0.0
	sigs.k8s.io/kind v0.33.0
)

require (
	github.com/BurntSushi/toml v1.4.0 // indirect
	github.com/evanphx/json-patch/v5 v5.6.0 // indirect
	github.com/pelletier/go-toml v1.9.5 // indirect
	github.com/pkg/errors v0.9.1 // indirect
	go.yaml.in/yaml/v3 v3.0.4 // indirect
	sigs.k8s.io/yaml v1.4.0 // indirect
)

replace formwork.dev/judges/kit => ../kit
