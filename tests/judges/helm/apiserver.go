package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"formwork.dev/judges/kit"
	"sigs.k8s.io/yaml"
)

// apiServer takes rendered objects as strictly as it takes those of the tree: the program of the API server judge, which
// starts with the first question.
type apiServer struct {
	program *kit.Program
	in      *json.Encoder
	out     *json.Decoder
}

// reply is what the API server says of an object: nothing if it takes it. Unknown is a kind that nobody here knows.
type reply struct {
	Refusal string
	Unknown bool
}

func (s *apiServer) start() error {
	home := filepath.Join(os.Getenv("JUDGE_HOME"), "apiserver")
	process := exec.Command(filepath.Join(home, "judge"), "admit")
	process.Env = append(os.Environ(), "JUDGE_HOME="+home)
	program, err := kit.Start(process)
	if err != nil {
		return err
	}
	s.program, s.in, s.out = program, json.NewEncoder(program.In), json.NewDecoder(program.Out)
	return nil
}

func (s *apiServer) stop() error {
	if s.program == nil {
		return nil
	}
	return s.program.Stop()
}

// take asks about one object that goes to a namespace unless it names its own.
func (s *apiServer) take(object map[string]any, namespace string) error {
	if s.program == nil {
		if err := s.start(); err != nil {
			return err
		}
	}
	if err := s.in.Encode(map[string]any{"object": object, "namespace": namespace}); err != nil {
		return err
	}
	var said reply
	if err := s.out.Decode(&said); err != nil {
		return fmt.Errorf("the API server does not answer: %w", err)
	}
	if said.Refusal != "" {
		return fmt.Errorf("%v %s: %s", object["kind"], nameOf(object), said.Refusal)
	}
	return nil
}

// takeAll asks about every object that a release is rendered to.
func (s *apiServer) takeAll(documents []string, namespace string) error {
	for _, document := range documents {
		objects, err := objectsOf(document)
		if err != nil {
			return err
		}
		for _, object := range objects {
			if err := s.take(object, namespace); err != nil {
				return err
			}
		}
	}
	return nil
}

// objectsOf is what a document holds: one object, or the items of a list.
func objectsOf(document string) ([]map[string]any, error) {
	var object map[string]any
	if err := yaml.Unmarshal([]byte(document), &object); err != nil || object == nil {
		return nil, err
	}
	kind, _ := object["kind"].(string)
	items, isList := object["items"].([]any)
	if !isList || !strings.HasSuffix(kind, "List") {
		return []map[string]any{object}, nil
	}
	var objects []map[string]any
	for _, item := range items {
		if item, ok := item.(map[string]any); ok {
			objects = append(objects, item)
		}
	}
	return objects, nil
}

func nameOf(object map[string]any) string {
	metadata, _ := object["metadata"].(map[string]any)
	name, _ := metadata["name"].(string)
	return name
}
