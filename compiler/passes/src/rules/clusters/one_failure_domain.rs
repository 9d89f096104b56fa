//! `one-failure-domain`: control planes that stand together fall together.

use super::promise::{Promise, count};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use std::collections::BTreeSet;
use syntax::{Entry, Node};

pub const RULE: Rule = Rule {
    id: "one-failure-domain",
    group: Group::Clusters,
    levels: Levels::all(Level::Warning),
    page: include_str!("one-failure-domain.md"),
    on: On::Cluster(check),
};

/// The label of a node that says where it stands.
const ZONE: &str = "topology.kubernetes.io/zone";

fn check(view: &View<'_>, told: &mut Told) {
    let Some(promise) = Promise::of(view) else {
        return;
    };
    if count(view, "controlPlanes").is_none_or(|(_, planes)| planes < 3) {
        return;
    }
    if let Some(proxmox) = view.cluster.at(&["infrastructure", "proxmox"]) {
        one_host(proxmox, promise, told);
    }
    one_zone(view, promise, told);
}

/// Machines of Proxmox are cloned to the node that has their template where no others are named.
fn one_host(proxmox: &Node, promise: Promise<'_>, told: &mut Told) {
    let stated = proxmox.get("allowedNodes");
    let names = stated.map_or(&[][..], Node::items).iter();
    let names: BTreeSet<&str> = names.filter_map(Node::as_str).collect();
    if names.len() > 1 {
        return;
    }
    let (at, label) = match stated.or(proxmox.get("template")) {
        Some(at) if stated.is_some() => (at, "all of them run here"),
        Some(at) => (at, "all of them run where this is"),
        None => return,
    };
    let message = format!(
        "every machine of the cluster is on one Proxmox node, which hardly keeps {}",
        promise.text()
    );
    told.add(
        Finding::new(message)
            .at(at.origin(), label)
            .at(promise.stated.origin(), "promised here")
            .help("name three nodes: `allowedNodes: [pve-1, pve-2, pve-3]`, each with access to the template"),
    );
}

/// All control planes are in one zone, though the cluster has others.
fn one_zone(view: &View<'_>, promise: Promise<'_>, told: &mut Told) {
    let nodes = view.cluster.at(&["nodes"]).map_or(&[][..], Node::entries);
    let mut planes: BTreeSet<&str> = BTreeSet::new();
    let mut others: BTreeSet<&str> = BTreeSet::new();
    let mut at = None;
    for node in nodes {
        let is_plane = node.value.str_at(&["role"]) == Some("controlplane");
        match (zone(view, node), is_plane) {
            // Where one of them stands is not known: perhaps elsewhere.
            (None, true) => return,
            (None, false) => {}
            (Some(zone), true) => {
                planes.extend(zone.as_str());
                at = Some(zone);
            }
            (Some(zone), false) => others.extend(zone.as_str()),
        }
    }
    let (Some(zone), Some(at), true) = (planes.first(), at, planes.len() == 1) else {
        return;
    };
    if others.iter().all(|other| other == zone) {
        return;
    }
    let message = format!(
        "every control plane is in zone `{zone}`, though the cluster has others, which hardly keeps {}",
        promise.text()
    );
    told.add(
        Finding::new(message)
            .at(at.origin(), "all of them stand here")
            .at(promise.stated.origin(), "promised here")
            .help("put control planes into three zones: a majority of etcd must be left when one is lost"),
    );
}

/// The zone that a node is said to be in, by itself, its role or all machines.
fn zone<'a>(view: &View<'a>, node: &'a Entry) -> Option<&'a Node> {
    let role = node.value.str_at(&["role"]).unwrap_or("worker");
    let own = node.value.at(&["labels", ZONE]);
    let by_role = || view.cluster.at(&["roles", role, "labels", ZONE]);
    own.or_else(by_role)
        .or_else(|| view.cluster.at(&["machine", "labels", ZONE]))
}
