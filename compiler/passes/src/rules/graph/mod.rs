//! What depends on what.

use super::Rule;

/// The rules, by id.
pub const RULES: &[Rule] = &[];
