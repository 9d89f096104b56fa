package main

import (
	"fmt"
	"strings"
)

// word is what a judge says of one object or of one twin.
type word string

const (
	accept  word = "accept"  // the consumer takes the object
	reject  word = "reject"  // it does not
	leave   word = "leave"   // the object is for another judge that reads the same files
	refused word = "refused" // the consumer refuses the twin, as it has to
	missed  word = "missed"  // it takes the twin
	broken  word = "broken"  // the runner's own: the judge did not judge
)

type verdict struct {
	word    word
	tree    string
	subject string
	why     string
}

func (v verdict) failed() bool { return v.word == reject || v.word == missed || v.word == broken }

// parseVerdicts reads a judge's answer: one verdict a line, `WORD<tab>SUBJECT<tab>WHY`.
func parseVerdicts(tree, text string) ([]verdict, error) {
	var verdicts []verdict
	for line := range strings.Lines(text) {
		fields := strings.SplitN(strings.TrimSuffix(line, "\n"), "\t", 3)
		if len(fields) != 3 || fields[1] == "" {
			return nil, fmt.Errorf("not a verdict: %q", line)
		}
		switch word := word(fields[0]); word {
		case accept, reject, leave, refused, missed:
			verdicts = append(verdicts, verdict{word, tree, fields[1], strings.TrimSpace(fields[2])})
		default:
			return nil, fmt.Errorf("not a verdict: %q", line)
		}
	}
	return verdicts, nil
}
