//! What an alert must have: how urgent it is, what it says to people, and a page of the runbook.

use crate::component::Component;
use std::collections::BTreeMap;
use syntax::{Diagnostic, Diagnostics, Node, Origins};

/// How urgent an alert may be.
const SEVERITIES: [&str; 3] = ["critical", "warning", "info"];
/// What each alert says to people.
const TEXTS: [&str; 2] = ["summary", "description"];

/// Checks the alerts of a component.
pub fn check(component: &Component, origins: &Origins, found: &mut Diagnostics) {
    let mixin = &component.mixin;
    let runbook = mixin.runbook.as_ref().map(|runbook| runbook.source());
    let stated = component.node.get("alerts");
    if let (Some(_), None, Some(stated)) = (&mixin.alerts, runbook, stated)
        && component.node.get("runbook").is_none()
    {
        let message = format!("component `{}` has alerts and no runbook", component.name);
        found.add(
            Diagnostic::error("alert-runbook", message)
                .at(origins.place(stated.origin()), "whoever is paged needs one")
                .help("write runbook.md with a heading `## NAME` for each alert, and `runbook: runbook.md` here"),
        );
    }
    let mut seen: BTreeMap<&str, &Node> = BTreeMap::new();
    for (alert, rule) in mixin.alerts() {
        let Some(name) = alert.as_str() else { continue };
        severity(name, alert, rule, origins, found);
        texts(name, alert, rule, origins, found);
        if let Some(runbook) = runbook
            && !headings(runbook).any(|heading| heading == name)
        {
            found.add(
                Diagnostic::error(
                    "alert-runbook",
                    format!("the runbook says nothing of `{name}`"),
                )
                .at(origins.place(alert.origin()), "has no heading there")
                .help(format!(
                    "add `## {name}` to the runbook, with what it means and what to do"
                )),
            );
        }
        if let Some(first) = seen.insert(name, alert) {
            found.add(twice(name, alert, first, origins));
        }
    }
}

/// Two alerts of one name in a cluster: nobody knows which of them a silence or a page means.
pub fn twice(name: &str, alert: &Node, first: &Node, origins: &Origins) -> Diagnostic {
    Diagnostic::error("alert-twice", format!("two alerts are called `{name}`"))
        .at(origins.place(alert.origin()), "one is here")
        .at(origins.place(first.origin()), "and one here")
        .help("an alert has one home and one name: rename one, or take it out")
}

fn severity(name: &str, alert: &Node, rule: &Node, origins: &Origins, found: &mut Diagnostics) {
    let stated = rule.at(&["labels", "severity"]);
    if stated
        .and_then(Node::as_str)
        .is_some_and(|severity| SEVERITIES.contains(&severity))
    {
        return;
    }
    let said = stated.and_then(Node::scalar_text);
    let (message, at) = match &said {
        Some(said) => (
            format!("`{said}` is no severity"),
            "decides who is told, and how soon",
        ),
        None => (
            format!("alert `{name}` has no severity"),
            "states no `labels.severity`",
        ),
    };
    let place = origins.place(stated.unwrap_or(alert).origin());
    let mut problem = Diagnostic::error("alert-severity", message).at(place, at);
    let near = said.and_then(|said| syntax::suggest::nearest(&said, SEVERITIES));
    problem = match (near, place) {
        (Some(near), Some(span)) => problem
            .help(format!("did you mean `{near}`?"))
            .fix(span, near),
        _ => problem.help(format!("there are: {}", SEVERITIES.join(", "))),
    };
    found.add(problem);
}

fn texts(name: &str, alert: &Node, rule: &Node, origins: &Origins, found: &mut Diagnostics) {
    let missing: Vec<&str> = TEXTS
        .into_iter()
        .filter(|key| rule.str_at(&["annotations", key]).is_none_or(str::is_empty))
        .collect();
    if missing.is_empty() {
        return;
    }
    found.add(
        Diagnostic::error("alert-text", format!("alert `{name}` lacks `{}`", missing.join("` and `")))
            .at(origins.place(alert.origin()), "says too little to whoever is told")
            .help("state `annotations: { summary: what is wrong in one line, description: where, how much, what follows }`"),
    );
}

/// The second-level headings of a Markdown text.
/// What the sections of a runbook are about.
pub fn headings(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter_map(|line| line.strip_prefix("## "))
        .map(str::trim)
}
