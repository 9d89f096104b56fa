//! The networks of a cluster: nodes, pods and services must not meet, and must have room.

use super::Check;
use super::lookup::network;
use ipnet::IpNet;
use syntax::{Node, OriginId};

/// The shortest stretch of addresses that services can live in: cluster DNS takes the tenth.
const SERVICES_NEED: u32 = 16;
/// The stretch of addresses that each node takes for its pods, as a length of prefix.
const PODS_OF_A_NODE: u8 = 24;

/// A network of the cluster.
#[derive(Clone, Copy)]
struct Named {
    what: &'static str,
    network: IpNet,
    origin: OriginId,
}

impl Check<'_> {
    pub(super) fn networks(&mut self) {
        let nodes = self
            .at(&["network", "nodes"])
            .and_then(|node| named("nodes", node));
        let pods = self.each("pods");
        let services = self.each("services");
        let all: Vec<Named> = nodes
            .into_iter()
            .chain(pods.iter().chain(&services).copied())
            .collect();
        for (index, a) in all.iter().enumerate() {
            for b in all.iter().skip(index + 1) {
                self.disjoint(*a, *b);
            }
        }
        self.families(&pods, &services);
        self.room(&pods, &services);
    }

    fn each(&self, what: &'static str) -> Vec<Named> {
        let list = self.at(&["network", what]).map_or(&[][..], Node::items);
        list.iter().filter_map(|item| named(what, item)).collect()
    }

    fn disjoint(&mut self, a: Named, b: Named) {
        let (inner, outer) = (&a.network, &b.network);
        let overlap = inner.contains(outer) || outer.contains(inner);
        if !overlap || (a.what == b.what && a.origin == b.origin) {
            return;
        }
        let message = if a.network == b.network {
            format!(
                "the networks of {} and {} are the same, {}",
                a.what, b.what, a.network
            )
        } else {
            let (small, large) = if inner.contains(outer) {
                (b, a)
            } else {
                (a, b)
            };
            format!(
                "the network of {}, {}, lies in that of {}, {}",
                small.what, small.network, large.what, large.network
            )
        };
        let labels = (
            format!("the network of {}", b.what),
            format!("the network of {}", a.what),
        );
        let help =
            "give each a stretch of addresses of its own, and none that your own network uses";
        self.clash(
            "overlapping-networks",
            message,
            (b.origin, &labels.0),
            (a.origin, &labels.1),
            help,
        );
    }

    /// Pods and services speak the same versions of IP, each once.
    fn families(&mut self, pods: &[Named], services: &[Named]) {
        for list in [pods, services] {
            if let [first, second] = list
                && is_v4(first) == is_v4(second)
            {
                let version = if is_v4(first) { "IPv4" } else { "IPv6" };
                let message = format!("`network.{}` has two {version} networks", first.what);
                let help = "two networks are for two versions of IP: one IPv4, one IPv6";
                self.clash(
                    "ip-versions",
                    message,
                    (second.origin, "the second"),
                    (first.origin, "the first"),
                    help,
                );
                return;
            }
        }
        let (Some(pod), Some(service)) = (pods.first(), services.first()) else {
            return;
        };
        let same = pods.len() == services.len() && is_v4(pod) == is_v4(service);
        if !same {
            let message = "pods and services don't have the same versions of IP";
            let help = "state the same versions in the same order for both";
            self.clash(
                "ip-versions",
                message,
                (service.origin, "of services"),
                (pod.origin, "of pods"),
                help,
            );
        }
    }

    fn room(&mut self, pods: &[Named], services: &[Named]) {
        for services in services {
            let bits = services.network.max_prefix_len() - services.network.prefix_len();
            if bits < 32 && (1_u64 << bits) < u64::from(SERVICES_NEED) {
                let message = format!(
                    "the network of services, {}, is too small",
                    services.network
                );
                let help = format!(
                    "it needs at least {SERVICES_NEED} addresses: cluster DNS takes the tenth; /16 is usual"
                );
                self.error(
                    "network-too-small",
                    message,
                    services.origin,
                    format!("{} addresses", 1_u64 << bits),
                    help,
                );
            }
        }
        let nodes = self.nodes().len();
        for pods in pods.iter().filter(|pods| is_v4(pods)) {
            let bits = PODS_OF_A_NODE.saturating_sub(pods.network.prefix_len());
            let fit = if pods.network.prefix_len() > PODS_OF_A_NODE {
                0
            } else {
                1_u64 << bits
            };
            if fit == 0 || u64::try_from(nodes).unwrap_or(u64::MAX) > fit {
                let noun = if fit == 1 { "node" } else { "nodes" };
                let message = format!(
                    "the network of pods, {}, has room for {fit} {noun}",
                    pods.network
                );
                let help = format!(
                    "each node takes a /{PODS_OF_A_NODE} of it; /16 has room for 256 nodes"
                );
                self.error(
                    "network-too-small",
                    message,
                    pods.origin,
                    format!("{nodes} nodes"),
                    help,
                );
            }
        }
    }
}

fn named(what: &'static str, node: &Node) -> Option<Named> {
    Some(Named {
        what,
        network: network(node)?,
        origin: node.origin(),
    })
}

fn is_v4(named: &Named) -> bool {
    named.network.addr().is_ipv4()
}
