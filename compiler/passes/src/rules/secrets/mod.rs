//! Passwords, keys and tokens.

mod no_sops_rule;
mod old_credential;
mod plaintext_secret;
mod recipients_differ;
mod sops;
mod sops_rule_differs;

use super::Rule;

/// The rules, by id.
pub const RULES: &[Rule] = &[
    no_sops_rule::RULE,
    old_credential::RULE,
    plaintext_secret::RULE,
    recipients_differ::RULE,
    sops_rule_differs::RULE,
];
