//! What an app uses of the platform: databases.

use super::workload::Resources;
use crate::spec::machine::Scalar;
use crate::spec::text::{DatabaseName, Duration, Image, Key, Keyed, Name, Quantity};
use schemars::JsonSchema;

/// What an app uses of the platform.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Uses {
    /// A PostgreSQL database of its own.
    pub postgres: Option<Postgres>,
}

/// A PostgreSQL database.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Postgres {
    /// The size of its volume, one for each instance.
    #[schemars(example = &"20Gi", example = &"30Gi")]
    pub storage: Option<Quantity>,
    /// The size of a volume of its own for the write-ahead log. Default: it lies with the data.
    #[schemars(example = &"5Gi", example = &"6Gi")]
    pub wal: Option<Quantity>,
    /// The storage class of its volumes. Default: the platform's block storage, else the cluster's default.
    pub class: Option<Name>,
    /// Instances: one is written to, the others follow. Default: 3 where three nodes take workloads, else 1.
    #[schemars(range(min = 1))]
    pub instances: Option<u32>,
    /// The version of PostgreSQL: a major one, or a whole one. Default: what the operator is made for when the database is made.
    #[schemars(example = 17, example = 18)]
    pub version: Option<Scalar>,
    /// The image, instead of `version`.
    pub image: Option<Image>,
    /// The database's name. Default: the app's, with `_` for `-`.
    pub database: Option<DatabaseName>,
    /// The role that owns it, and that the app is. Default: the database's name.
    pub owner: Option<DatabaseName>,
    /// Parameters of PostgreSQL.
    #[schemars(example = serde_json::json!({"max_connections": "200"}))]
    pub parameters: Option<Keyed<Key, Scalar>>,
    /// What each instance asks for and may take at most. Default: 100m CPU and 512Mi, at most 1Gi.
    pub resources: Option<Resources>,
    /// Whether it is backed up, where the cluster backs databases up.
    #[schemars(extend("default" = true))]
    pub backup: Option<bool>,
    /// How much of the latest changes may be lost, at most. Default: `objectives.rpo`.
    pub rpo: Option<Duration>,
}
