package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

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

// python is a running pyyaml.py, which answers one text after the other.
type python struct {
	version string

	process *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

func startPython() (*python, error) {
	program := filepath.Join(os.Getenv("JUDGE_HOME"), "venv", "bin", "python")
	process := exec.Command(program, os.Getenv("PYYAML_READER"))
	process.Stderr = os.Stderr
	in, err := process.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := process.Start(); err != nil {
		return nil, err
	}
	p := &python{process: process, in: in, out: bufio.NewReader(out)}
	if p.version, err = p.out.ReadString('\n'); err != nil {
		return nil, errors.Join(errors.New("PyYAML does not start"), err, p.stop())
	}
	p.version = strings.TrimSpace(p.version)
	return p, nil
}

func (p *python) stop() error {
	return errors.Join(p.in.Close(), p.process.Wait())
}

func (p *python) read(text []byte) (string, error) {
	if _, err := fmt.Fprintln(p.in, base64.StdEncoding.EncodeToString(text)); err != nil {
		return "", err
	}
	line, err := p.out.ReadString('\n')
	if err != nil {
		return "", err
	}
	if why, failed := strings.CutPrefix(line, "error "); failed {
		return "", errors.New(strings.TrimSpace(why))
	}
	var documents any
	if err := json.Unmarshal([]byte(strings.TrimPrefix(line, "data ")), &documents); err != nil {
		return "", err
	}
	return canonical(documents)
}
