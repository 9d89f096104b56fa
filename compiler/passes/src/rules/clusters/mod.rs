//! Clusters, their nodes and addresses, alone and beside each other.

mod clusters_overlap;
mod even_control_planes;
mod facts;
mod few_volumes;
mod hidden_network;
mod mesh;
mod mesh_identity;
mod mesh_networks_overlap;
mod one_failure_domain;
mod promise;
mod reserved_asn;
mod router_asn_differs;
mod single_control_plane;
mod single_copy;
mod single_node;
mod too_small;

use super::Rule;

/// The rules, by id.
pub const RULES: &[Rule] = &[
    clusters_overlap::RULE,
    even_control_planes::RULE,
    few_volumes::RULE,
    hidden_network::RULE,
    mesh_identity::RULE,
    mesh_networks_overlap::RULE,
    one_failure_domain::RULE,
    reserved_asn::RULE,
    router_asn_differs::RULE,
    single_control_plane::RULE,
    single_copy::RULE,
    single_node::RULE,
    too_small::RULE,
];
