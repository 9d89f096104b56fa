package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/getsops/sops/v3"
	"github.com/getsops/sops/v3/config"
)

// rule is a file that a .sops.yaml has a rule for.
type rule struct{ config, file string }

// readRules finds the sealed files of the examples by their text: trees hold copies of them, and no .sops.yaml.
func readRules() (map[string][]rule, error) {
	examples := filepath.Join(os.Getenv("JUDGE_HOME"), "examples")
	files, err := filepath.Glob(filepath.Join(examples, "*", "secrets", "*", "*", "*.yaml"))
	if err != nil {
		return nil, err
	}
	rules := map[string][]rule{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		found, err := config.LookupConfigFile(file)
		if err != nil {
			return nil, err
		}
		rules[string(text)] = append(rules[string(text)], rule{found.Path, file})
	}
	return rules, nil
}

// name is how a report calls it.
func (r rule) name() string {
	return filepath.Join("examples", filepath.Base(filepath.Dir(r.config)), ".sops.yaml")
}

// check takes a file that is sealed by the rule: to the same recipients, the same values.
func (r rule) check(text []byte) error {
	tree, err := store.LoadEncryptedFile(text)
	if err != nil {
		return err
	}
	asked, err := config.LoadCreationRuleForFile(r.config, r.file, nil)
	if err != nil {
		return err
	}
	if asked == nil {
		return errors.New("no creation rules")
	}
	if want, is := recipients(asked.KeyGroups), recipients(tree.Metadata.KeyGroups); !slices.Equal(want, is) {
		return fmt.Errorf("the rule seals to the recipients %v, the file is sealed to %v", want, is)
	}
	is := tree.Metadata
	if asked.EncryptedRegex != is.EncryptedRegex || asked.MACOnlyEncrypted != is.MACOnlyEncrypted {
		return fmt.Errorf("the rule seals %q (mac_only_encrypted: %t), the file %q (%t)",
			asked.EncryptedRegex, asked.MACOnlyEncrypted, is.EncryptedRegex, is.MACOnlyEncrypted)
	}
	return nil
}

func recipients(groups []sops.KeyGroup) []string {
	var names []string
	for _, group := range groups {
		for _, key := range group {
			names = append(names, key.ToString())
		}
	}
	slices.Sort(names)
	return names
}
