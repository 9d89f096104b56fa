//! `even-control-planes`: etcd needs a majority.

use super::promise::count;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "even-control-planes",
    group: Group::Clusters,
    levels: Levels::all(Level::Warning),
    page: include_str!("even-control-planes.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    let Some((counted, planes)) = count(view, "controlPlanes") else {
        return;
    };
    if planes < 2 || planes % 2 != 0 {
        return;
    }
    let nodes = view.cluster.at(&["nodes"]).map_or(&[][..], Node::entries);
    let mut roles = nodes.iter().rev().filter_map(|node| node.value.get("role"));
    let last = roles.find(|role| role.as_str() == Some("controlplane"));
    let message = format!(
        "{planes} control planes bear no more failures than {}",
        planes - 1
    );
    told.add(
        Finding::new(message)
            .at(
                last.unwrap_or(counted).origin(),
                format!("control plane number {planes}"),
            )
            .help("etcd needs a majority: have an odd number, one more or one less"),
    );
}
