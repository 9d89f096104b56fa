//! What `explain` answers, for people and for programs.

use passes::explain::back::{Answer, Reason, Step};
use std::fmt::Write as _;
use syntax::{Sources, Span};

/// An answer as a person reads it.
pub fn human(answer: &Answer, sources: &Sources) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{}{}",
        answer.path,
        if answer.pointer.is_empty() {
            String::new()
        } else {
            format!(":{}", answer.pointer)
        }
    );
    if let Some(object) = &answer.object {
        let _ = writeln!(text, "in {object}");
    }
    if let Some(value) = &answer.value {
        let _ = writeln!(text);
        for line in value.lines().take(20) {
            let _ = writeln!(text, "    {line}");
        }
        if value.lines().count() > 20 {
            let _ = writeln!(text, "    ... {} lines more", value.lines().count() - 20);
        }
    }
    section(&mut text, "because", &answer.made, sources);
    section(&mut text, "it is there because", &answer.there, sources);
    for (key, reasons) in &answer.absent {
        section(
            &mut text,
            &format!("`{key}` is left out because"),
            reasons,
            sources,
        );
    }
    text
}

fn section(text: &mut String, title: &str, reasons: &[Reason], sources: &Sources) {
    if reasons.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{title}");
    for reason in reasons {
        let indent = "  ".repeat(reason.depth + 1);
        let _ = match &reason.step {
            Step::Said(span) => writeln!(text, "{indent}{}", said(*span, sources)),
            Step::Computed(span) => writeln!(text, "{indent}computed at {}", said(*span, sources)),
            Step::Decided(rule) => {
                writeln!(text, "{indent}{}", passes::explain::rules::words(rule))
            }
            Step::Replaced(span) => writeln!(text, "{indent}instead of {}", said(*span, sources)),
        };
    }
}

/// A place and the line that stands there.
fn said(span: Span, sources: &Sources) -> String {
    let line = sources
        .get(span.file)
        .and_then(|source| source.line(source.place(span.start).line));
    let line = line.map_or("", |(_, line)| line.trim());
    let shown: String = line.chars().take(100).collect();
    format!("{}   {shown}", sources.locate(span))
}

/// An answer as a program reads it.
pub fn json(answer: &Answer, sources: &Sources) -> String {
    let first = answer.made.iter().find_map(|reason| match &reason.step {
        Step::Said(span) | Step::Computed(span) => Some(*span),
        Step::Decided(_) | Step::Replaced(_) => None,
    });
    let absent: Vec<_> = answer
        .absent
        .iter()
        .map(|(key, why)| serde_json::json!({"key": key.as_str(), "because": steps(why, sources)}))
        .collect();
    let value = serde_json::json!({
        "apiVersion": "formwork.dev/v1alpha1",
        "kind": "Explanation",
        "file": answer.path,
        "pointer": answer.pointer,
        "value": answer.value,
        "origin": { "span": first.map(|span| sources.locate(span)) },
        "made": steps(&answer.made, sources),
        "there": steps(&answer.there, sources),
        "absent": absent,
    });
    format!("{value:#}\n")
}

fn steps(reasons: &[Reason], sources: &Sources) -> Vec<serde_json::Value> {
    let step = |reason: &Reason| {
        let (step, place, rule) = match &reason.step {
            Step::Said(span) => ("said", Some(*span), None),
            Step::Computed(span) => ("computed", Some(*span), None),
            Step::Decided(rule) => ("decided", None, Some(*rule)),
            Step::Replaced(span) => ("replaced", Some(*span), None),
        };
        let span = place.map(|span| sources.locate(span));
        serde_json::json!({ "depth": reason.depth, "step": step, "rule": rule, "span": span })
    };
    reasons.iter().map(step).collect()
}
