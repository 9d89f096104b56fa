module formwork.dev/judges/kit

go 1.26.1

require go.yaml.in/yaml/v3 v3.0.4
