//! What Kubernetes itself is told: namespaces, sealed secrets, network policies, quotas, and what must be there first.

mod namespaces;
mod network;
mod order;
pub mod quantity;
mod quotas;
mod secrets;
pub mod workloads;

use super::Cx;
use super::units::Unit;
use crate::resolve::cluster::Cluster;
use model::object::Object;
pub use secrets::{file_name as sealed_name, is_made_in_cluster};
use syntax::{Node, OriginId};

/// The unit of all namespaces.
pub const NAMESPACES: &str = "namespaces";
/// The unit of sealed files.
pub const SECRETS: &str = "secrets";
/// The unit of network policies.
pub const POLICIES: &str = "network-policies";

/// Namespaces that the cluster or the engine makes: they are only labelled, and nothing in them is denied or limited.
const SYSTEM: [&str; 5] = [
    "default",
    "flux-system",
    "kube-node-lease",
    "kube-public",
    "kube-system",
];

/// Adds the units of the compiler's own to those of the components, and says which of them wait for which.
pub fn lower(cluster: &Cluster<'_>, units: &mut Vec<Unit>, cx: &mut Cx<'_>) {
    let namespaces = namespaces::collect(cluster, units, cx);
    let workloads = workloads::of(cluster);
    let sealed = secrets::unit(cluster, units, cx);
    let policies = network::unit(cluster, &namespaces, cx);
    let quotas = quotas::decide(cluster, &namespaces, &workloads, cx);
    let own = namespaces::unit(cluster, &namespaces, quotas, cx);
    order::after_namespaces(cluster, units, own.because);
    units.extend([Some(own), sealed, policies].into_iter().flatten());
    order::check(cluster, units, cx);
}

/// Whether a namespace is there before formwork is.
fn is_system(namespace: &str) -> bool {
    SYSTEM.contains(&namespace)
}

/// Evaluates a shape with one more name in scope.
fn object(
    cluster: &Cluster<'_>,
    shape: &str,
    (name, facts): (&str, Node),
    because: OriginId,
    cx: &mut Cx<'_>,
) -> Option<Object> {
    let scope = cluster.scope.clone().with(name, facts);
    Object::new(cx.shape(shape, &scope)?, because)
}
