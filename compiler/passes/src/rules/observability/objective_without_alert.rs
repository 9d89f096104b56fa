//! `objective-without-alert`: somebody looks whether what is promised is kept.

use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};

pub const RULE: Rule = Rule {
    id: "objective-without-alert",
    group: Group::Observability,
    levels: Levels::all(Level::Note),
    page: include_str!("objective-without-alert.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    let Some(objectives) = view.on(&["objectives"]) else {
        return;
    };
    let metrics = ["observability", "metrics"];
    if view.serves("observability.metrics") || view.switched_off(&metrics).is_some() {
        return;
    }
    let stated = objectives.entries().iter();
    let Some(first) = stated.map(|entry| &entry.value).find(|it| !it.is_off()) else {
        return;
    };
    told.add(
        Finding::new("nothing is known to measure whether this cluster's objectives are kept")
            .at(first.origin(), "promised, and looked at by nobody")
            .help("write `observability: { metrics: prometheus }` with `alerts`; where somebody else looks, `observability: { metrics: false }` says so"),
    );
}
