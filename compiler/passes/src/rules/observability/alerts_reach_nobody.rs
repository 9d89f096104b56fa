//! `alerts-reach-nobody`: where alerts are raised, somebody is told of them.

use super::alerts::receivers;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};

pub const RULE: Rule = Rule {
    id: "alerts-reach-nobody",
    group: Group::Observability,
    levels: Levels::of(Level::Note, Level::Warning),
    page: include_str!("alerts-reach-nobody.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    let Some(receivers) = receivers(view).filter(|it| it.people.is_empty()) else {
        return;
    };
    let Some(metrics) = view.on(&["observability", "metrics"]) else {
        return;
    };
    let message = match receivers.heartbeat {
        true => "alerts are raised, and nobody but a heartbeat is told of them",
        false => "alerts are raised, and nobody is told of them",
    };
    told.add(
        Finding::new(message)
            .at(metrics.origin(), "raises alerts")
            .help("name somebody: `observability: { alerts: { to: { phone: { type: ntfy, url: ADDRESS } } } }`; `alerts: false` raises none"),
    );
}
