// Package talos is the judge of Talos machine configs, built once with the library of each version
// that formwork emits for.
package talos

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"formwork.dev/judges/kit"
)

const machinery = "github.com/siderolabs/talos/pkg/machinery"

// Main judges the machine configs of one Talos version, such as "1.13".
func Main(version string) {
	about := func() string { return "Talos machinery " + kit.Version(machinery) }
	kit.Main(about, func(judge *kit.Judge) error { return run(judge, version) })
}

func run(judge *kit.Judge, version string) error {
	node, err := newNode(version)
	if err != nil {
		return err
	}
	var good []string
	for _, path := range judge.Paths {
		text, err := judge.Read(path)
		if err != nil {
			return err
		}
		stated, err := statedVersion(text)
		if err == nil && stated != version {
			judge.Leave(path, "for Talos "+stated)
			continue
		}
		if err == nil {
			err = node.check(text)
		}
		if judge.Verdict(path, err) {
			good = append(good, path)
		}
	}
	return judge.Twins(good, mistakes, node.check)
}

var tag = regexp.MustCompile(`:v(\d+\.\d+)\.\d+`)

// statedVersion is the Talos version of a config: that of the installer that puts it on the disk.
func statedVersion(text []byte) (string, error) {
	docs, err := kit.ParseDocs(text)
	if err != nil {
		return "", err
	}
	for _, doc := range docs {
		image := kit.Value(doc, "machine.install.image")
		if image == "" {
			continue
		}
		match := tag.FindStringSubmatch(image[strings.LastIndexByte(image, '/')+1:])
		if match == nil {
			return "", fmt.Errorf("machine.install.image has no Talos version: %s", image)
		}
		return match[1], nil
	}
	return "", errors.New("no Talos version: machine.install.image is not set")
}
