//! The persistent claims that a component declares, and what is in them.

use super::template::Made;
use super::text::Duration;
use schemars::JsonSchema;

/// A persistent claim.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Claim {
    /// Its name, or the beginning of it with `*`.
    pub name: String,
    /// How large it is.
    pub size: Option<String>,
    /// Its storage class.
    pub class: Option<String>,
    /// What is in it. Default: unsaid.
    pub data: Option<Made<Data>>,
    /// Who copies it. Default: whoever copies volumes.
    pub copied_by: Option<Made<Copier>>,
    /// How much of it may be lost, where that differs from the cluster's `objectives.rpo`.
    pub rpo: Option<Made<Duration>>,
}

/// Who copies what is in a claim.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum Copier {
    /// Who copies volumes.
    Volumes,
    /// Who archives databases: it holds one.
    Databases,
}

/// What is in a claim.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum Data {
    /// What people or programs wrote and nothing can make again: `objectives.rpo` binds it.
    Primary,
    /// What is faster to have at hand.
    Cache,
    /// What is made from other data, and can be again.
    Derived,
}
