//! `duplicate-alert`: one condition is one alert.

use super::alerts::{about, alert, rules};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "duplicate-alert",
    group: Group::Observability,
    levels: Levels::all(Level::Warning),
    page: include_str!("duplicate-alert.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    let named = rules(view).filter_map(|(subject, rule)| Some((alert(rule)?, subject, rule)));
    let mut alerts: Vec<_> = named.collect();
    alerts.sort_by_key(|((_, name), ..)| *name);
    for alike in alerts.chunk_by(|((_, one), ..), ((_, other), ..)| one == other) {
        for (at, (name, subject, rule)) in alike.iter().enumerate().skip(1) {
            let mut before = alike.iter().take(at).map(|(.., other)| *other);
            if let Some(first) = before.find(|other| same(other, rule)) {
                tell(subject, *name, first, told);
            }
        }
    }
}

fn tell(subject: &Subject<'_>, (at, name): (&Node, &str), first: &Node, told: &mut Told) {
    let other = first.get("alert").unwrap_or(first);
    let finding = Finding::new(format!("the alert `{name}` is there twice"))
        .at(at.origin(), "asks the same, with the same labels")
        .at(other.origin(), "as this one does")
        .help("take one of them out; two steps of one alert differ in their `labels.severity`");
    told.add(about(subject, finding));
}

/// Whether two rules raise the same alert on the same condition, however their expressions are broken into lines.
fn same(one: &Node, other: &Node) -> bool {
    let expression = |rule: &Node| rule.get("expr").and_then(Node::scalar_text);
    let labels = |rule: &Node| {
        rule.get("labels")
            .filter(|it| !it.entries().is_empty())
            .cloned()
    };
    match (expression(one), expression(other)) {
        (Some(one_text), Some(other_text)) => {
            one_text
                .split_whitespace()
                .eq(other_text.split_whitespace())
                && labels(one) == labels(other)
        }
        _ => false,
    }
}
