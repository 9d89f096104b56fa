//! What fits what, and what is no longer served.

use super::Rule;

/// The rules, by id.
pub const RULES: &[Rule] = &[];
