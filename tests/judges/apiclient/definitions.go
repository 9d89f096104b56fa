package apiclient

import (
	"os"
	"path/filepath"
	"regexp"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"
)

// DefinitionResource is where the definitions of kinds are.
var DefinitionResource = schema.GroupVersionResource{
	Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions",
}

// What a definition defines stands at the same depth in all of them, YAML or JSON: to find it so is a hundred times
// faster than to parse some hundred files.
var (
	groupLine = regexp.MustCompile(`(?m)^ {1,2}"?group"?: "?([^",\n]+)`)
	kindLine  = regexp.MustCompile(`(?m)^ {2,4}"?kind"?: "?([^",\n]+)`)
)

// Definitions are the files that define kinds, in folders: the first that has a kind counts. The judge kube-apiserver
// makes two, `crds` with upstream's own and `tables` with what formwork validates by.
func Definitions(folders ...string) (map[schema.GroupKind]string, error) {
	found := map[schema.GroupKind]string{}
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			group, kind := groupLine.FindSubmatch(text), kindLine.FindSubmatch(text)
			if group == nil || kind == nil {
				continue // what comes beside definitions
			}
			key := schema.GroupKind{Group: string(group[1]), Kind: string(kind[1])}
			if found[key] == "" {
				found[key] = file
			}
		}
	}
	return found, nil
}

// ReadDefinition reads one, without the status that it may ship with.
func ReadDefinition(file string) (*unstructured.Unstructured, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	crd := &unstructured.Unstructured{}
	if err := yaml.Unmarshal(text, &crd.Object); err != nil {
		return nil, err
	}
	unstructured.RemoveNestedField(crd.Object, "status")
	return crd, nil
}
