//! `slo-without-alert`: an objective of a service wakes somebody before it is missed.

use super::alerts::about;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "slo-without-alert",
    group: Group::Observability,
    levels: Levels::of(Level::Note, Level::Warning),
    page: include_str!("slo-without-alert.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    // Sloth's: each of its objectives has two alerts.
    for subject in view.subjects(&["PrometheusServiceLevel"]) {
        let slos = subject.object.node.at(&["spec", "slos"]);
        for slo in slos.map_or(&[][..], Node::items) {
            let off = |key: &str| {
                slo.at(&["alerting", key, "disable"])
                    .filter(|it| is(it, true))
            };
            if let (Some(at), Some(_)) = (off("pageAlert"), off("ticketAlert")) {
                let name = slo.str_at(&["name"]).unwrap_or_default();
                told.add(about(subject, finding(name, at)));
            }
        }
    }
    // Pyrra's.
    for subject in view.subjects(&["ServiceLevelObjective"]) {
        let alerting = |key: &str| subject.object.node.at(&["spec", "alerting", key]);
        let off = alerting("disabled").filter(|it| is(it, true));
        let off = off.or_else(|| alerting("burnrates").filter(|it| is(it, false)));
        if let Some(at) = off {
            told.add(about(subject, finding(&subject.object.id.name, at)));
        }
    }
}

fn is(node: &Node, flag: bool) -> bool {
    node.as_bool() == Some(flag)
}

fn finding(name: &str, at: &Node) -> Finding {
    Finding::new(format!("the objective `{name}` has no alert"))
        .at(at.origin(), "switched off")
        .help("let one alert be on: an objective that nobody is told of is missed unseen")
}
