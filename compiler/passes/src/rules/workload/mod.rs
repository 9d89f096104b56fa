//! Pods and what makes them.

pub mod amounts;
mod autoscaler_bounds;
mod autoscaler_fights_replicas;
mod autoscaler_without_requests;
mod autoscaler_without_target;
mod below_pod_security;
pub mod beside;
mod blocking_disruption_budget;
mod host_namespace;
mod host_path;
mod kept_capabilities;
mod no_disruption_budget;
mod no_memory_limit;
mod no_readiness_probe;
mod no_requests;
mod no_seccomp_profile;
mod no_spread;
pub mod pod;
mod privilege_escalation;
mod privileged_container;
mod refused;
mod request_above_limit;
mod runs_as_root;
mod selector;
mod selector_misses_pods;
mod service_account_token;
mod single_replica_autoscaler;
pub mod standard;
mod two_disruption_budgets;
mod unpinned_image;
mod writable_root;

use super::Rule;

/// The rules, by id.
pub const RULES: &[Rule] = &[
    autoscaler_bounds::RULE,
    autoscaler_fights_replicas::RULE,
    autoscaler_without_requests::RULE,
    autoscaler_without_target::RULE,
    below_pod_security::RULE,
    blocking_disruption_budget::RULE,
    host_namespace::RULE,
    host_path::RULE,
    kept_capabilities::RULE,
    no_disruption_budget::RULE,
    no_memory_limit::RULE,
    no_readiness_probe::RULE,
    no_requests::RULE,
    no_seccomp_profile::RULE,
    no_spread::RULE,
    privilege_escalation::RULE,
    privileged_container::RULE,
    request_above_limit::RULE,
    runs_as_root::RULE,
    selector_misses_pods::RULE,
    service_account_token::RULE,
    single_replica_autoscaler::RULE,
    two_disruption_budgets::RULE,
    unpinned_image::RULE,
    writable_root::RULE,
];
