//! `reserved-asn`: numbers of autonomous systems that nobody may have.

use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "reserved-asn",
    group: Group::Clusters,
    levels: Levels::all(Level::Warning),
    page: include_str!("reserved-asn.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    let Some(bgp) = view.cluster.at(&["network", "loadBalancer", "bgp"]) else {
        return;
    };
    let peers = bgp.get("peers").map_or(&[][..], Node::items).iter();
    let peers = peers.filter_map(|peer| peer.get("asn"));
    for asn in bgp.get("localAsn").into_iter().chain(peers) {
        let Some((number, why)) = asn.as_i64().and_then(|n| Some((n, reserved(n)?))) else {
            continue;
        };
        told.add(
            Finding::new(format!(
                "{number} is no number for an autonomous system: {why}"
            ))
            .at(asn.origin(), "reserved")
            .help("use one for private networks: 64512 to 65534, or 4200000000 to 4294967294"),
        );
    }
}

/// What a number is kept for.
fn reserved(number: i64) -> Option<&'static str> {
    Some(match number {
        23456 => "it stands for those that an old router can't write",
        65535 | 4_294_967_295 => "it is the last of its kind, and kept free",
        64496..=64511 | 65536..=65551 => "it is for examples in documents",
        _ => return None,
    })
}
