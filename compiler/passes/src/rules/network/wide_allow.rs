//! `wide-allow`: a policy of one's own opens what is declared, and not the rest beside it.

use super::policies::{any_own, is_users};
use crate::reach::{Network, Wide, Width, wider_than_declared};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use std::collections::{BTreeMap, BTreeSet};
use syntax::OriginId;

pub const RULE: Rule = Rule {
    id: "wide-allow",
    group: Group::Network,
    levels: Levels::all(Level::Warning),
    page: include_str!("wide-allow.md"),
    on: On::Cluster(check),
};

/// A rule of a policy that is wider than what is declared, in one way or several.
struct Found<'n> {
    first: Wide<'n>,
    widths: BTreeSet<Width>,
}

fn check(view: &View<'_>, told: &mut Told) {
    let denies = super::policies::denies(view);
    if !denies || !any_own(view) {
        return;
    }
    let network = view.network();
    let own = wider_than_declared(network).into_iter();
    let own = own.filter(|wide| !wide.policy.derived && is_users(view, wide.origin));
    let mut rules: BTreeMap<(OriginId, bool), Found<'_>> = BTreeMap::new();
    for wide in own {
        let width = wide.width;
        let found = rules.entry((wide.origin, wide.inbound)).or_insert(Found {
            first: wide,
            widths: BTreeSet::new(),
        });
        found.widths.insert(width);
    }
    for found in rules.values().filter(|found| counts(network, found)) {
        tell(found, told);
    }
}

/// An app can declare all that it exchanges. What a component of the library lacks only a policy can add: there it counts when it
/// is for every port of everyone.
fn counts(network: &Network, found: &Found<'_>) -> bool {
    let mut pods = network.pods.iter();
    let pods = pods.find(|pods| pods.title == found.first.pods);
    let at = pods.and_then(|pods| pods.workload.as_ref()?.component);
    let part = at.and_then(|at| network.parts.get(at));
    let is_app = part.is_some_and(|part| part.app.is_some());
    is_app || (found.widths.contains(&Width::EveryPort) && found.widths.len() > 1)
}

fn tell(found: &Found<'_>, told: &mut Told) {
    let wide = &found.first;
    let words = found.widths.iter().map(|width| match width {
        Width::EveryNamespace => "pods of every namespace",
        Width::Internet => "the whole internet",
        Width::EveryPort => "every port",
    });
    let words: Vec<&str> = words.collect();
    let verb = if wide.inbound { "called by" } else { "calling" };
    let message = format!(
        "{} lets through {} for `{}`, and nobody declares that it is {verb} as much",
        wide.policy.id,
        words.join(" and "),
        wide.pods
    );
    let help = if wide.inbound {
        "name who calls and the port; an app says it by `reachableFrom` and `talksTo`"
    } else {
        "name who is called and the port; an app says it by `egress` and `talksTo`"
    };
    told.add(
        Finding::new(message)
            .object(&wide.policy.id)
            .at(wide.origin, "wider than what is declared")
            .help(help),
    );
}
