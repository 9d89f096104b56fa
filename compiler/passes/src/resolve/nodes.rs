//! What templates see of a cluster's machines: `cluster.nodes`.

use syntax::merge::{MergeRules, merge};
use syntax::{Diagnostics, Entry, Map, Node, Origins};

/// What a template may read of a machine beside its name and its volumes.
const READ: [&str; 2] = ["role", "address"];

/// The machines of a cluster as a list, each with its name, its role, its address and its volumes; empty where none are stated.
pub(super) fn nodes(settings: &Node, origins: &mut Origins, found: &mut Diagnostics) -> Node {
    let stated = settings.get("nodes");
    let origin = stated.map_or(settings.origin(), Node::origin);
    let entries = stated.map_or(&[][..], Node::entries).iter();
    let machines = entries.filter(|node| node.value.as_map().is_some());
    let machines: Vec<Node> = machines
        .map(|node| machine(settings, node, origins, found))
        .collect();
    Node::list(machines, origin)
}

fn machine(settings: &Node, node: &Entry, origins: &mut Origins, found: &mut Diagnostics) -> Node {
    let mut map = Map::default();
    let name = Node::string(node.key.clone(), node.key_origin);
    map.set("name", node.key_origin, name);
    for key in READ {
        if let Some(entry) = node.value.as_map().and_then(|map| map.entry(key)) {
            map.push(entry.clone());
        }
    }
    let role = node.value.str_at(&["role"]).unwrap_or("worker");
    let levels = [
        settings.at(&["machine", "volumes"]),
        settings.at(&["roles", role, "volumes"]),
        node.value.get("volumes"),
    ];
    let levels = levels.into_iter().flatten();
    let volumes = levels
        .filter(|level| level.as_map().is_some())
        .cloned()
        .reduce(|base, over| merge(base, over, &MergeRules::none(), origins, found));
    let volumes = volumes.unwrap_or_else(|| Node::map(Map::default(), node.key_origin));
    map.set("volumes", volumes.origin(), volumes);
    Node::map(map, node.key_origin)
}
