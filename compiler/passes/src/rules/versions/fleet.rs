//! The versions of all clusters, as far as their own layers and their tiers state them.

use crate::resolve::{ClusterSpec, Platform};
use model::versions::{Minor, minor, support_ends};
use syntax::{Node, OriginId};

/// A cluster and the Kubernetes that it has.
pub struct Member<'p> {
    /// The cluster.
    pub cluster: &'p ClusterSpec,
    /// Its version.
    pub version: Minor,
    /// Where that is stated.
    pub origin: OriginId,
    /// Whether somebody relies on it: it has objectives.
    pub is_relied_on: bool,
}

/// Every cluster whose version is stated and known.
pub fn members(platform: &Platform) -> Vec<Member<'_>> {
    let members = platform.clusters.iter().filter_map(|cluster| {
        let stated = said(platform, cluster, &["versions", "kubernetes"])?;
        let objectives = said(platform, cluster, &["objectives"]);
        Some(Member {
            cluster,
            // One that nobody knows is told elsewhere.
            version: minor(stated.as_str()?).filter(|it| support_ends(*it).is_some())?,
            origin: stated.origin(),
            is_relied_on: objectives.is_some_and(|it| !it.is_off() && !it.entries().is_empty()),
        })
    });
    members.collect()
}

/// What the most specific level says of a cluster.
fn said<'p>(platform: &'p Platform, cluster: &'p ClusterSpec, path: &[&str]) -> Option<&'p Node> {
    let own = cluster.layers.iter().rev().find_map(|layer| layer.at(path));
    own.or_else(|| {
        let tier = cluster.stated("tier").and_then(Node::as_str);
        platform.level(tier).at(path)
    })
}
