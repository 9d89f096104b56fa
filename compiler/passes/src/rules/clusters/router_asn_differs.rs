//! `router-asn-differs`: one router is in one autonomous system.

use super::facts;
use crate::resolve::Platform;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told};
use std::collections::BTreeMap;
use syntax::{Node, OriginId, Text};

pub const RULE: Rule = Rule {
    id: "router-asn-differs",
    group: Group::Clusters,
    levels: Levels::all(Level::Warning),
    page: include_str!("router-asn-differs.md"),
    on: On::Platform(check),
};

fn check(platform: &Platform, told: &mut Told) {
    let mut known: BTreeMap<&str, (i64, &Text, OriginId)> = BTreeMap::new();
    for facts in facts::all(platform) {
        let peers = facts.at(&["network", "loadBalancer", "bgp", "peers"]);
        for peer in peers.map_or(&[][..], Node::items) {
            let stated = peer.get("asn").and_then(|asn| Some((asn.as_i64()?, asn)));
            let Some((address, (asn, at))) = peer.str_at(&["address"]).zip(stated) else {
                continue;
            };
            let name = facts.name();
            let first = *known.entry(address).or_insert((asn, name, at.origin()));
            if first.0 == asn {
                continue;
            }
            let message = format!(
                "`{name}` expects the router {address} in system {asn}, and `{}` in system {}",
                first.1, first.0
            );
            told.add(
                Finding::new(message)
                    .at(at.origin(), "one of the two is refused")
                    .at(first.2, format!("in `{}`", first.1))
                    .help("a router tells its own number when a session opens: write that one in both"),
            );
        }
    }
}
