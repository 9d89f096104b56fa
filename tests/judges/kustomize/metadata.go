package main

import (
	"fmt"
	"path"

	"formwork.dev/judges/kit"
	"go.yaml.in/yaml/v3"
)

// checkMetadata sees that every label and annotation of a folder's objects is a text: kustomize drops, without a word, what
// the API server would refuse.
func (t *tree) checkMetadata(folder string) error {
	for name, text := range t.files {
		if path.Dir(name) != folder || path.Ext(name) != ".yaml" || path.Base(name) == file {
			continue
		}
		docs, err := kit.ParseDocs(text)
		if err != nil {
			return fmt.Errorf("%s: %w", path.Base(name), err)
		}
		for _, doc := range docs {
			for _, key := range []string{"labels", "annotations"} {
				if at := notText(kit.Get(kit.Get(doc, "metadata"), key)); at != "" {
					return fmt.Errorf("%s: %s of metadata.%s is no text", path.Base(name), at, key)
				}
			}
		}
	}
	return nil
}

// notText is the first key of a map whose value is no text.
func notText(node *yaml.Node) string {
	if node == nil || node.Kind != yaml.MappingNode {
		return ""
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if value := node.Content[i+1]; value.Kind != yaml.ScalarNode || value.ShortTag() != "!!str" {
			return node.Content[i].Value
		}
	}
	return ""
}
