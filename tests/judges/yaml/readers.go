package main

import (
	"bytes"
	"errors"
	"io"

	v2 "go.yaml.in/yaml/v2"
	v3 "go.yaml.in/yaml/v3"
	v4 "go.yaml.in/yaml/v4"
)

// reader reads every document of a text and returns their canonical data.
type reader struct {
	module string
	read   func(text []byte) (string, error)
}

// goReaders are what the consumers are built on: v2 Kubernetes and Flux, v3 kustomize, Helm and
// Kind, v4 Talos.
var goReaders = []reader{
	{"go.yaml.in/yaml/v2", func(text []byte) (string, error) { return decode(v2.NewDecoder(bytes.NewReader(text))) }},
	{"go.yaml.in/yaml/v3", func(text []byte) (string, error) { return decode(v3.NewDecoder(bytes.NewReader(text))) }},
	{"go.yaml.in/yaml/v4", func(text []byte) (string, error) { return decode(v4.NewDecoder(bytes.NewReader(text))) }},
}

func decode(decoder interface{ Decode(any) error }) (string, error) {
	documents := []any{}
	for {
		var document any
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			return canonical(documents)
		}
		if err != nil {
			return "", err
		}
		documents = append(documents, plain(document))
	}
}
