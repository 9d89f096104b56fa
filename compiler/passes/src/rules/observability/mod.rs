//! Alerts, dashboards and what they look at.

use super::Rule;

/// The rules, by id.
pub const RULES: &[Rule] = &[];
