//! What a violation means, by an option's word or by a rule's level.

use crate::rules::Level;
use crate::rules::own::OwnRule;
use syntax::Node;

/// What a violation means.
#[derive(Clone, Copy, Debug)]
pub(super) enum Action {
    Deny,
    Warn,
    Audit,
}

impl Action {
    /// By the word of an option.
    pub(super) fn named(word: &str) -> Option<Action> {
        Some(match word {
            "deny" => Action::Deny,
            "warn" => Action::Warn,
            "audit" => Action::Audit,
            _ => return None,
        })
    }

    /// As the API server and Kyverno call it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Action::Deny => "Deny",
            Action::Warn => "Warn",
            Action::Audit => "Audit",
        }
    }

    /// By the level that a rule has in a cluster; `None` where it is off.
    pub(super) fn of(rule: &OwnRule, said: Option<&Node>) -> Option<Action> {
        let level = said.and_then(|said| said.str_at(&["level"]));
        match level.and_then(Level::of).unwrap_or(rule.levels.usual) {
            Level::Off => None,
            Level::Note => Some(Action::Audit),
            Level::Warning => Some(Action::Warn),
            Level::Error => Some(Action::Deny),
        }
    }
}
