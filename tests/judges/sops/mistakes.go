package main

import (
	"regexp"
	"strings"

	"formwork.dev/judges/kit"
)

var firstRecipient = regexp.MustCompile(`age1[0-9a-z]{58}`)

// stranger is a recipient that no file is sealed to.
const stranger = "age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg"

// mistakes are what has to be seen in a sealed file without its key.
var mistakes = []kit.Mistake{
	set("recipient that is none", "malformed recipient", "sops.age.0.recipient", "age1nobody"),
	set("recipient of another kind of key", "unknown recipient type", "sops.age.0.recipient", "alice"),
	set("no recipient", "No keys found", "sops.age", "[]"),
	set("data key that is none", "age cannot read the data key", "sops.age.0.enc", "secret"),
	set("plain value", "is not sealed as SOPS seals", "stringData.twin", "secret"),
	set("number left plain", "Expected encrypted value", "stringData.twin", "1"),
	set("sealed value outside", "encrypted_regex leaves it out", "metadata.annotations",
		"{twin: 'ENC[AES256_GCM,data:c2VhbGVk,iv:aXY=,tag:dGFn,type:str]'}"),
	set("sealed values of another section", "not sealed as SOPS seals", "sops.encrypted_regex", "^metadata$"),
	set("nothing sealed", "no value is sealed", "sops.encrypted_regex", "^none$"),
	set("MAC that is none", "is not sealed as SOPS seals", "sops.mac", "secret"),
	set("time that is none", "cannot parse", "sops.lastmodified", "yesterday"),
	without("no MAC", "no mac", "sops.mac"),
	without("no rule of what is sealed", "no encrypted_regex", "sops.encrypted_regex"),
	without("not sealed", "metadata not found", "sops"),
	set("not a Secret", "is not a Secret", "kind", "ConfigMap"),
	set("unknown version", "no kind", "apiVersion", "v2"),
	set("unknown field", "unknown field", "typ", "Opaque"),
	set("name that is none", "not a valid Secret", "metadata.name", "A_Name"),
	set("key that is none", "not a valid Secret", "stringData", "{a b: 'ENC[AES256_GCM,data:c2VhbGVk,iv:aXY=,tag:dGFn,type:str]'}"),
	set("Secret of another namespace", "of the namespace", "metadata.namespace", "elsewhere"),
}

// sealedMistakes are what only SOPS with the key can see.
var sealedMistakes = []kit.Mistake{
	{Name: "changed ciphertext", Want: "message authentication failed", Change: func(docs kit.Docs) (kit.Docs, error) {
		value := values(docs).Content[1]
		value.Value = changed(value.Value)
		return docs, nil
	}},
	{Name: "value under another key", Want: "message authentication failed", Change: func(docs kit.Docs) (kit.Docs, error) {
		values(docs).Content[0].Value = "twin"
		return docs, nil
	}},
	{Name: "value taken out", Want: "MAC mismatch", Change: func(docs kit.Docs) (kit.Docs, error) {
		section := values(docs)
		section.Content = section.Content[2:]
		return docs, nil
	}},
	{Name: "MAC of another file", Want: "Cannot decrypt MAC", Change: func(docs kit.Docs) (kit.Docs, error) {
		return docs, kit.Set(docs[0], "sops.mac", "'"+changed(kit.Value(docs[0], "sops.mac"))+"'")
	}},
	set("plain value left in", "does not match sops' data format", "stringData.twin", "secret"),
	set("time of another sealing", "Cannot decrypt MAC", "sops.lastmodified", "'2026-01-01T00:00:00Z'"),
}

// changed is a ciphertext with another first letter.
func changed(sealed string) string {
	head, tail, _ := strings.Cut(sealed, "data:")
	first := "A"
	if strings.HasPrefix(tail, first) {
		first = "B"
	}
	return head + "data:" + first + tail[1:]
}

func set(name, want, path, value string) kit.Mistake {
	return kit.Mistake{Name: name, Want: want, Change: func(docs kit.Docs) (kit.Docs, error) {
		return docs, kit.Set(docs[0], path, value)
	}}
}

func without(name, want, path string) kit.Mistake {
	return kit.Mistake{Name: name, Want: want, Change: func(docs kit.Docs) (kit.Docs, error) {
		if !kit.Delete(docs[0], path) {
			return nil, nil
		}
		return docs, nil
	}}
}
