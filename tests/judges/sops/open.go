package main

import (
	"errors"
	"fmt"
	"strings"

	"filippo.io/age"
	"github.com/getsops/sops/v3"
	"github.com/getsops/sops/v3/aes"
	sopsage "github.com/getsops/sops/v3/age"
	"github.com/getsops/sops/v3/cmd/sops/common"
)

// seal puts a stand-in into the place of each sealed value and seals the file by its own rules to one recipient. It
// returns the sealed text, and the open one.
func seal(text []byte, recipient *age.X25519Recipient) (sealed, plain []byte, err error) {
	tree, err := store.LoadEncryptedFile(text)
	if err != nil {
		return nil, nil, err
	}
	hands := newCensus(standIn)
	if _, err := tree.Decrypt(hands.key, hands); err != nil {
		return nil, nil, err
	}
	if plain, err = store.EmitPlainFile(tree.Branches); err != nil {
		return nil, nil, err
	}
	master, err := sopsage.MasterKeyFromRecipient(recipient.String())
	if err != nil {
		return nil, nil, err
	}
	tree.Metadata.KeyGroups = []sops.KeyGroup{{master}}
	key, errs := tree.GenerateDataKey()
	if len(errs) > 0 {
		return nil, nil, errors.Join(errs...)
	}
	if err := common.EncryptTree(common.EncryptTreeOpts{DataKey: key, Tree: &tree, Cipher: aes.NewCipher()}); err != nil {
		return nil, nil, err
	}
	sealed, err = store.EmitEncryptedFile(tree)
	return sealed, plain, err
}

// standIn is what a sealed value is here: in `data` it has to be base64.
func standIn(_, place string) string {
	if strings.HasPrefix(place, "data:") {
		return "YSBzdGFuZC1pbg=="
	}
	return "a stand-in of " + place
}

// open does what `sops --decrypt` does, with this identity and no other that the machine may have.
func open(text []byte, key *age.X25519Identity) ([]byte, error) {
	tree, err := store.LoadEncryptedFile(text)
	if err != nil {
		return nil, err
	}
	identities := sopsage.ParsedIdentities{key}
	var problems []error
	for _, group := range tree.Metadata.KeyGroups {
		for _, master := range group {
			held, ok := master.(*sopsage.MasterKey)
			if !ok {
				return nil, fmt.Errorf("%s is not a key of age", master.ToString())
			}
			identities.ApplyToMasterKey(held)
			dataKey, err := held.Decrypt()
			if err == nil {
				tree.Metadata.DataKey = dataKey
			}
			problems = append(problems, err)
		}
	}
	if tree.Metadata.DataKey == nil {
		return nil, errors.Join(problems...)
	}
	if _, err := common.DecryptTree(common.DecryptTreeOpts{Tree: &tree, Cipher: aes.NewCipher()}); err != nil {
		return nil, err
	}
	return store.EmitPlainFile(tree.Branches)
}
