//! `single-node`: what runs on one node stops with it.

use super::promise::{Promise, count, only};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};

pub const RULE: Rule = Rule {
    id: "single-node",
    group: Group::Clusters,
    levels: Levels::all(Level::Warning),
    page: include_str!("single-node.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    let Some(promise) = Promise::of(view) else {
        return;
    };
    let (Some((nodes, 1)), Some((_, all))) = (count(view, "schedulable"), count(view, "nodeCount"))
    else {
        return;
    };
    if all < 2 {
        return; // that it is the only one, `single-control-plane` says
    }
    let message = format!(
        "one node takes all workloads, which hardly keeps {}: they may be down for {} a month, its updates included",
        promise.text(),
        promise.allowed()
    );
    told.add(
        Finding::new(message)
            .at(promise.stated.origin(), "promised here")
            .at(
                only(view, "worker").unwrap_or(nodes.origin()),
                "one node for workloads",
            )
            .help("add a worker, let control planes take workloads (`allowSchedulingOnControlPlanes: true`), or promise less"),
    );
}
