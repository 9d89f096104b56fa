//! Addresses: each has one owner, and lies where it should.

use super::Check;
use super::lookup::{address, network};
use ipnet::IpNet;
use std::collections::BTreeMap;
use std::net::IpAddr;
use syntax::{Node, OriginId};

/// An address and who has it.
#[derive(Clone)]
pub(super) struct Owned {
    pub(super) who: String,
    pub(super) address: IpAddr,
    pub(super) origin: OriginId,
}

impl Owned {
    /// Whether a gateway has it.
    pub(super) fn is_gateway(&self) -> bool {
        self.who.ends_with("gateway")
    }
}

impl Check<'_> {
    pub(super) fn addresses(&mut self) {
        let owned = self.owned();
        let mut taken: BTreeMap<IpAddr, Owned> = BTreeMap::new();
        for own in owned {
            match taken.get(&own.address).cloned() {
                Some(other) => self.twice(&own, &other),
                None => {
                    taken.insert(own.address, own);
                }
            }
        }
        if let Some(nodes) = self.at(&["network", "nodes"])
            && let Some(inside) = network(nodes)
        {
            self.inside(inside, nodes.origin());
        }
    }

    /// Every address that somebody has, the router's first.
    pub(super) fn owned(&self) -> Vec<Owned> {
        let mut owned = Vec::new();
        let mut own = |who: String, node: Option<&Node>| {
            if let Some((node, address)) = node.and_then(|node| Some((node, address(node)?))) {
                owned.push(Owned {
                    who,
                    address,
                    origin: node.origin(),
                });
            }
        };
        own("the router".into(), self.at(&["network", "router"]));
        if !self.is_single_control_plane() {
            own(
                "the Kubernetes API".into(),
                self.at(&["network", "apiServer"]),
            );
        }
        for node in self.nodes() {
            own(format!("node `{}`", node.key), node.value.get("address"));
            for more in node.value.get("addresses").map_or(&[][..], Node::items) {
                own(format!("node `{}`", node.key), Some(more));
            }
        }
        own(
            "the internal gateway".into(),
            self.at(&["network", "gateways", "internal"]),
        );
        own(
            "the external gateway".into(),
            self.at(&["network", "gateways", "external"]),
        );
        owned
    }

    /// A single control plane may have the API's address as its own: nothing is shared then.
    fn is_single_control_plane(&self) -> bool {
        let Some(api) = self.at(&["network", "apiServer"]).and_then(address) else {
            return false;
        };
        let mut planes = self
            .nodes()
            .iter()
            .filter(|node| node.value.str_at(&["role"]) == Some("controlplane"));
        let first = planes
            .next()
            .and_then(|node| address(node.value.get("address")?));
        planes.next().is_none() && first == Some(api)
    }

    fn twice(&mut self, own: &Owned, other: &Owned) {
        let message = format!(
            "{} has the address of {}, {}",
            own.who, other.who, own.address
        );
        let help = if other.who == "the Kubernetes API" {
            "control planes share that address besides their own: choose a free one for one of the two"
        } else {
            "give each an address of its own"
        };
        let there = format!("{} has it", other.who);
        self.clash(
            "duplicate-address",
            message,
            (own.origin, "taken"),
            (other.origin, &there),
            help,
        );
    }

    /// What must lie in the nodes' network.
    fn inside(&mut self, nodes: IpNet, origin: OriginId) {
        let mut must: Vec<(String, &Node)> = Vec::new();
        must.extend(
            self.at(&["network", "router"])
                .map(|node| ("the router".to_owned(), node)),
        );
        must.extend(
            self.at(&["network", "apiServer"])
                .map(|node| ("the Kubernetes API".to_owned(), node)),
        );
        for entry in self.nodes() {
            must.extend(
                entry
                    .value
                    .get("address")
                    .map(|node| (format!("node `{}`", entry.key), node)),
            );
        }
        if self.settings.str_at(&["network", "loadBalancer", "mode"]) != Some("bgp") {
            for door in ["internal", "external"] {
                must.extend(
                    self.at(&["network", "gateways", door])
                        .map(|node| (format!("the {door} gateway"), node)),
                );
            }
        }
        for (who, node) in must {
            self.one_inside(&who, node, nodes, origin);
        }
    }

    fn one_inside(&mut self, who: &str, node: &Node, nodes: IpNet, origin: OriginId) {
        let Some(own) = address(node).filter(|own| own.is_ipv4() == nodes.addr().is_ipv4()) else {
            return;
        };
        let help = format!("choose an address from {} to {}", first(nodes), last(nodes));
        if !nodes.contains(&own) {
            let message =
                format!("the address of {who}, {own}, is not in the nodes' network {nodes}");
            let (here, there) = ((node.origin(), "outside"), (origin, "the nodes' network"));
            return self.clash("outside-network", message, here, there, &help);
        }
        let has_edges = nodes.max_prefix_len() - nodes.prefix_len() > 1 && nodes.addr().is_ipv4();
        let which = match own {
            own if own == nodes.network() => "network's own",
            own if own == nodes.broadcast() => "broadcast",
            _ => return,
        };
        if has_edges {
            let message = format!("{own} is the {which} address of {nodes}, not one for {who}");
            let (here, there) = (
                (node.origin(), "can't be given away"),
                (origin, "of this network"),
            );
            self.clash("outside-network", message, here, there, &help);
        }
    }
}

/// The first address of a network that can be given away.
fn first(network: IpNet) -> IpAddr {
    network.hosts().next().unwrap_or_else(|| network.addr())
}

/// The last one.
fn last(network: IpNet) -> IpAddr {
    match (network.broadcast(), network) {
        (IpAddr::V4(end), IpNet::V4(net)) if net.prefix_len() < 31 => {
            IpAddr::V4(std::net::Ipv4Addr::from(u32::from(end).saturating_sub(1)))
        }
        (end, _) => end,
    }
}
