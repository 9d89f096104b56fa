//! `no-heartbeat`: silence is told from peace.

use super::alerts::receivers;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};

pub const RULE: Rule = Rule {
    id: "no-heartbeat",
    group: Group::Observability,
    levels: Levels::of(Level::Off, Level::Note),
    page: include_str!("no-heartbeat.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    let unnoticed = receivers(view).filter(|it| !it.heartbeat && !it.people.is_empty());
    let to = view.on(&["observability", "alerts", "to"]);
    if let (Some(_), Some(to)) = (unnoticed, to) {
        told.add(
            Finding::new("nobody notices when this cluster can't raise alerts any more")
                .at(to.origin(), "none of these misses an alert")
                .help("add a receiver of the type `heartbeat`: `alive: { type: heartbeat, secret: heartbeat }`"),
        );
    }
}
