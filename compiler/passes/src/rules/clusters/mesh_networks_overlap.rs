//! `mesh-networks-overlap`: in a mesh an address means one pod or one node.

use super::facts::{Stretch, meet};
use super::mesh::meshes;
use crate::resolve::Platform;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told};
use std::collections::BTreeSet;
use std::net::IpAddr;
use syntax::{OriginId, Text};

pub const RULE: Rule = Rule {
    id: "mesh-networks-overlap",
    group: Group::Clusters,
    levels: Levels::all(Level::Error),
    page: include_str!("mesh-networks-overlap.md"),
    on: On::Platform(check),
};

/// A network of a member.
struct Own<'p> {
    cluster: &'p Text,
    what: &'static str,
    stretch: Stretch,
    shown: OriginId,
}

fn check(platform: &Platform, told: &mut Told) {
    for mesh in meshes(platform).iter().filter(|mesh| mesh.len() > 1) {
        let mut all: Vec<Own<'_>> = Vec::new();
        for member in mesh {
            let cluster = member.facts.name();
            let mut add = |what, stretch: Stretch| {
                let shown = member.facts.shown(&["network", what], stretch.origin);
                all.push(Own {
                    cluster,
                    what,
                    stretch,
                    shown,
                });
            };
            member.facts.networks("pods").for_each(|it| add("pods", it));
            member
                .facts
                .nodes()
                .into_iter()
                .for_each(|it| add("nodes", it));
        }
        tell(all, told);
    }
}

/// Networks lie in each other or apart, so those that are open when one begins are those that it lies in.
fn tell(mut all: Vec<Own<'_>>, told: &mut Told) {
    all.sort_by_key(|own| (first(own), own.stretch.network.prefix_len()));
    let mut open: Vec<&Own<'_>> = Vec::new();
    let mut known: BTreeSet<&Text> = BTreeSet::new();
    for own in &all {
        open.retain(|other| meet(&other.stretch.network, &own.stretch.network));
        // Nodes of two clusters may be in one network, each with addresses of its own.
        let clash = open.iter().find(|other| {
            other.cluster != own.cluster && (other.what == "pods" || own.what == "pods")
        });
        if let Some(other) = clash
            && known.insert(own.cluster)
        {
            told.add(finding(own, other));
        }
        open.push(own);
    }
}

fn first(own: &Own<'_>) -> IpAddr {
    own.stretch.network.network()
}

fn finding(own: &Own<'_>, other: &Own<'_>) -> Finding {
    let label = |it: &Own<'_>| {
        let network = it.stretch.network;
        format!("the {} of `{}` are in {network}", it.what, it.cluster)
    };
    let message = format!(
        "`{}` and `{}` are in one mesh, and the {} of the one have addresses of the {} of the other",
        other.cluster, own.cluster, own.what, other.what
    );
    Finding::new(message)
        .at(own.shown, label(own))
        .at(other.shown, label(other))
        .help(format!(
            "state `network.pods` for each cluster, as `{{ pool: 10.64.0.0/10, prefix: 16 }}` does by its `id`; `{}` must be made anew for it",
            own.cluster
        ))
}
