package main

import "formwork.dev/judges/kit"

// mistakes are what the agent has to refuse; the API server would take most of them.
var mistakes = []kit.Mistake{
	set("unknown field", "unknown field", "spec.egres", "[]"),
	set("unknown entity", "unsupported entity", "spec.egress", "[{toEntities: [internet]}]"),
	set("two kinds of peers in one rule", "combining", "spec.egress", "[{toCIDR: [10.0.0.0/8], toEntities: [world]}]"),
	set("CIDR that is none", "CIDR", "spec.egress", "[{toCIDR: [10.0.0.0/33]}]"),
	set("port that is none", "port", "spec.ingress", `[{toPorts: [{ports: [{port: "70000", protocol: TCP}]}]}]`),
	set("unknown protocol", "protocol", "spec.ingress", `[{toPorts: [{ports: [{port: "53", protocol: QUIC}]}]}]`),
	set("DNS rules on the way in", "DNS", "spec.ingress", `[{toPorts: [{ports: [{port: "53", protocol: UDP}], rules: {dns: [{matchPattern: "*"}]}}]}]`),
	set("label that is none", "label", "spec.endpointSelector", "{matchLabels: {app: 'a b'}}"),
	{Name: "no rules", Want: "spec", Change: func(docs kit.Docs) (kit.Docs, error) {
		kit.Delete(docs[0], "specs")
		if !kit.Delete(docs[0], "spec") {
			return nil, nil
		}
		return docs, nil
	}},
	{Name: "no selector", Want: "EndpointSelector", Change: func(docs kit.Docs) (kit.Docs, error) {
		if !kit.Delete(docs[0], "spec.endpointSelector") {
			return nil, nil
		}
		return docs, nil
	}},
}

func set(name, want, path, value string) kit.Mistake {
	return kit.Mistake{Name: name, Want: want, Change: func(docs kit.Docs) (kit.Docs, error) {
		if kit.Get(docs[0], "spec") == nil {
			return nil, nil
		}
		return docs, kit.Set(docs[0], path, value)
	}}
}
