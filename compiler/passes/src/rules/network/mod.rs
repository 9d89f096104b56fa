//! Who may talk to whom.

use super::Rule;

/// The rules, by id.
pub const RULES: &[Rule] = &[];
