package main

import (
	"regexp"

	"formwork.dev/judges/kit"
)

// nasty are entries that a careless printer would write: some reader takes each for something else. Want is in what
// the reader says that differs.
var nasty = []struct{ name, entry, want string }{
	{"yes without quotes", "twin: yes", "read"},
	{"on as a key", "on: twin", "read"},
	{"octal as of YAML 1.2", "twin: 0o17", "read"},
	{"octal as of YAML 1.1", "twin: 0778", "read"},
	{"time of day without quotes", "twin: 12:30:45", "read"},
	{"date without quotes", "twin: 2026-11-23", "read"},
	{"exponent without a dot", "twin: 1e3", "read"},
	{"equals sign alone", "twin: =", "read"},
	{"NEL in a plain text", "twin: a\u0085b", "read"},
	{"number of YAML 1.1 alone", "twin: 1_000", "yaml-rust2"},
	{"one key twice", "twin: 1\ntwin: 2", "read"},
	{"tab for indentation", "twin:\n\t- 1", "read"},
	{"text without its quote", `twin: "open`, "read"},
}

var mapAtTop = regexp.MustCompile(`(?m)^apiVersion: \S+$`)

// twins puts each nasty entry at the top of the first good file that is a map.
func twins(judge *kit.Judge, readers []reader, good []string) error {
	for _, path := range good {
		text, err := judge.Read(path)
		if err != nil {
			return err
		}
		place := mapAtTop.FindIndex(text)
		if place == nil {
			continue
		}
		with := func(entry string) []byte {
			return []byte(string(text[:place[0]]) + entry + "\n" + string(text[place[0]:]))
		}
		if err := agree(readers, with("twin: 1")); err != nil {
			return err
		}
		for _, twin := range nasty {
			judge.Twin(path, twin.name, agree(readers, with(twin.entry)), twin.want)
		}
		return nil
	}
	return nil
}
