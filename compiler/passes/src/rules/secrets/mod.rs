//! Passwords, keys and tokens.

mod no_sops_rule;
mod plaintext_secret;
mod recipients_differ;
mod sops;

use super::Rule;

/// The rules, by id.
pub const RULES: &[Rule] = &[
    no_sops_rule::RULE,
    plaintext_secret::RULE,
    recipients_differ::RULE,
];
