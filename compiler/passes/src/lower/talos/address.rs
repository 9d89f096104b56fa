//! Addresses of machines: with the length of their network, without it, inside of one.

use super::make::Make;
use std::net::IpAddr;
use syntax::{Kind, Node, OriginId, Text};

/// An address with the length of its network: its own, else that of the nodes' network.
pub fn with_prefix(address: &Node, nodes: Option<&Node>, make: &mut Make<'_>) -> Node {
    let Some(text) = address.as_str().filter(|text| !text.contains('/')) else {
        return address.clone();
    };
    let six = text.contains(':');
    let network = nodes.filter(|nodes| {
        nodes
            .as_str()
            .is_some_and(|nodes| nodes.contains(':') == six)
    });
    let length = network
        .and_then(Node::as_str)
        .and_then(|nodes| nodes.split_once('/'))
        .map(|(_, length)| length);
    let length = length.unwrap_or(if six { "64" } else { "32" });
    let reads: Vec<OriginId> = [address]
        .into_iter()
        .chain(network)
        .map(Node::origin)
        .collect();
    make.text("talos/address", format!("{text}/{length}"), &reads)
}

/// An address without the length of its network, which an address by number carries.
pub fn without_prefix(address: Node, make: &mut Make<'_>) -> Node {
    match address.as_str().and_then(|text| text.split_once('/')) {
        Some((alone, _)) => make.text("talos/address", alone, &[address.origin()]),
        None => address,
    }
}

/// Whether an address lies in a network.
#[must_use]
pub fn contains(network: &str, address: IpAddr) -> bool {
    let Some((base, length)) = network.split_once('/') else {
        return false;
    };
    let (Ok(base), Ok(length)) = (base.parse::<IpAddr>(), length.parse::<u32>()) else {
        return false;
    };
    match (base, address) {
        (IpAddr::V4(base), IpAddr::V4(address)) => {
            let mask = u32::MAX
                .checked_shl(32_u32.saturating_sub(length))
                .unwrap_or(0);
            u32::from(base) & mask == u32::from(address) & mask
        }
        (IpAddr::V6(base), IpAddr::V6(address)) => {
            let mask = u128::MAX
                .checked_shl(128_u32.saturating_sub(length))
                .unwrap_or(0);
            u128::from(base) & mask == u128::from(address) & mask
        }
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
    }
}

/// The first address of a machine, without the length of its network; `None` where only DHCP knows it.
#[must_use]
pub fn own(facts: &Node) -> Option<(Text, OriginId)> {
    let listed = facts.get("addresses").and_then(|list| list.items().first());
    let address = facts.get("address").or(listed)?;
    match address.kind() {
        Kind::String(text) => Some((
            text.split('/').next().unwrap_or(text).into(),
            address.origin(),
        )),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::List(_) | Kind::Map(_) => None,
    }
}
