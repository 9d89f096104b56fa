//! `broken-expression`: Prometheus can read what it is asked.

use super::alerts::{about, rules};
use super::expression::problem;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "broken-expression",
    group: Group::Observability,
    levels: Levels::all(Level::Error),
    page: include_str!("broken-expression.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    for (subject, rule) in rules(view) {
        // The library's own have been read by Prometheus' tools.
        let Some(expression) = rule.get("expr").filter(|it| view.is_users(it.origin())) else {
            continue;
        };
        let Some(problem) = expression.as_str().and_then(problem) else {
            continue;
        };
        let name = rule.get("alert").or_else(|| rule.get("record"));
        let name = name.and_then(Node::as_str).unwrap_or_default();
        let finding = Finding::new(format!("Prometheus can't read the expression of `{name}`"))
            .at(expression.origin(), problem)
            .help("close what is open: a rule that can't be read is never judged, and those beside it in its file neither");
        told.add(about(subject, finding));
    }
}
