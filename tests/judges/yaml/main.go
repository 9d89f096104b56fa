// The YAML judge: readers that nobody here wrote find the same data in every file.
package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"formwork.dev/judges/kit"
)

func main() {
	kit.Main(about, run)
}

func about() string {
	names := []string{}
	for _, reader := range goReaders {
		names = append(names, strings.TrimPrefix(reader.module, "go.yaml.in/")+" "+kit.Version(reader.module))
	}
	programs, stop, err := startPrograms()
	if err != nil {
		return err.Error()
	}
	_ = stop()
	for _, program := range programs {
		names = append(names, program.version)
	}
	return strings.Join(names, ", ")
}

func run(judge *kit.Judge) (err error) {
	programs, stop, err := startPrograms()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	readers := slices.Clone(goReaders)
	for _, program := range programs {
		readers = append(readers, reader{program.version, program.read})
	}

	var good []string
	for _, path := range judge.Paths {
		text, err := judge.Read(path)
		if err != nil {
			return err
		}
		if judge.Verdict(path, agree(readers, text)) {
			good = append(good, path)
		}
	}
	return twins(judge, readers, good)
}

// agree says where two readers differ: one of them cannot read the text, or reads other data.
func agree(readers []reader, text []byte) error {
	first, err := readers[0].read(text)
	if err != nil {
		return fmt.Errorf("%s cannot read it: %w", readers[0].module, err)
	}
	for _, other := range readers[1:] {
		data, err := other.read(text)
		if err != nil {
			return fmt.Errorf("%s cannot read it: %w", other.module, err)
		}
		if data != first {
			at, a, b := difference(first, data)
			return fmt.Errorf("%s reads %s, %s reads %s, after %q", readers[0].module, a, other.module, b, at)
		}
	}
	return nil
}

// difference is where two texts part, with a few characters before and after.
func difference(a, b string) (at, restA, restB string) {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	from := max(strings.LastIndexByte(a[:i], '"'), 0)
	cut := func(text string) string { return fmt.Sprintf("%.40q", text[from:]) }
	return a[max(0, from-60):from], cut(a), cut(b)
}
