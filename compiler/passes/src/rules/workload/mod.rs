//! Pods and what makes them.

mod unpinned_image;

use super::Rule;

/// The rules, by id.
pub const RULES: &[Rule] = &[unpinned_image::RULE];
