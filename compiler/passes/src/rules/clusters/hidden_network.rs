//! `hidden-network`: who makes a cluster must be able to reach its machines.

use super::facts::{self, Facts, meet};
use crate::resolve::Platform;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told};
use std::collections::BTreeMap;
use syntax::{Node, Text};

pub const RULE: Rule = Rule {
    id: "hidden-network",
    group: Group::Clusters,
    levels: Levels::all(Level::Warning),
    page: include_str!("hidden-network.md"),
    on: On::Platform(check),
};

fn check(platform: &Platform, told: &mut Told) {
    if platform.managers.is_empty() {
        return;
    }
    let all: Vec<Facts<'_>> = facts::all(platform).collect();
    let by_name: BTreeMap<&Text, &Facts<'_>> = all.iter().map(|it| (it.name(), it)).collect();
    for (manager, made) in &platform.managers {
        let Some(manager) = by_name.get(manager) else {
            continue;
        };
        for made in made.iter().filter_map(|at| all.get(*at)) {
            hidden(manager, made, told);
        }
    }
}

/// Tells of the machines of a cluster whose addresses its manager takes for its own pods or services.
fn hidden(manager: &Facts<'_>, made: &Facts<'_>, told: &mut Told) {
    // Containers beside the manager have no network that a spec states.
    let Some(nodes) = made.nodes() else { return };
    for what in ["pods", "services"] {
        let own = manager.networks(what);
        let Some(own) = own
            .into_iter()
            .find(|own| meet(&own.network, &nodes.network))
        else {
            continue;
        };
        let message = format!(
            "`{}` looks after `{}`, whose nodes are in its own network of {what}, {}",
            manager.name(),
            made.name(),
            own.network
        );
        let stated = manager.at(&["network", what]).map(Node::origin);
        told.add(
            Finding::new(message)
                .at(
                    nodes.origin,
                    format!("`{}` takes it for {what} of its own", manager.name()),
                )
                .at(
                    stated.unwrap_or(own.origin),
                    format!("of the {what} of `{}`", manager.name()),
                )
                .help(format!(
                    "give one of the two another network: `network.{what}` of `{}`, or `network.nodes` of `{}`",
                    manager.name(),
                    made.name()
                )),
        );
        return;
    }
}
