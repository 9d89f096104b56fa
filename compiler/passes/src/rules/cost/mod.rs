//! What is spent: quotas, sizes, idle time.

use super::Rule;

/// The rules, by id.
pub const RULES: &[Rule] = &[];
