//! How changes reach a cluster: pinned, waited for, retried.

mod crds_not_upgraded;
mod flux;
mod forced_replacement;
mod ignored_health_checks;
mod image_digest;
mod monolithic_unit;
mod moving_branch;
mod no_drift_detection;
mod no_health_check;
mod no_prune;
mod no_retry;
mod no_timeout;
mod prunable_state;
mod stateful;
mod suspended;
mod uninstall_on_failure;
mod unpinned_artifact;
mod unpinned_chart;
mod version;

use super::Rule;

/// The rules, by id.
pub const RULES: &[Rule] = &[
    crds_not_upgraded::RULE,
    forced_replacement::RULE,
    ignored_health_checks::RULE,
    image_digest::RULE,
    monolithic_unit::RULE,
    moving_branch::RULE,
    no_drift_detection::RULE,
    no_health_check::RULE,
    no_prune::RULE,
    no_retry::RULE,
    no_timeout::RULE,
    prunable_state::RULE,
    suspended::RULE,
    uninstall_on_failure::RULE,
    unpinned_artifact::RULE,
    unpinned_chart::RULE,
];
