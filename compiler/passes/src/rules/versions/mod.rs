//! What fits what, and what is no longer served.

mod api_off_by_default;
mod chart_refuses_kubernetes;
mod cluster_behind;
mod deprecated_api;
mod facts;
mod fleet;
mod kubelet_skew;
mod old_gateway_api;
mod out_of_support;
mod production_first;
mod unserved_api;
mod untested_kubernetes;

use super::Rule;

/// The rules, by id.
pub const RULES: &[Rule] = &[
    api_off_by_default::RULE,
    chart_refuses_kubernetes::RULE,
    cluster_behind::RULE,
    deprecated_api::RULE,
    kubelet_skew::RULE,
    old_gateway_api::RULE,
    out_of_support::RULE,
    production_first::RULE,
    unserved_api::RULE,
    untested_kubernetes::RULE,
];
