//! What an app's containers are told, ask for and write to.

use super::Port;
use crate::spec::machine::Scalar;
use crate::spec::text::{Duration, EnvName, Keyed, Name, Path, Quantity, SecretName, Share};
use schemars::JsonSchema;

/// The value of an environment variable.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum EnvValue {
    /// A text or a number.
    Plain(Scalar),
    /// `true` or `false`.
    Flag(bool),
}

/// The text of a file.
pub(super) type Config = String;

/// Where an app tells its metrics.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct AppMetrics {
    /// The port. Default: the app's own.
    #[schemars(range(min = 1, max = 65535))]
    pub port: Option<u32>,
    /// The path.
    #[schemars(extend("default" = "/metrics"))]
    pub path: Option<Path>,
}

/// Copies by load.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scale {
    /// The fewest. Default: as many as `replicas` would be.
    #[schemars(range(min = 1))]
    pub min: Option<u32>,
    /// The most. It must be stated, by the app or by the environment.
    #[schemars(range(min = 1))]
    pub max: Option<u32>,
    /// The share of the requested CPU that copies use on average.
    #[schemars(extend("default" = "70%"))]
    pub cpu: Option<Share>,
    /// The share of the requested memory that copies use on average. Default: memory does not count.
    pub memory: Option<Share>,
}

/// What each copy asks for and may take at most.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Resources {
    /// What it asks for. Default: 100m CPU and 128Mi of memory, or as much memory as it may take.
    pub requests: Option<Amounts>,
    /// What it may take at most. Default: 256Mi of memory, or as much as it asks for; CPU is not limited.
    pub limits: Option<Amounts>,
}

/// Amounts of CPU and memory.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Amounts {
    /// CPU.
    #[schemars(example = &"250m", example = &"1")]
    pub cpu: Option<Quantity>,
    /// Memory.
    #[schemars(example = &"128Mi", example = &"192Mi")]
    pub memory: Option<Quantity>,
}

/// A Secret of the namespace: all of its keys as environment variables, or how.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum SecretUse {
    /// All of its keys as environment variables.
    All(SecretName),
    /// How.
    How(SecretHow),
}

/// How a Secret is used.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct SecretHow {
    /// Its name.
    pub name: SecretName,
    /// Environment variables, each with the key that it holds.
    #[schemars(example = serde_json::json!({"SMTP_PASSWORD": "password"}))]
    pub env: Option<Keyed<EnvName, String>>,
    /// The folder in which its keys are files.
    pub mount: Option<Path>,
}

/// A persistent volume.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct AppVolume {
    /// How large it is.
    #[schemars(example = &"10Gi", example = &"20Gi")]
    pub size: Option<Quantity>,
    /// The folder in which the app finds it.
    pub mount: Option<Path>,
    /// Its storage class. Default: the platform's block storage, else the cluster's default.
    pub class: Option<Name>,
    /// Whether pods on several nodes mount it at once, which its class must be able to do.
    #[schemars(extend("default" = false))]
    pub shared: Option<bool>,
    /// What it would mean to lose it.
    #[schemars(extend("default" = "primary"))]
    pub data: Option<Data>,
}

/// What it would mean to lose data.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum Data {
    /// It is nowhere else: backups hold it.
    Primary,
    /// Nothing is lost: no backup.
    Cache,
    /// It can be made again from other data: no backup.
    Derived,
}

/// How an app is known to be well. One of `command`, `path` and `port`, or the pattern's own.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Probes {
    /// The path that must answer to a GET.
    #[schemars(example = &"/healthz")]
    pub path: Option<Path>,
    /// The port that is asked. Default: the app's.
    pub port: Option<Port>,
    /// The command that must succeed.
    #[schemars(length(min = 1))]
    pub command: Option<Vec<String>>,
    /// How long it may take to start.
    #[schemars(extend("default" = "60s"), example = &"2m", example = &"3m")]
    pub startup: Option<Duration>,
}
