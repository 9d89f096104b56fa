//! Identity that is derived: a network from a pool by the cluster's `id`, an address from its number in the network.

use ipnet::IpNet;
use model::form::{parse_host_address, parse_pool};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use syntax::{Diagnostic, Diagnostics, Kind, Node, OriginId, Origins};

/// Replaces `{ pool, prefix }` and `{ host }` by what they stand for, everywhere in a cluster's settings.
pub fn derive(cluster: &mut Node, origins: &mut Origins, found: &mut Diagnostics) {
    let id = cluster
        .get("id")
        .and_then(|id| Some((u128::try_from(id.as_i64()?).ok()?, id.origin())));
    let mut derive = Derive {
        id,
        nodes: None,
        origins,
        found,
    };
    if let Some(nodes) = cluster
        .as_map_mut()
        .and_then(|map| map.get_mut("network"))
        .and_then(|network| {
            let nodes = network.as_map_mut()?.get_mut("nodes")?;
            derive.network(nodes);
            Some(nodes.clone())
        })
    {
        derive.nodes = nodes
            .as_str()
            .and_then(parse_network)
            .map(|network| (network, nodes.origin()));
    }
    for section in ["infrastructure", "network", "nodes"] {
        if let Some(node) = cluster.as_map_mut().and_then(|map| map.get_mut(section)) {
            derive.walk(node, section == "nodes");
        }
    }
}

/// A network: its base address and prefix length.
type Network = (IpAddr, u32);

struct Derive<'a> {
    id: Option<(u128, OriginId)>,
    nodes: Option<(Network, OriginId)>,
    origins: &'a mut Origins,
    found: &'a mut Diagnostics,
}

impl Derive<'_> {
    fn walk(&mut self, node: &mut Node, with_prefix: bool) {
        if is_pool(node) {
            self.network(node);
            return;
        }
        if is_host(node) {
            self.host(node, with_prefix);
            return;
        }
        match node.kind_mut() {
            Kind::List(items) => items
                .make_mut()
                .iter_mut()
                .for_each(|item| self.walk(item, with_prefix)),
            Kind::Map(map) => map
                .entries_mut()
                .iter_mut()
                .for_each(|entry| self.walk(&mut entry.value, with_prefix)),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
        }
    }

    /// `{ pool: 10.64.0.0/10, prefix: 24 }`: block number `id`.
    fn network(&mut self, node: &mut Node) {
        if !is_pool(node) {
            return;
        }
        let place = self.origins.place(node.origin());
        let Some((id, id_origin)) = self.id else {
            self.found.add(
                Diagnostic::error("no-id", "a network from a pool needs the cluster's `id`")
                    .at(place, "takes block number `id` of the pool")
                    .help("give the cluster an `id`, make it a row of a range, or write the network itself"),
            );
            *node = Node::null(OriginId::default());
            return;
        };
        let reads: Vec<OriginId> = node
            .entries()
            .iter()
            .map(|e| e.value.origin())
            .chain([id_origin])
            .collect();
        let pool = node.str_at(&["pool"]).and_then(parse_network);
        let prefix = node
            .get("prefix")
            .and_then(Node::as_i64)
            .and_then(|p| u32::try_from(p).ok());
        let block = pool
            .zip(prefix)
            .and_then(|(pool, prefix)| block(pool, prefix, id));
        match block {
            Some(text) => *node = Node::string(text, self.origins.rule("network/pool", &reads)),
            None => {
                self.found.add(
                    Diagnostic::error(
                        "pool-exhausted",
                        format!("the pool has no block number {id} of that size"),
                    )
                    .at(place, "this pool")
                    .help("widen the pool, lengthen `prefix`, or lower the ids: they count from 0"),
                );
                *node = Node::null(OriginId::default());
            }
        }
    }

    /// `{ host: 11 }`: the eleventh address of the cluster's nodes network; `{ host: 40, to: 60 }`: a stretch of it.
    fn host(&mut self, node: &mut Node, with_prefix: bool) {
        let place = self.origins.place(node.origin());
        let Some((network, network_origin)) = self.nodes else {
            self.found.add(
                Diagnostic::error(
                    "no-nodes-network",
                    "an address by number needs `network.nodes`",
                )
                .at(place, "counts in the cluster's nodes network"),
            );
            *node = Node::null(OriginId::default());
            return;
        };
        let number = |key: &str| {
            node.get(key)
                .and_then(Node::as_i64)
                .and_then(|n| u128::try_from(n).ok())
        };
        let first = number("host").and_then(|n| nth(network, n));
        let last = number("to").map(|n| nth(network, n));
        let reads: Vec<OriginId> = node
            .entries()
            .iter()
            .map(|e| e.value.origin())
            .chain([network_origin])
            .collect();
        let text = match (first, last) {
            (Some(first), None) if with_prefix => format!("{first}/{}", network.1),
            (Some(first), None) => first.to_string(),
            (Some(first), Some(Some(last))) => format!("{first}-{last}"),
            (None, _) | (_, Some(None)) => {
                self.found.add(
                    Diagnostic::error(
                        "host-outside",
                        "the nodes network has no address of that number",
                    )
                    .at(place, "outside of the network")
                    .at(self.origins.place(network_origin), "this network"),
                );
                *node = Node::null(OriginId::default());
                return;
            }
        };
        *node = Node::string(text, self.origins.rule("network/host", &reads));
    }
}

