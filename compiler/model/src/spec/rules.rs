//! What a spec says of rules: how much each matters here, and what is let off, with a reason.

use super::text::Date;
use schemars::JsonSchema;

/// How a rule is taken: its level, or more about it.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub enum StatedRule {
    /// How much a finding matters.
    Level(RuleLevel),
    /// A level with its reason, and what is let off.
    Section(RuleSection),
}

/// How much a finding of a rule matters.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum RuleLevel {
    /// Nothing is said. Needs a reason.
    Off,
    /// Worth knowing.
    Note,
    /// Probably a mistake.
    Warning,
    /// Nothing is built.
    Error,
}

/// A rule's level with its reason, and what is let off.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct RuleSection {
    /// How much a finding matters. Default: what the rule says.
    pub level: Option<RuleLevel>,
    /// Why this level.
    #[schemars(length(min = 1))]
    pub because: Option<String>,
    /// What the rule lets pass. Levels add to each other's.
    pub except: Option<Vec<Exception>>,
}

/// Something that a rule lets pass.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Exception {
    /// The objects, `KIND/NAME` or `KIND/NAMESPACE/NAME`; `*` stands for any part of one. Default: whatever it is about.
    #[schemars(example = &"Deployment/shop/*", length(min = 1))]
    pub objects: Option<String>,
    /// Why.
    #[schemars(length(min = 1))]
    pub because: String,
    /// The last day on which it holds.
    pub until: Option<Date>,
}
