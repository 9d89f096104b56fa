//! What every object is labelled with.

use super::Rule;

/// The rules, by id.
pub const RULES: &[Rule] = &[];
