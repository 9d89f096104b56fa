package main

import (
	"regexp"
	"slices"
	"strings"
)

// class is a kind of mistake in one line.
type class string

const (
	wrongKey       class = "key"
	wrongKind      class = "kind"
	wrongType      class = "type"
	wrongVersion   class = "version"
	wrongReference class = "reference"
)

var classes = []class{wrongKey, wrongKind, wrongType, wrongVersion, wrongReference}

// site is a line where a mistake can be made, and what it then says.
type site struct {
	class class
	line  int // from 0
	text  string
}

// free are maps whose keys are anybody's own: no consumer can say that one is wrong.
var free = []string{"annotations", "binaryData", "data", "labels", "matchLabels", "nodeLabels", "nodeSelector", "stringData"}

// referring are keys whose value is the name of something else.
var referring = []string{"claimName", "gatewayClassName", "ingressClassName", "priorityClassName", "secretName",
	"serviceAccountName", "storageClassName", "targetNamespace"}

var entry = regexp.MustCompile(`^( *)((?:- )*)("[^"]*"|[^\s"'#][^"'#]*?):(?: (.*))?$`)

// sites are the lines of a YAML text where a mistake can be made. It reads what this compiler prints: block maps and
// lists, one key a line.
func sites(text string) []site {
	var found []site
	var above []key
	block := -1 // the column of the key whose block scalar goes on
	for at, line := range strings.Split(text, "\n") {
		column := len(line) - len(strings.TrimLeft(line, " "))
		if line == "" || (block >= 0 && column > block) || strings.HasPrefix(line[column:], "#") {
			continue
		}
		block = -1
		above = slices.DeleteFunc(above, func(k key) bool { return k.column > column })
		parts := entry.FindStringSubmatch(line)
		if parts == nil {
			if item, is := strings.CutPrefix(line[column:], "- "); is && last(above) == "resources" {
				found = append(found, site{wrongReference, at, line[:column] + "- gone-" + item})
			}
			continue
		}
		head, name, value := parts[1]+parts[2], parts[3], parts[4]
		above = slices.DeleteFunc(above, func(k key) bool { return k.column >= len(head) })
		if strings.HasPrefix(value, "|") || strings.HasPrefix(value, ">") {
			block = len(head)
		}
		for _, mistake := range mistakes(above, name, value) {
			found = append(found, site{mistake.class, at, head + mistake.text})
		}
		above = append(above, key{len(head), name})
	}
	return found
}

// key is one of the keys that a line stands below.
type key struct {
	column int
	name   string
}

func last(above []key) string {
	if len(above) == 0 {
		return ""
	}
	return above[len(above)-1].name
}

// mistakes are what can be wrong with one key and its value; `line` is not set in them.
func mistakes(above []key, name, value string) []site {
	var found []site
	add := func(class class, text string) { found = append(found, site{class: class, text: text}) }
	entry := func(name string) string { return strings.TrimRight(name+": "+value, " ") }
	own := slices.ContainsFunc(above, func(k key) bool { return slices.Contains(free, k.name) })
	if !own && !strings.HasPrefix(name, `"`) {
		add(wrongKey, entry(name+"X"))
	}
	if value == "" || strings.HasPrefix(value, "|") || strings.HasPrefix(value, ">") {
		return found
	}
	switch {
	case name == "kind" && !own:
		add(wrongKind, name+": "+suffixed(value, "X"))
	case name == "apiVersion" && !own:
		add(wrongVersion, name+": "+suffixed(value, "9"))
	case refers(last(above), name) && !own:
		add(wrongReference, name+": "+suffixed(value, "-gone"))
	}
	if !strings.HasPrefix(value, "{") && !strings.HasPrefix(value, "[") {
		add(wrongType, name+": "+mistyped(value))
	}
	return found
}

// refers says whether the value of a key is the name of something else.
func refers(parent, name string) bool {
	parents := strings.HasSuffix(parent, "Ref") || strings.HasSuffix(parent, "Refs") || parent == "dependsOn"
	return slices.Contains(referring, name) || name == "name" && parents
}

var plainScalar = regexp.MustCompile(`^(true|false|-?[0-9.]+)$`)

// mistyped is a value of another type: a word for a number or a boolean, a map for a string.
func mistyped(value string) string {
	if plainScalar.MatchString(value) {
		return "wrong"
	}
	return "{wrong: type}"
}

// suffixed is a scalar with something behind it, quoted if it was.
func suffixed(value, suffix string) string {
	for _, quote := range []string{`"`, `'`} {
		if inner, is := strings.CutSuffix(value, quote); is && strings.HasPrefix(value, quote) {
			return inner + suffix + quote
		}
	}
	return value + suffix
}
