//! Who reaches whom in a cluster: judged from the policies of its output, by what Kubernetes and Cilium say that they mean.
//!
//! ```text
//! Cluster + leaves ──network──▶ Network ──names──▶ ends ──judge──▶ Verdict ──advice──▶ what to write
//!                                  └──flows, facts──▶ what rules ask: open namespaces, missing paths, wide allows
//! ```
//!
//! Nothing here reads how policies are made (`lower/kubernetes/network`): two that agree because one repeats the other
//! would prove nothing.

pub mod address;
mod advice;
mod by_address;
mod by_identity;
pub mod endpoint;
mod facts;
mod flows;
mod judge;
mod names;
pub mod network;
pub mod places;
pub mod policy;
pub mod port;
pub mod selector;
#[cfg(test)]
mod tests;
mod why;

pub use advice::advice;
pub use facts::{
    Missing, OpenNamespace, Wide, Width, missing_paths, missing_paths_among, open_namespaces,
    wider_than_declared,
};
pub use flows::Declared;
pub use judge::{Doubt, Side, Verdict, Why};
pub use names::{ENTITIES, Miss};
pub use network::Network;
pub use selector::Holds;
pub use why::stated;

use crate::lower::{self, Cx};
use crate::resolve::cluster::resolve_cluster;
use crate::resolve::{ClusterSpec, Platform};
use syntax::{Diagnostics, Origins};

/// The network of a cluster, where its values came from, and what was found on the way.
#[derive(Debug)]
pub struct Reach {
    /// The network.
    pub network: Network,
    /// Where its values came from.
    pub origins: Origins,
    /// What was found.
    pub found: Diagnostics,
}

/// Lowers a cluster and reads its network from the output.
#[must_use]
pub fn of(platform: &Platform, spec: &ClusterSpec) -> Reach {
    let mut origins = Origins::extending(&platform.origins);
    let mut found = Diagnostics::default();
    let cluster = resolve_cluster(platform, spec, &mut origins, &mut found);
    let mut cx = Cx::new(&mut origins, &mut found, &platform.templates);
    lower::lower(&cluster, &mut cx);
    let leaves = crate::emit::place(&cluster, cx);
    let network = Network::of(&cluster, &leaves);
    Reach {
        network,
        origins,
        found,
    }
}
