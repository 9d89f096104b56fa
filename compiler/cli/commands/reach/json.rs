//! The answer for programs.

use super::answer::{Answer, Pair, Question, Reason};
use passes::reach::Holds;
use serde_json::{Value, json};

pub(super) fn render(question: &Question<'_>, answers: &[Answer]) -> String {
    let clusters: Vec<Value> = answers
        .iter()
        .map(|answer| {
            json!({
                "name": answer.cluster,
                "reachable": answer.holds().map_or("in-part", word),
                "pairs": answer.pairs.iter().map(pair).collect::<Vec<Value>>(),
            })
        })
        .collect();
    let value = json!({
        "apiVersion": "formwork.dev/v1alpha1",
        "kind": "Reach",
        "from": question.from,
        "to": question.to,
        "port": question.port.map(|port| port.number),
        "protocol": question.port.map(|port| port.protocol.name()),
        "clusters": clusters,
    });
    format!("{value:#}\n")
}

fn word(holds: Holds) -> &'static str {
    match holds {
        Holds::Yes => "yes",
        Holds::No => "no",
        Holds::Unsure => "unclear",
    }
}

fn pair(pair: &Pair) -> Value {
    json!({
        "from": pair.from,
        "to": pair.to,
        "reachable": word(pair.holds),
        "open": pair.open,
        "unclear": pair.unclear,
        "egress": side(&pair.egress),
        "ingress": side(&pair.ingress),
        "fix": pair.fix,
    })
}

fn side(reason: &Reason) -> Value {
    let rules = reason.rules.iter().map(|rule| {
        json!({
            "file": rule.file,
            "pointer": rule.pointer,
            "span": rule.place,
            "doubt": rule.doubt,
        })
    });
    json!({
        "reachable": word(reason.holds),
        "why": reason.why,
        "rules": rules.collect::<Vec<Value>>(),
    })
}
