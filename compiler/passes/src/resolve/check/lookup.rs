//! Settings as networks and addresses.

use ipnet::IpNet;
use model::form::{parse_host_address, parse_pool};
use std::net::IpAddr;
use syntax::Node;

/// A setting that is a network.
pub(super) fn network(node: &Node) -> Option<IpNet> {
    node.as_str()?.parse().ok()
}

/// A setting that is an address, with a prefix length or without.
pub(super) fn address(node: &Node) -> Option<IpAddr> {
    parse_host_address(node.as_str()?).map(|(address, _)| address)
}

/// A setting that is a pool: its first and last address.
pub(super) fn pool(node: &Node) -> Option<(IpAddr, IpAddr)> {
    parse_pool(node.as_str()?)
}

/// Whether an address lies in a pool.
pub(super) fn within((first, last): (IpAddr, IpAddr), address: IpAddr) -> bool {
    first.is_ipv4() == address.is_ipv4() && first <= address && address <= last
}

/// Whether two stretches of addresses have one in common.
pub(super) fn meet(a: (IpAddr, IpAddr), b: (IpAddr, IpAddr)) -> bool {
    a.0.is_ipv4() == b.0.is_ipv4() && a.0 <= b.1 && b.0 <= a.1
}

/// Words in a row.
pub(super) fn list<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join(", ")
}