/// The network that a setting states: itself, or block number `id` of a pool.
#[must_use]
pub fn stated_network(node: &Node, id: Option<u128>) -> Option<IpNet> {
    if let Some(text) = node.as_str() {
        return text.parse().ok();
    }
    let prefix = node.get("prefix")?.as_i64()?;
    let pool = parse_network(node.str_at(&["pool"])?)?;
    block(pool, u32::try_from(prefix).ok()?, id?)?.parse().ok()
}

/// The stretch of addresses that a setting states, itself or by numbers in the nodes' network; that of one machine has only
/// its own address, whatever network it names.
#[must_use]
pub fn stated_range(node: &Node, nodes: Option<IpNet>, one: bool) -> Option<(IpAddr, IpAddr)> {
    if let Some(text) = node.as_str() {
        let own = || parse_host_address(text).map(|(address, _)| (address, address));
        return if one { own() } else { parse_pool(text) };
    }
    let nodes = nodes?;
    let number = |key: &str| {
        let number = u128::try_from(node.get(key)?.as_i64()?).ok()?;
        nth((nodes.network(), u32::from(nodes.prefix_len())), number)
    };
    let first = number("host")?;
    let last = match node.get("to") {
        Some(_) => number("to")?,
        None => first,
    };
    Some((first, last))
}

fn is_pool(node: &Node) -> bool {
    node.get("pool").is_some() && node.get("prefix").is_some()
}

fn is_host(node: &Node) -> bool {
    node.get("host")
        .is_some_and(|host| matches!(host.kind(), Kind::Number(_)))
        && node
            .entries()
            .iter()
            .all(|entry| matches!(entry.key.as_str(), "host" | "to"))
}

fn parse_network(text: &str) -> Option<Network> {
    let (base, prefix) = text.split_once('/')?;
    Some((base.parse().ok()?, prefix.parse().ok()?))
}

fn bits(base: IpAddr) -> (u128, u32) {
    match base {
        IpAddr::V4(base) => (u128::from(u32::from(base)), 32),
        IpAddr::V6(base) => (u128::from(base), 128),
    }
}

fn address(value: u128, width: u32) -> Option<IpAddr> {
    if width == 32 {
        return Some(Ipv4Addr::from(u32::try_from(value).ok()?).into());
    }
    Some(Ipv6Addr::from(value).into())
}

/// Block number `id` of a pool, in CIDR form.
fn block((base, pool_prefix): Network, prefix: u32, id: u128) -> Option<String> {
    let (base, width) = bits(base);
    let spare = prefix.checked_sub(pool_prefix)?;
    if prefix > width || (spare < 128 && id >= 1_u128.checked_shl(spare)?) {
        return None;
    }
    let start = base.checked_add(id.checked_shl(width - prefix)?)?;
    Some(format!("{}/{prefix}", address(start, width)?))
}

/// The address with a number in a network; 0 is the network itself.
fn nth((base, prefix): Network, number: u128) -> Option<IpAddr> {
    let (base, width) = bits(base);
    let room = width.checked_sub(prefix)?;
    if room < 128 && number >= 1_u128.checked_shl(room)? {
        return None;
    }
    address(base.checked_add(number)?, width)
}

#[cfg(test)]
mod tests {
    use super::{block, nth, parse_network};

    #[test]
    fn blocks_and_hosts_are_counted_from_zero() {
        let pool = parse_network("10.64.0.0/10").unwrap();
        assert_eq!(block(pool, 24, 0).unwrap(), "10.64.0.0/24");
        assert_eq!(block(pool, 24, 258).unwrap(), "10.65.2.0/24");
        assert_eq!(block(pool, 24, 1 << 14), None);
        assert_eq!(
            nth(parse_network("10.64.1.0/24").unwrap(), 11)
                .unwrap()
                .to_string(),
            "10.64.1.11"
        );
        assert_eq!(nth(parse_network("10.64.1.0/30").unwrap(), 4), None);
    }
}
