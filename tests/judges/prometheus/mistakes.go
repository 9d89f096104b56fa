package main

import "formwork.dev/judges/kit"

const rule = "spec.groups.0.rules.0"

// ruleMistakes are what Prometheus has to refuse; the API server would take most of them.
var ruleMistakes = []kit.Mistake{
	set("query that does not end", "parse error", rule+".expr", "'sum(up'"),
	set("unknown function", "unknown function", rule+".expr", "'nearly(up)'"),
	set("range where an instant is due", "expected type", rule+".expr", "'sum(up[5m])'"),
	set("label that is none", "invalid label name", rule+".labels", "{'a-b': c}"),
	set("template that does not end", "template", rule+".annotations", "{summary: '{{ $labels.pod'}"),
	set("unknown function in a template", "not defined", rule+".annotations", "{summary: '{{ $value | nicely }}'}"),
	set("duration that is none", "duration", rule+".for", "5 minutes"),
	set("unknown field", "not found", rule+".severity", "critical"),
	set("alert that records", "only one of", rule+".record", "a:b:c"),
	{Name: "no query", Want: "field 'expr' must be set", Change: without(rule + ".expr")},
	{Name: "the same group twice", Want: "repeated", Change: func(docs kit.Docs) (kit.Docs, error) {
		groups := kit.Get(docs[0], "spec.groups")
		groups.Content = append(groups.Content, groups.Content[0])
		return docs, nil
	}},
}

// receiverMistakes are what Alertmanager has to refuse; the chart takes all of them.
var receiverMistakes = []kit.Mistake{
	set("receiver that nobody is", "undefined receiver", receivers+".route.receiver", "somebody"),
	set("unknown field", "not found", receivers+".route.recever", "nobody"),
	set("matcher that is none", "matcher", receivers+".route.routes", "[{receiver: nobody, matchers: ['severity critical']}]"),
	set("duration that is none", "duration", receivers+".route.group_wait", "soon"),
	set("address that is none", "scheme", receivers+".receivers", "[{name: nobody}, {name: phone, webhook_configs: [{url: 'ntfy.example.org'}]}]"),
	{Name: "nobody is told", Want: "no alert reaches", Change: func(docs kit.Docs) (kit.Docs, error) {
		somebody := "[{name: nobody}, {name: phone, webhook_configs: [{url: 'https://ntfy.example.org'}]}]"
		if err := kit.Set(docs[0], receivers+".receivers", somebody); err != nil {
			return nil, err
		}
		return docs, kit.Set(docs[0], receivers+".route", "{receiver: nobody}")
	}},
	{Name: "no route", Want: "no routes provided", Change: without(receivers + ".route")},
}

func set(name, want, path, value string) kit.Mistake {
	return kit.Mistake{Name: name, Want: want, Change: func(docs kit.Docs) (kit.Docs, error) {
		return docs, kit.Set(docs[0], path, value)
	}}
}

func without(path string) func(kit.Docs) (kit.Docs, error) {
	return func(docs kit.Docs) (kit.Docs, error) {
		if !kit.Delete(docs[0], path) {
			return nil, nil
		}
		return docs, nil
	}
}
