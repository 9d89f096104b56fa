//! What is said of clusters beside each other: their networks and addresses, by their own layers and the levels above them.

use crate::resolve::derive::{stated_network, stated_range};
use crate::resolve::{ClusterSpec, Platform};
use ipnet::IpNet;
use std::net::IpAddr;
use syntax::{Node, OriginId, Text};

/// What is said of a cluster. Nothing is merged: the most specific place that says something is asked.
pub(super) struct Facts<'p> {
    pub(super) spec: &'p ClusterSpec,
    level: &'p Node,
    id: Option<u128>,
}

/// A network, and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Stretch {
    pub(super) network: IpNet,
    pub(super) origin: OriginId,
}

/// The facts of every cluster, in the platform's order.
pub(super) fn all(platform: &Platform) -> impl Iterator<Item = Facts<'_>> {
    platform.clusters.iter().map(|spec| {
        let tier = spec.stated("tier").and_then(Node::as_str);
        let id = spec.stated("id").and_then(Node::as_i64);
        Facts {
            spec,
            level: platform.level(tier),
            id: id.and_then(|id| u128::try_from(id).ok()),
        }
    })
}

impl<'p> Facts<'p> {
    /// The cluster's name.
    pub(super) fn name(&self) -> &'p Text {
        &self.spec.name
    }

    /// What the most specific level says; `None` where that switches it off.
    pub(super) fn at(&self, path: &[&str]) -> Option<&'p Node> {
        for layer in self.levels() {
            let mut node = Some(layer);
            for key in path {
                node = node.and_then(|node| node.get(key));
                if node.is_some_and(Node::is_off) {
                    return None;
                }
            }
            if node.is_some_and(|node| !node.is_null()) {
                return node;
            }
        }
        None
    }

    /// Its levels, the most specific first.
    pub(super) fn levels(&self) -> impl Iterator<Item = &'p Node> {
        self.spec.layers.iter().rev().chain([self.level])
    }

    /// The network of its nodes.
    pub(super) fn nodes(&self) -> Option<Stretch> {
        self.stretch(self.at(&["network", "nodes"])?)
    }

    /// Its networks of pods, or of services.
    pub(super) fn networks(&self, what: &str) -> impl Iterator<Item = Stretch> {
        let list = self.at(&["network", what]).map_or(&[][..], Node::items);
        list.iter().filter_map(|node| self.stretch(node))
    }

    /// Where to point for a setting: where it stands if the cluster states it, else the cluster, which has it from elsewhere.
    pub(super) fn shown(&self, path: &[&str], origin: OriginId) -> OriginId {
        let own = self
            .spec
            .layers
            .iter()
            .any(|layer| layer.at(path).is_some());
        if own { origin } else { self.spec.name_origin }
    }

    /// The stretch of addresses that a setting states; `one` is a machine's own.
    pub(super) fn range(&self, node: &Node, one: bool) -> Option<(IpAddr, IpAddr)> {
        let nodes = self.nodes().map(|nodes| nodes.network);
        stated_range(node, nodes, one)
    }

    fn stretch(&self, node: &Node) -> Option<Stretch> {
        Some(Stretch {
            network: stated_network(node, self.id)?,
            origin: node.origin(),
        })
    }
}

/// Whether two networks have an address in common.
pub(super) fn meet(a: &IpNet, b: &IpNet) -> bool {
    a.contains(b) || b.contains(a)
}
