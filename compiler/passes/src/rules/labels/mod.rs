//! What every object is labelled with.

mod no_team;
mod no_tier;
mod overwritten_label;
mod unlabelled_pods;

use super::Rule;

/// The rules, by id.
pub const RULES: &[Rule] = &[
    no_team::RULE,
    no_tier::RULE,
    overwritten_label::RULE,
    unlabelled_pods::RULE,
];
