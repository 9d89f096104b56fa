package main

import (
	"regexp"

	"formwork.dev/judges/kit"
)

// nasty are entries that a careless printer would write: some reader takes each for something else.
var nasty = []struct{ name, entry string }{
	{"yes without quotes", "twin: yes"},
	{"on as a key", "on: twin"},
	{"octal as of YAML 1.2", "twin: 0o17"},
	{"octal as of YAML 1.1", "twin: 0778"},
	{"time of day without quotes", "twin: 12:30:45"},
	{"date without quotes", "twin: 2026-11-23"},
	{"exponent without a dot", "twin: 1e3"},
	{"equals sign alone", "twin: ="},
	{"NEL in a plain text", "twin: a\u0085b"},
	{"one key twice", "twin: 1\ntwin: 2"},
	{"tab for indentation", "twin:\n\t- 1"},
	{"text without its quote", `twin: "open`},
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
			judge.Twin(path, twin.name, agree(readers, with(twin.entry)), "read")
		}
		return nil
	}
	return nil
}
