//! Copies of data: that there are any, how often, and where.

use super::Rule;

/// The rules, by id.
pub const RULES: &[Rule] = &[];
