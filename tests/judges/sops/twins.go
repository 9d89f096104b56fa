package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"
	"formwork.dev/judges/kit"
	"go.yaml.in/yaml/v3"
)

// twins breaks sealed files as they are, files that are sealed anew, and what the rules say of them.
func twins(judge *kit.Judge, good []string, rules map[string][]rule, key *age.X25519Identity) error {
	whole := func(text []byte) error { return check(good[0], text, key) }
	if err := judge.Twins(good[:1], mistakes, whole); err != nil {
		return err
	}
	text, err := judge.Read(good[0])
	if err != nil {
		return err
	}
	if err := openedTwins(judge, good[0], text, key); err != nil {
		return err
	}
	for _, name := range good {
		text, err := judge.Read(name)
		if err != nil {
			return err
		}
		if found := rules[string(text)]; len(found) > 0 {
			return ruleTwins(judge, name, text, found[0])
		}
	}
	return nil
}

// openedTwins breaks a file that is sealed to the judge's key, which has to open it no more.
func openedTwins(judge *kit.Judge, name string, text []byte, key *age.X25519Identity) error {
	sealed, _, err := seal(text, key.Recipient())
	if err != nil {
		return err
	}
	docs, err := kit.ParseDocs(sealed)
	if err != nil {
		return err
	}
	for _, mistake := range sealedMistakes {
		broken, err := docs.Copy()
		if err != nil {
			return err
		}
		if broken, err = mistake.Change(broken); err != nil {
			return fmt.Errorf("%s: %s: %w", name, mistake.Name, err)
		}
		twin, err := broken.Text()
		if err != nil {
			return err
		}
		_, err = open(twin, key)
		judge.Twin(name, mistake.Name, err, mistake.Want)
	}
	other, err := age.GenerateX25519Identity()
	if err != nil {
		return err
	}
	if sealed, _, err = seal(text, other.Recipient()); err != nil {
		return err
	}
	_, err = open(sealed, key)
	judge.Twin(name, "sealed to another key", err, "identity did not match any of the recipients")
	return nil
}

// ruleTwins holds a good file to rules that are not its own.
func ruleTwins(judge *kit.Judge, name string, text []byte, good rule) error {
	config, err := os.ReadFile(good.config)
	if err != nil {
		return err
	}
	recipient := firstRecipient.FindString(string(config))
	below, err := filepath.Rel(filepath.Dir(good.config), good.file)
	if err != nil {
		return err
	}
	for _, twin := range []struct{ name, from, to, want string }{
		{"rule of no path", "^secrets/", "^sealed/", "no matching creation rules"},
		{"rule to another recipient", recipient, stranger, "recipients"},
		{"rule to a recipient that is none", recipient, recipient[:20], "recipient"},
		{"rule that seals other values", "^(data|stringData)$", "^data$", `seals "^data$"`},
		{"rule for all that is in the MAC", "mac_only_encrypted: true", "mac_only_encrypted: false", "mac_only_encrypted: false"},
		{"rule that is no list", "creation_rules:\n", "creation_rules: all\nothers:\n", "error loading config"},
	} {
		path := filepath.Join(os.Getenv("JUDGE_SCRATCH"), ".sops.yaml")
		changed := strings.ReplaceAll(string(config), twin.from, twin.to)
		if changed == string(config) {
			return fmt.Errorf("%s: %s: nothing to break", good.name(), twin.name)
		}
		if err := os.WriteFile(path, []byte(changed), 0o644); err != nil {
			return err
		}
		broken := rule{path, filepath.Join(filepath.Dir(path), below)}
		judge.Twin(name, twin.name, broken.check(text), twin.want)
	}
	return nil
}

// values is where the sealed values of a Secret are.
func values(docs kit.Docs) *yaml.Node {
	for _, section := range []string{"data", "stringData"} {
		if found := kit.Get(docs[0], section); found != nil && len(found.Content) > 1 {
			return found
		}
	}
	return &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{{}, {}}}
}
