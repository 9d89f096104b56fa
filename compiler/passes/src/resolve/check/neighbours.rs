//! Clusters whose nodes are in one network: what one has, no other may have.
//!
//! Identity is stated per cluster, so its own layers say all of it; what comes from a pool is apart by construction.

use super::super::ClusterSpec;
use super::lookup::{address, meet, network, pool};
use ipnet::IpNet;
use std::collections::BTreeMap;
use std::net::IpAddr;
use syntax::{Diagnostic, Diagnostics, Node, OriginId, Origins};

/// What a cluster takes of its network.
struct Taken {
    range: (IpAddr, IpAddr),
    what: String,
    origin: OriginId,
}

/// No two clusters of one network have an address in common.
pub(in super::super) fn neighbours(
    clusters: &[ClusterSpec],
    origins: &Origins,
    found: &mut Diagnostics,
) {
    let mut networks: BTreeMap<IpNet, Vec<&ClusterSpec>> = BTreeMap::new();
    for cluster in clusters {
        if let Some(nodes) = last(cluster, &["network", "nodes"]).and_then(network) {
            networks.entry(nodes).or_default().push(cluster);
        }
    }
    for (network, clusters) in networks
        .into_iter()
        .filter(|(_, clusters)| clusters.len() > 1)
    {
        let all: Vec<Vec<Taken>> = clusters.iter().map(|cluster| taken(cluster)).collect();
        for (index, (cluster, own)) in clusters.iter().zip(&all).enumerate() {
            for (other, theirs) in clusters.iter().zip(&all).take(index) {
                let clash = own
                    .iter()
                    .find_map(|a| Some((a, theirs.iter().find(|b| meet(a.range, b.range))?)));
                if let Some((own, their)) = clash {
                    let message = format!(
                        "`{}` and `{}` are both in {network}, and {} of the one has an address of {} of the other",
                        other.name, cluster.name, own.what, their.what
                    );
                    found.add(
                        Diagnostic::error("clusters-collide", message)
                            .at(origins.place(own.origin), format!("in `{}`", cluster.name))
                            .at(origins.place(their.origin), format!("in `{}`", other.name))
                            .help("give each cluster of a network addresses of its own, or a network of its own"),
                    );
                }
            }
        }
    }
}

/// What a cluster's own layers say last.
fn last<'a>(cluster: &'a ClusterSpec, path: &[&str]) -> Option<&'a Node> {
    cluster.layers.iter().rev().find_map(|layer| layer.at(path))
}

fn taken(cluster: &ClusterSpec) -> Vec<Taken> {
    let mut all = Vec::new();
    let mut take = |node: &Node, range: Option<(IpAddr, IpAddr)>, what: &str| {
        if let Some(range) = range {
            all.push(Taken {
                range,
                what: what.to_owned(),
                origin: node.origin(),
            });
        }
    };
    if let Some(api) = last(cluster, &["network", "apiServer"]) {
        take(
            api,
            address(api).map(|own| (own, own)),
            "the Kubernetes API",
        );
    }
    for node in last(cluster, &["nodes"]).map_or(&[][..], Node::entries) {
        if let Some(own) = node.value.get("address") {
            take(
                own,
                address(own).map(|own| (own, own)),
                &format!("node `{}`", node.key),
            );
        }
    }
    if let Some(machines) = last(cluster, &["infrastructure", "proxmox", "pool"]) {
        take(machines, pool(machines), "the pool of machines");
    }
    for own in last(cluster, &["network", "loadBalancer", "pools"]).map_or(&[][..], Node::items) {
        take(own, pool(own), "a pool");
    }
    all
}
