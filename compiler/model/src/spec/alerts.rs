//! The alerts of a component: rule groups as Prometheus writes them.

use super::text::{Duration, Key, Keyed};
use schemars::JsonSchema;

/// Rule groups as Prometheus writes them. Nothing in them is evaluated.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Alerts {
    /// The groups.
    pub groups: Vec<Group>,
}

/// Rules that are evaluated together.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Group {
    /// Its name, once in the file.
    pub name: String,
    /// How often its rules are evaluated. Default: as often as all.
    pub interval: Option<Duration>,
    /// How far back its queries look, for series that arrive late.
    pub query_offset: Option<Duration>,
    /// How many alerts or series a rule of it may make.
    pub limit: Option<u32>,
    /// Labels of all that its rules make.
    pub labels: Option<Keyed<Key, String>>,
    /// Its rules, in this order.
    pub rules: Vec<Rule>,
}

/// An alert, or a series that is recorded: `alert` or `record`, and `expr`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Rule {
    /// The alert's name: once in a cluster, and a heading of the component's runbook.
    pub alert: Option<String>,
    /// The name of the series that is recorded.
    pub record: Option<String>,
    /// The query.
    pub expr: String,
    /// How long it must hold before the alert fires.
    pub r#for: Option<Duration>,
    /// How long the alert goes on when it no longer holds.
    pub keep_firing_for: Option<Duration>,
    /// Its labels; an alert's `severity` is `critical`, `warning` or `info`.
    pub labels: Option<Keyed<Key, String>>,
    /// What people read: an alert has a `summary` and a `description`.
    pub annotations: Option<Keyed<Key, String>>,
}
