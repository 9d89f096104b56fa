//! `open-network`: a cluster that somebody relies on keeps its namespaces apart.

use super::policies::denies;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "open-network",
    group: Group::Network,
    levels: Levels::of(Level::Off, Level::Note),
    page: include_str!("open-network.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    if denies(view) {
        return;
    }
    let setting = view.cluster.at(&["security", "network"]);
    let at = setting.map_or(view.cluster.because, Node::origin);
    let mut components = view.cluster.components.iter();
    let held = components.any(|it| it.component.provides("network.policies").is_some());
    let help = if held {
        "write `security: { network: default-deny }`: what components and apps declare stays open"
    } else {
        "choose a network that enforces policies (`network.cni`), and write `security: { network: default-deny }`"
    };
    told.add(
        Finding::new("every pod of this cluster may call every other, and whatever is outside")
            .at(at, "nothing is denied")
            .help(help),
    );
}
