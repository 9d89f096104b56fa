//! `clusters-overlap`: two clusters on one wire, or behind one router, never have an address in common.
//!
//! Clusters that state the very same network and address are refused before any rule is asked (`clusters-collide`). What is left
//! are networks that lie in each other, addresses that are counted, and pools that a router hears of.

use super::facts::{self, Facts, meet};
use crate::resolve::Platform;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told};
use ipnet::IpNet;
use std::collections::BTreeSet;
use std::net::IpAddr;
use syntax::{Node, OriginId, Text};

pub const RULE: Rule = Rule {
    id: "clusters-overlap",
    group: Group::Clusters,
    levels: Levels::all(Level::Warning),
    page: include_str!("clusters-overlap.md"),
    on: On::Platform(check),
};

/// What somebody has of the addresses around a cluster.
struct Claim<'p> {
    /// The cluster, by its place in the platform's list.
    cluster: usize,
    range: (IpAddr, IpAddr),
    what: What<'p>,
    origin: OriginId,
}

/// Whose addresses they are.
#[derive(Clone, Copy)]
enum What<'p> {
    Api,
    Router,
    Node(&'p Text),
    Machines,
    Pool,
    /// A pool that these routers hear of.
    Announced(&'p [Node]),
}

/// Where a cluster's addresses are seen.
struct Place<'p> {
    name: &'p Text,
    nodes: Option<IpNet>,
    vlan: Option<i64>,
}

fn check(platform: &Platform, told: &mut Told) {
    if platform.clusters.len() < 2 {
        return;
    }
    let mut places = Vec::new();
    let mut claims = Vec::new();
    for (at, facts) in facts::all(platform).enumerate() {
        places.push(Place {
            name: facts.name(),
            nodes: facts.nodes().map(|nodes| nodes.network),
            vlan: facts.at(&["network", "vlan"]).and_then(Node::as_i64),
        });
        claim(&facts, at, &mut claims);
    }
    claims.sort_by_key(|claim| claim.range);
    let mut known: BTreeSet<usize> = BTreeSet::new();
    let mut open: Vec<&Claim<'_>> = Vec::new();
    for own in &claims {
        open.retain(|other| other.range.1 >= own.range.0 && same_version(other, own));
        let clash = open.iter().find(|other| clash(other, own, &places));
        if let Some(other) = clash {
            let (first, second) = if other.cluster < own.cluster {
                (*other, own)
            } else {
                (own, *other)
            };
            // Each cluster is told of once: a template would say the same for each of its rows.
            if known.insert(second.cluster) {
                tell(first, second, &places, told);
            }
        }
        open.push(own);
    }
}

fn same_version(a: &Claim<'_>, b: &Claim<'_>) -> bool {
    a.range.0.is_ipv4() == b.range.0.is_ipv4()
}

/// Whether both are seen in one place, and can't both be right.
fn clash(a: &Claim<'_>, b: &Claim<'_>, places: &[Place<'_>]) -> bool {
    if a.cluster == b.cluster {
        return false;
    }
    match (a.what, b.what) {
        (What::Router, What::Router) => false,
        (What::Announced(one), What::Announced(other)) => share_a_router(one, other),
        (What::Announced(_), _) | (_, What::Announced(_)) => false,
        _ => places
            .get(a.cluster)
            .zip(places.get(b.cluster))
            .is_some_and(|(a, b)| on_one_wire(a, b)),
    }
}

fn share_a_router(one: &[Node], other: &[Node]) -> bool {
    let address = |peer: &Node| peer.str_at(&["address"]).map(Text::from);
    one.iter()
        .filter_map(address)
        .any(|own| other.iter().filter_map(address).any(|its| its == own))
}

fn on_one_wire(a: &Place<'_>, b: &Place<'_>) -> bool {
    let networks = a.nodes.zip(b.nodes);
    let apart = a.vlan.zip(b.vlan).is_some_and(|(a, b)| a != b);
    !apart && networks.is_some_and(|(a, b)| meet(&a, &b))
}

fn claim<'p>(facts: &Facts<'p>, cluster: usize, claims: &mut Vec<Claim<'p>>) {
    let mut add = |node: Option<&'p Node>, what: What<'p>| {
        let one = !matches!(what, What::Machines | What::Pool | What::Announced(_));
        if let Some((node, range)) = node.and_then(|node| Some((node, facts.range(node, one)?))) {
            claims.push(Claim {
                cluster,
                range,
                what,
                origin: node.origin(),
            });
        }
    };
    add(facts.at(&["network", "router"]), What::Router);
    add(facts.at(&["network", "apiServer"]), What::Api);
    add(
        facts.at(&["infrastructure", "proxmox", "pool"]),
        What::Machines,
    );
    for layer in facts.levels() {
        for node in layer.get("nodes").map_or(&[][..], Node::entries) {
            let stated = |key: &str| facts.at(&["nodes", &node.key, key]);
            add(stated("address"), What::Node(&node.key));
            for more in stated("addresses").map_or(&[][..], Node::items) {
                add(Some(more), What::Node(&node.key));
            }
        }
    }
    let balancer = |key: &str| facts.at(&["network", "loadBalancer", key]);
    let by_bgp = balancer("mode").and_then(Node::as_str) == Some("bgp");
    let peers = facts.at(&["network", "loadBalancer", "bgp", "peers"]);
    let what = match by_bgp {
        true => What::Announced(peers.map_or(&[][..], Node::items)),
        false => What::Pool,
    };
    for pool in balancer("pools").map_or(&[][..], Node::items) {
        add(Some(pool), what);
    }
}

fn tell(first: &Claim<'_>, second: &Claim<'_>, places: &[Place<'_>], told: &mut Told) {
    let Some((a, b)) = places.get(first.cluster).zip(places.get(second.cluster)) else {
        return;
    };
    let together = if matches!(first.what, What::Announced(_)) {
        "announce to the same router"
    } else {
        "are in networks that meet"
    };
    let message = format!(
        "`{}` and `{}` {together}, and {} of the one has an address of {} of the other",
        a.name,
        b.name,
        title(second.what),
        title(first.what)
    );
    told.add(
        Finding::new(message)
            .at(second.origin, format!("in `{}`", b.name))
            .at(first.origin, format!("in `{}`", a.name))
            .help("give each cluster addresses of its own, or a network of its own"),
    );
}

fn title(what: What<'_>) -> String {
    match what {
        What::Api => "the Kubernetes API".to_owned(),
        What::Router => "the router".to_owned(),
        What::Node(name) => format!("node `{name}`"),
        What::Machines => "the pool of machines".to_owned(),
        What::Pool | What::Announced(_) => "a pool".to_owned(),
    }
}
