//! What is spent: quotas, sizes, idle time.

mod beyond_limit_range;
mod larger_than_any_node;
mod no_quota;
mod refused_by_quota;

use super::Rule;

/// The rules, by id.
pub const RULES: &[Rule] = &[
    beyond_limit_range::RULE,
    larger_than_any_node::RULE,
    no_quota::RULE,
    refused_by_quota::RULE,
];
