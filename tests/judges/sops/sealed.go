package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"
	"github.com/getsops/sops/v3"
	"github.com/getsops/sops/v3/aes"
	sopsage "github.com/getsops/sops/v3/age"
	"github.com/getsops/sops/v3/config"
	"github.com/getsops/sops/v3/stores/yaml"
)

var store = yaml.NewStore(&config.NewStoresConfig().YAML)

// checkSealed is what can be known of a sealed file without its key.
func checkSealed(text []byte) error {
	tree, err := store.LoadEncryptedFile(text)
	if err != nil {
		return err
	}
	return errors.Join(checkMetadata(tree.Metadata), checkValues(tree))
}

func checkMetadata(metadata sops.Metadata) error {
	var problems []error
	for _, group := range metadata.KeyGroups {
		for _, key := range group {
			problems = append(problems, checkKey(key.ToString(), key.EncryptedDataKey()))
		}
	}
	if metadata.EncryptedRegex == "" {
		problems = append(problems, errors.New("no encrypted_regex"))
	}
	if metadata.LastModified.IsZero() || metadata.Version == "" {
		problems = append(problems, errors.New("no lastmodified or no version"))
	}
	if _, err := newCensus(keep).Decrypt(metadata.MessageAuthenticationCode, nil, "mac"); err != nil {
		problems = append(problems, err)
	} else if metadata.MessageAuthenticationCode == "" {
		problems = append(problems, errors.New("no mac"))
	}
	return errors.Join(problems...)
}

// checkKey takes the data key as it is sealed to one recipient: age reads it, and a stranger cannot open it.
func checkKey(recipient string, sealed []byte) error {
	if _, err := sopsage.MasterKeyFromRecipient(recipient); err != nil {
		return fmt.Errorf("recipient %q: %w", recipient, err)
	}
	stranger, err := age.GenerateX25519Identity()
	if err != nil {
		return err
	}
	_, err = age.Decrypt(armor.NewReader(bytes.NewReader(sealed)), stranger)
	var closed *age.NoIdentityMatchError
	switch {
	case err == nil:
		return fmt.Errorf("recipient %s: anybody opens the data key", recipient)
	case !errors.As(err, &closed):
		return fmt.Errorf("recipient %s: age cannot read the data key: %w", recipient, err)
	}
	return nil
}

// checkValues lets SOPS walk the tree: what it would open has to be sealed, and nothing else may be.
func checkValues(tree sops.Tree) error {
	seen := newCensus(keep)
	if _, err := tree.Decrypt(seen.key, seen); err != nil {
		return err
	}
	if len(seen.sealed) == 0 {
		return errors.New("no value is sealed")
	}
	for _, branch := range tree.Branches {
		if err := seen.others(branch, ""); err != nil {
			return err
		}
	}
	return nil
}

// census stands in for SOPS's cipher: it has no key, and notes the sealed values that it is asked to open.
type census struct {
	cipher aes.Cipher
	key    []byte
	sealed map[string]bool
	open   func(text, place string) string
}

func newCensus(open func(text, place string) string) *census {
	return &census{aes.NewCipher(), make([]byte, 32), map[string]bool{}, open}
}

func keep(text, _ string) string { return text }

// Decrypt tries a value with a key that cannot be its own: SOPS's cipher then says whether it is sealed at all. What
// is empty stays empty when it is sealed. A value that is not sealed is not shown.
func (c *census) Decrypt(text string, _ []byte, place string) (any, error) {
	if text == "" {
		return text, nil
	}
	_, err := c.cipher.Decrypt(text, c.key, place)
	if err == nil || !strings.Contains(err.Error(), "message authentication failed") {
		return nil, fmt.Errorf("%s is not sealed as SOPS seals", place)
	}
	c.sealed[place] = true
	return c.open(text, place), nil
}

func (c *census) Encrypt(any, []byte, string) (string, error) {
	return "", errors.New("a census seals nothing")
}

// others refuses what is sealed although SOPS did not ask for it. Places are named as SOPS names them.
func (c *census) others(value any, place string) error {
	switch value := value.(type) {
	case sops.TreeBranch:
		for _, item := range value {
			if err := c.others(item.Value, fmt.Sprintf("%s%v:", place, item.Key)); err != nil {
				return err
			}
		}
	case []any:
		for _, item := range value {
			if err := c.others(item, place); err != nil {
				return err
			}
		}
	case string:
		if strings.HasPrefix(value, "ENC[") && !c.sealed[place] {
			return fmt.Errorf("%s is sealed, and encrypted_regex leaves it out", place)
		}
	}
	return nil
}
