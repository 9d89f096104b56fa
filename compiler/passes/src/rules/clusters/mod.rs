//! Clusters, their nodes and addresses, alone and beside each other.

use super::Rule;

/// The rules, by id.
pub const RULES: &[Rule] = &[];
