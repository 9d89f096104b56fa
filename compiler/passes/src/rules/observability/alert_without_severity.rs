//! `alert-without-severity`: an alert has a severity by which somebody is told of it.

use super::alerts::{about, alert, receivers, rules};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "alert-without-severity",
    group: Group::Observability,
    levels: Levels::all(Level::Warning),
    page: include_str!("alert-without-severity.md"),
    on: On::Cluster(check),
};

/// The severities by which receivers are chosen.
const SEVERITIES: [&str; 3] = ["critical", "warning", "info"];
/// The alert that receivers of the type `heartbeat` are told of by its name.
const ALWAYS: &str = "Watchdog";

fn check(view: &View<'_>, told: &mut Told) {
    if receivers(view).is_none_or(|receivers| receivers.people.is_empty()) {
        return;
    }
    for (subject, rule) in rules(view) {
        let Some((at, name)) = alert(rule).filter(|(_, name)| *name != ALWAYS) else {
            continue;
        };
        let stated = rule.at(&["labels", "severity"]);
        let said = stated.and_then(Node::as_str);
        // A severity that is computed is one of these or not: nobody knows.
        if said.is_some_and(|it| SEVERITIES.contains(&it) || it.contains("{{")) {
            continue;
        }
        let label = match said {
            Some(_) => "no receiver asks for it",
            None => "states no `labels.severity`",
        };
        let finding = Finding::new(format!("nobody is told of the alert `{name}`"))
            .at(stated.unwrap_or(at).origin(), label)
            .help("state `labels: { severity: warning }`; there are critical (now), warning (today) and info (somewhen)");
        told.add(about(subject, finding));
    }
}
