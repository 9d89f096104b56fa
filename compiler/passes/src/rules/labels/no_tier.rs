//! `no-tier`: where clusters have tiers, each that somebody relies on has one.

use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "no-tier",
    group: Group::Labels,
    levels: Levels::of(Level::Off, Level::Note),
    page: include_str!("no-tier.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    let cluster = view.cluster;
    let tiers = cluster.platform.spec.get("tiers");
    let (Some(tiers), None) = (tiers, cluster.at(&["tier"])) else {
        return;
    };
    let names: Vec<&str> = tiers.entries().iter().map(|it| it.key.as_str()).collect();
    if names.is_empty() {
        return;
    }
    let name = &cluster.name;
    told.add(
        Finding::new(format!("cluster `{name}` is of no tier"))
            .at(
                cluster.because,
                "its objects have no label `formwork.dev/tier`",
            )
            .at(Node::origin(tiers), "there are tiers")
            .help(format!(
                "say which: `tier:` with one of {}",
                names.join(", ")
            )),
    );
}
