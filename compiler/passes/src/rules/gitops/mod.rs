//! How changes reach a cluster: pinned, waited for, retried.

use super::Rule;

/// The rules, by id.
pub const RULES: &[Rule] = &[];
