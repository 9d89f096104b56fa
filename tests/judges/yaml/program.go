package main

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"formwork.dev/judges/kit"
)

// program is a running reader of another language, which answers one text after the other.
type program struct {
	version string

	process *kit.Program
	out     *bufio.Reader
}

// programs are PyYAML, the reader of Ansible and of most scripts, and yaml-rust2, which holds to YAML 1.2.
var programs = [][]string{
	{"venv/bin/python", os.Getenv("PYYAML_READER")},
	{"cargo/release/yaml-rust2-reader"},
}

// startPrograms starts all of them, and returns how to stop them.
func startPrograms() (started []*program, stop func() error, err error) {
	stop = func() error {
		var problems []error
		for _, p := range started {
			problems = append(problems, p.process.Stop())
		}
		return errors.Join(problems...)
	}
	for _, command := range programs {
		p, err := startProgram(command[0], command[1:]...)
		if err != nil {
			return nil, nil, errors.Join(err, stop())
		}
		started = append(started, p)
	}
	return started, stop, nil
}

func startProgram(name string, args ...string) (*program, error) {
	process, err := kit.Start(exec.Command(filepath.Join(os.Getenv("JUDGE_HOME"), filepath.FromSlash(name)), args...))
	if err != nil {
		return nil, err
	}
	p := &program{process: process, out: bufio.NewReader(process.Out)}
	if p.version, err = p.out.ReadString('\n'); err != nil {
		return nil, errors.Join(fmt.Errorf("%s does not start", name), err, process.Stop())
	}
	p.version = strings.TrimSpace(p.version)
	return p, nil
}

func (p *program) read(text []byte) (string, error) {
	if _, err := fmt.Fprintln(p.process.In, hex.EncodeToString(text)); err != nil {
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
