module formwork.dev/judges/yaml

go 1.26.1

require (
	formwork.dev/judges/kit v0.0.0
	go.yaml.in/yaml/v2 v2.4.3
	go.yaml.in/yaml/v3 v3.0.4
	go.yaml.in/yaml/v4 v4.0.0-rc.4
)

replace formwork.dev/judges/kit => ../kit
