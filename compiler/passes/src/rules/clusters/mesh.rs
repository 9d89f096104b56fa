//! Clusters that are meshed, as far as the values of their network say so: Cilium's `clustermesh.config`.
//!
//! A mesh that was made by hand is in no spec, and nothing is said of it.

use super::facts::{self, Facts};
use crate::resolve::Platform;
use std::collections::BTreeMap;
use syntax::{Node, OriginId, Text};

/// A cluster of a mesh.
pub(super) struct Member<'p> {
    pub(super) facts: Facts<'p>,
    /// Its number among the others; `None` where nobody gave it one.
    pub(super) id: Option<&'p Node>,
    /// How many clusters the mesh may have.
    pub(super) most: i64,
    /// Where it is told of the others.
    pub(super) at: OriginId,
    /// What the others call it.
    name: Text,
    /// Whom it is told of.
    peers: Vec<Text>,
}

/// What the network's values are said to be, in one place.
const VALUES: [&str; 2] = ["values", "clustermesh"];
/// As many clusters as a mesh has where nothing is said.
const MOST: i64 = 255;

/// The meshes of a platform; each has at least one cluster that is told of another.
pub(super) fn meshes(platform: &Platform) -> Vec<Vec<Member<'_>>> {
    let members: Vec<Member<'_>> = facts::all(platform).filter_map(member).collect();
    let by_name: BTreeMap<Text, usize> = members
        .iter()
        .enumerate()
        .map(|(at, member)| (member.name.clone(), at))
        .collect();
    // Who is told of whom makes them one mesh, over any number of others.
    let mut of: Vec<usize> = (0..members.len()).collect();
    for (at, member) in members.iter().enumerate() {
        for peer in member.peers.iter().filter_map(|name| by_name.get(name)) {
            let (a, b) = (root(&of, at), root(&of, *peer));
            if let Some(of) = of.get_mut(a.max(b)) {
                *of = a.min(b);
            }
        }
    }
    let roots: Vec<usize> = (0..members.len()).map(|at| root(&of, at)).collect();
    let mut meshes: BTreeMap<usize, Vec<Member<'_>>> = BTreeMap::new();
    for (root, member) in roots.into_iter().zip(members) {
        meshes.entry(root).or_default().push(member);
    }
    meshes.into_values().collect()
}

fn root(of: &[usize], mut at: usize) -> usize {
    while let Some(above) = of.get(at).copied().filter(|above| *above != at) {
        at = above;
    }
    at
}

fn member(facts: Facts<'_>) -> Option<Member<'_>> {
    // Which component connects pods is no matter: whichever has such values.
    let component = facts.levels().find_map(|level| {
        let components = level.get("components")?.entries().iter();
        let mut meshed = components.filter(|entry| entry.value.at(&VALUES).is_some());
        Some(&meshed.next()?.key)
    })?;
    let value = |path: &[&str]| {
        let whole = [&["components", component.as_str(), "values"], path].concat();
        facts.at(&whole)
    };
    let on = value(&["clustermesh", "config", "enabled"]).and_then(Node::as_bool);
    let clusters = value(&["clustermesh", "config", "clusters"]).filter(|_| on == Some(true))?;
    let listed = clusters
        .items()
        .iter()
        .filter_map(|it| it.str_at(&["name"]));
    let keyed = clusters.entries().iter().map(|it| it.key.as_str());
    let peers: Vec<Text> = listed.chain(keyed).map(Text::from).collect();
    let named = value(&["cluster", "name"]).and_then(Node::as_str);
    let name = named.map_or_else(|| facts.name().clone(), Text::from);
    if !peers.iter().any(|peer| *peer != name) {
        return None;
    }
    let most = value(&["clustermesh", "maxConnectedClusters"]).and_then(Node::as_i64);
    Some(Member {
        id: value(&["cluster", "id"]).or_else(|| facts.spec.stated("id")),
        most: most.unwrap_or(MOST),
        at: clusters.origin(),
        name,
        peers,
        facts,
    })
}
