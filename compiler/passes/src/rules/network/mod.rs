//! Who may talk to whom.

mod blocked_flow;
mod open_namespace;
mod open_network;
mod policies;
mod wide_allow;

use super::Rule;

/// The rules, by id.
pub const RULES: &[Rule] = &[
    blocked_flow::RULE,
    open_namespace::RULE,
    open_network::RULE,
    wide_allow::RULE,
];
