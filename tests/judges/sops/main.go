// The SOPS judge: formwork copies sealed files without a key, and the API server never sees one. SOPS has to load
// each, find its metadata whole, and open what is sealed in the same shape to a key of the judge's.
package main

import (
	"errors"
	"fmt"
	"path"

	"filippo.io/age"
	"formwork.dev/judges/kit"
)

func main() {
	about := func() string {
		return fmt.Sprintf("SOPS %s, age %s", kit.Version("github.com/getsops/sops/v3"), kit.Version("filippo.io/age"))
	}
	kit.Main(about, run)
}

func run(judge *kit.Judge) error {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		return err
	}
	rules, err := readRules()
	if err != nil {
		return err
	}
	var good []string
	for _, name := range judge.Paths {
		if path.Base(name) == "kustomization.yaml" {
			continue
		}
		text, err := judge.Read(name)
		if err != nil {
			return err
		}
		if judge.Verdict(name, check(name, text, key)) {
			good = append(good, name)
		}
		for _, rule := range rules[string(text)] {
			judge.Verdict(name+": rule of "+rule.name(), rule.check(text))
		}
	}
	if len(good) == 0 {
		return nil
	}
	return twins(judge, good, rules, key)
}

// check is all that is held to one sealed file.
func check(name string, text []byte, key *age.X25519Identity) error {
	if err := checkSealed(text); err != nil {
		return err
	}
	sealed, plain, err := seal(text, key.Recipient())
	if err != nil {
		return fmt.Errorf("cannot be sealed anew: %w", err)
	}
	opened, err := open(sealed, key)
	if err != nil {
		return fmt.Errorf("sealed anew, cannot be opened: %w", err)
	}
	if string(opened) != string(plain) {
		return errors.New("sealed anew and opened, it is another text")
	}
	return checkSecrets(name, opened)
}
