//! Passwords, keys and tokens.

mod plaintext_secret;

use super::Rule;

/// The rules, by id.
pub const RULES: &[Rule] = &[plaintext_secret::RULE];
