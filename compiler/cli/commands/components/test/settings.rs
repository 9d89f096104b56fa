//! Settings of specs, taken out of one and laid into another: what a component's example says without whose cluster it was.

use super::super::library::Library;
use syntax::{Kind, Map, Node, OriginId};

/// What a spec says beside its settings.
const HEAD: [&str; 7] = [
    "apiVersion",
    "kind",
    "name",
    "profile",
    "tiers",
    "clusters",
    "domain",
];
/// What a cluster says beside its settings, and what no two clusters share.
const IDENTITY: [&str; 13] = [
    "tier",
    "provider",
    "size",
    "versions",
    "id",
    "domain",
    "machine",
    "roles",
    "nodes",
    "kind",
    "from",
    "allowSchedulingOnControlPlanes",
    "network",
];

/// What the machines of a company have to offer.
pub fn machines(spec: &Node) -> Node {
    let clusters = spec.get("clusters").map_or(&[][..], Node::entries);
    let machine = clusters
        .first()
        .and_then(|cluster| cluster.value.get("machine"));
    match machine {
        Some(machine) => nested(&["machine"], machine.clone()),
        None => Node::map(Map::default(), OriginId::default()),
    }
}

/// The choice that settings make at the path of a capability.
pub fn choice<'n>(settings: &'n Node, path: &[&str]) -> Option<&'n str> {
    let stated = settings.at(path)?;
    stated.get("engine").unwrap_or(stated).as_str()
}

/// Takes out what stands at a path.
pub fn take_out(node: &mut Node, path: &[&str]) {
    let (Some((key, rest)), Some(map)) = (path.split_first(), node.as_map_mut()) else {
        return;
    };
    if rest.is_empty() {
        map.remove(key);
    } else if let Some(below) = map.get_mut(key) {
        take_out(below, rest);
    }
}

/// The provider of a spec's first cluster, and what the spec and that cluster set that another could as well.
pub fn settings(spec: &Node, library: &Library) -> (String, Node) {
    let empty = || Node::map(Map::default(), OriginId::default());
    let clusters = spec.get("clusters").map_or(&[][..], Node::entries);
    let cluster = clusters.first().map(|entry| entry.value.clone());
    let cluster = cluster.unwrap_or_else(empty);
    let network = lay(network(spec, library), network(&cluster, library));
    let plain = lay(without(spec, &HEAD), without(&cluster, &IDENTITY));
    let provider = cluster.str_at(&["provider"]).unwrap_or_default().to_owned();
    (provider, lay(without(&plain, &["network"]), network))
}

/// The choices below `network`: all else there is one cluster's own.
pub fn network(level: &Node, library: &Library) -> Node {
    let provides = library
        .components
        .values()
        .flat_map(|component| &component.provides);
    let mut settings = Node::map(Map::default(), OriginId::default());
    for provides in provides {
        let path: Vec<&str> = provides.capability.split('.').collect();
        if path.first() == Some(&"network")
            && let Some(value) = level.at(&path)
        {
            settings = lay(settings, nested(&path, value.clone()));
        }
    }
    settings
}

/// A map without these keys.
pub fn without(node: &Node, keys: &[&str]) -> Node {
    let mut map = Map::default();
    for entry in node.entries() {
        if !keys.contains(&entry.key.as_str()) {
            map.push(entry.clone());
        }
    }
    Node::map(map, OriginId::default())
}

/// A value at a path of keys.
pub fn nested(path: &[&str], value: Node) -> Node {
    path.iter().rev().fold(value, |below, key| {
        let mut map = Map::default();
        map.set(*key, OriginId::default(), below);
        Node::map(map, OriginId::default())
    })
}

/// Settings below those of the spec's first cluster, which win.
pub fn under_cluster(mut spec: Node, settings: &Node) -> Node {
    let top = without(&spec, &HEAD);
    let first = spec
        .as_map_mut()
        .and_then(|map| map.get_mut("clusters"))
        .and_then(Node::as_map_mut)
        .and_then(|clusters| clusters.entries_mut().first_mut());
    if let Some(cluster) = first {
        // What the top of the spec says would else be hidden by what is put into the cluster.
        let own = lay(top, cluster.value.clone());
        let domain = Node::string("company.example.org", OriginId::default());
        let settings = lay(nested(&["domain"], domain), settings.clone());
        cluster.value = lay(settings, own);
    }
    spec
}

/// Maps by key, all else replaced.
pub fn lay(base: Node, over: Node) -> Node {
    match (base.into_kind(), over.kind()) {
        (Kind::Map(mut below), Kind::Map(above)) => {
            for entry in above.entries() {
                let value = match below.remove(&entry.key) {
                    Some(base) => lay(base.value, entry.value.clone()),
                    None => entry.value.clone(),
                };
                below.set(entry.key.clone(), entry.key_origin, value);
            }
            Node::map(below, over.origin())
        }
        (_, _) => over,
    }
}

pub fn put(node: &mut Node, key: &str, value: Option<&Node>) {
    if let (Some(map), Some(value)) = (node.as_map_mut(), value) {
        map.set(key, OriginId::default(), value.clone());
    }
}
