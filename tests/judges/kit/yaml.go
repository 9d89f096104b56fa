package kit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Docs are the documents of one YAML text, open for change.
type Docs []*yaml.Node

// ParseDocs reads every document of a text.
func ParseDocs(text []byte) (Docs, error) {
	var docs Docs
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var doc yaml.Node
		err := decoder.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return docs, nil
		}
		if err != nil {
			return nil, err
		}
		docs = append(docs, &doc)
	}
}

// Text prints the documents.
func (d Docs) Text() ([]byte, error) {
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	for _, doc := range d {
		if err := encoder.Encode(doc); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), encoder.Close()
}

// Copy is an independent copy of the documents.
func (d Docs) Copy() (Docs, error) {
	text, err := d.Text()
	if err != nil {
		return nil, err
	}
	return ParseDocs(text)
}

// Get follows a path like `a.b.0.c` through maps and lists; nil if there is nothing.
func Get(node *yaml.Node, path string) *yaml.Node {
	node = content(node)
	for _, step := range strings.Split(path, ".") {
		if node == nil {
			return nil
		}
		node = child(node, step)
	}
	return node
}

// Value is the scalar at a path, or the empty string.
func Value(node *yaml.Node, path string) string {
	if found := Get(node, path); found != nil && found.Kind == yaml.ScalarNode {
		return found.Value
	}
	return ""
}

// Set puts a value, given as YAML, at a path; maps on the way are made.
func Set(node *yaml.Node, path, value string) error {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(value), &doc); err != nil {
		return err
	}
	node = content(node)
	for _, step := range strings.Split(path, ".") {
		next := child(node, step)
		if next == nil {
			if node.Kind != yaml.MappingNode {
				return fmt.Errorf("%s: nothing at %s", path, step)
			}
			next = &yaml.Node{Kind: yaml.MappingNode}
			node.Content = append(node.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: step}, next)
		}
		node = next
	}
	*node = *content(&doc)
	return nil
}

// Delete takes a key out of the map at a path; false if it is not there.
func Delete(node *yaml.Node, path string) bool {
	parent, key := content(node), path
	if dot := strings.LastIndexByte(path, '.'); dot >= 0 {
		parent, key = Get(node, path[:dot]), path[dot+1:]
	}
	if parent == nil || parent.Kind != yaml.MappingNode {
		return false
	}
	for i := 0; i+1 < len(parent.Content); i += 2 {
		if parent.Content[i].Value == key {
			parent.Content = append(parent.Content[:i], parent.Content[i+2:]...)
			return true
		}
	}
	return false
}

func content(node *yaml.Node) *yaml.Node {
	if node != nil && node.Kind == yaml.DocumentNode && len(node.Content) == 1 {
		return node.Content[0]
	}
	return node
}

func child(node *yaml.Node, step string) *yaml.Node {
	switch node.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == step {
				return node.Content[i+1]
			}
		}
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(node.Content) {
			return node.Content[i]
		}
	}
	return nil
}
