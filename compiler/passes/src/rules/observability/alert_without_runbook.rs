//! `alert-without-runbook`: whoever is told of an alert is told what to do.

use super::alerts::{KIND, alert, rules_of};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told};

pub const RULE: Rule = Rule {
    id: "alert-without-runbook",
    group: Group::Observability,
    levels: Levels::of(Level::Note, Level::Warning),
    page: include_str!("alert-without-runbook.md"),
    on: On::Object(&[KIND], check),
};

fn check(subject: &Subject<'_>, told: &mut Told) {
    for rule in rules_of(&subject.object.node) {
        let Some((at, name)) = alert(rule) else {
            continue;
        };
        let stated = rule.str_at(&["annotations", "runbook_url"]);
        if stated.is_none_or(|url| url.trim().is_empty()) {
            told.add(
                Finding::new(format!("the alert `{name}` leads to no runbook"))
                    .at(at.origin(), "has no `runbook_url`")
                    .help("state `annotations: { runbook_url: ADDRESS }`; a component with `runbook: runbook.md` gets it by a heading"),
            );
        }
    }
}
