//! A machine's facts: three levels as one, and the part that it shares with others.

use crate::lower::Cx;
use crate::resolve::cluster::Cluster;
use syntax::merge::{MergeRules, merge};
use syntax::{Entry, Kind, Map, Node, OriginId, Origins};

/// A machine's facts: the cluster's, its role's, its own. Patches stay apart: they are applied one level at a time.
pub fn merged(cell: &Cluster<'_>, node: &Entry, cx: &mut Cx<'_>) -> Node {
    let role = node.value.str_at(&["role"]).unwrap_or("worker");
    let levels = [
        cell.settings.get("machine"),
        cell.settings.at(&["roles", role]),
        Some(&node.value),
    ];
    let mut merged = Node::map(Map::default(), node.key_origin);
    for level in levels
        .into_iter()
        .flatten()
        .filter(|level| level.as_map().is_some())
    {
        let mut level = level.clone();
        if let Some(map) = level.as_map_mut() {
            map.remove("patches");
        }
        merged = if merged.entries().is_empty() {
            level
        } else {
            merge(merged, level, &MergeRules::none(), cx.origins, cx.found)
        };
    }
    let mut facts = Map::default();
    for entry in merged
        .entries()
        .iter()
        .filter(|entry| !entry.value.is_null())
    {
        facts.push(entry.clone());
    }
    Node::map(facts, node.key_origin)
}

/// The part of a machine's facts that others may share. What a role says counts, not where it is said: each machine's
/// documents are marked with its own.
pub fn shared(facts: &Node, origins: &mut Origins) -> Node {
    let mut shared = Map::default();
    for key in super::host::SHARED {
        if let Some(entry) = facts.as_map().and_then(|map| map.entry(key)) {
            shared.push(entry.clone());
        }
    }
    if let Some(role) = facts.get("role") {
        let origin = origins.rule("talos/role", &[]);
        shared.set("role", origin, role.clone().with_origin(origin));
    }
    Node::map(shared, OriginId::default())
}

/// Whether two trees agree in data and origins.
pub fn identical(a: &Node, b: &Node) -> bool {
    let role = |node: &Node| matches!(node.as_str(), Some("controlplane" | "worker"));
    (a.origin() == b.origin() || role(a))
        && match (a.kind(), b.kind()) {
            (Kind::Map(a), Kind::Map(b)) => {
                a.len() == b.len()
                    && a.entries()
                        .iter()
                        .zip(b.entries())
                        .all(|(a, b)| a.key == b.key && identical(&a.value, &b.value))
            }
            (Kind::List(a), Kind::List(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| identical(a, b))
            }
            (a, b) => a == b,
        }
}
