//! Apps: what runs on the platform for its users, said once and placed in clusters by environment.

pub mod database;
pub mod workload;

use super::text::{
    Cidr, EnvName, False, HostName, Image, Key, Keyed, Name, Path, SecretName, Team,
};
use database::Uses;
use schemars::JsonSchema;
use serde_json::{Map, Value};
use workload::{AppMetrics, AppVolume, Config, EnvValue, Probes, Resources, Scale, SecretUse};

/// An app: its pattern, where it runs, and what holds wherever it does. What an environment says wins over it.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct App {
    /// What it is to others, which decides what is made for it.
    pub pattern: Pattern,
    /// Where it runs, for an app with one environment that needs no name. Either this or `environments`.
    pub clusters: Option<Clusters>,
    /// Where it runs by the name of the environment, and what is different there.
    #[schemars(example = serde_json::json!({"prod": {"clusters": {"tier": "production"}}}))]
    pub environments: Option<Keyed<Name, Environment>>,
    /// What may be said of it everywhere.
    #[schemars(flatten)]
    pub facts: AppFacts,
}

/// What an app is to others.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum Pattern {
    /// Answers requests from outside by its host name: Deployment, Service, HTTPRoute.
    Web,
    /// Answers requests from other apps: Deployment, Service.
    Service,
    /// Answers nobody: Deployment.
    Worker,
    /// PostgreSQL alone, run by an operator; `uses.postgres` says how.
    Database,
}

/// Where an app runs, and what is different there.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Environment {
    /// The clusters that it runs in.
    pub clusters: Clusters,
    /// What is different there.
    #[schemars(flatten)]
    pub facts: AppFacts,
}

/// Clusters by name, or by facts that all must hold; `*` matches any text.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum Clusters {
    /// One, or those whose name has this form.
    Name(#[schemars(length(min = 1), example = &"store-*")] String),
    /// Several.
    Names(#[schemars(length(min = 1))] Vec<String>),
    /// Those of which all this holds.
    Facts(ClusterFacts),
}

/// Facts of clusters: of each one value, or several of which one must hold.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields, extend("minProperties" = 1))]
pub struct ClusterFacts {
    /// The name.
    pub name: Option<OneOrMore>,
    /// The tier.
    pub tier: Option<OneOrMore>,
    /// The provider.
    pub provider: Option<OneOrMore>,
    /// The size.
    pub size: Option<OneOrMore>,
    /// The DNS domain.
    pub domain: Option<OneOrMore>,
}

/// A text, or several of which one must hold.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum OneOrMore {
    /// One.
    One(String),
    /// Several.
    More(#[schemars(length(min = 1))] Vec<String>),
}

/// What may be said of an app, and differently of each environment.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct AppFacts {
    /// The image, with a tag or digest that is never moved.
    pub image: Option<Image>,
    /// What is run instead of the image's entrypoint.
    pub command: Option<Vec<String>>,
    /// Arguments of what is run.
    pub args: Option<Vec<String>>,
    /// The port that it listens on.
    #[schemars(range(min = 1, max = 65535))]
    pub port: Option<u32>,
    /// Where it tells its metrics.
    pub metrics: Option<AppMetrics>,
    /// The name that it is published by: a label below the cluster's domain, or a whole name. Default: the app's name.
    pub host: Option<HostName>,
    /// The gateway that publishes it.
    #[schemars(extend("default" = "internal"))]
    pub gateway: Option<AppGateway>,
    /// Copies. Default: 2 where two nodes take workloads, else 1; 1 where it has storage that one pod at a time can mount.
    pub replicas: Option<u32>,
    /// Copies by load, instead of `replicas`; `false` for a fixed number again.
    pub scale: Option<OrNot<Scale>>,
    /// What each copy asks for and may take at most.
    pub resources: Option<Resources>,
    /// Environment variables.
    #[schemars(example = serde_json::json!({"LOG_LEVEL": "info"}))]
    pub env: Option<Keyed<EnvName, EnvValue>>,
    /// Secrets of its namespace, by name: their keys become environment variables, or files.
    #[schemars(example = serde_json::json!(["shop-smtp"]))]
    pub secrets: Option<Vec<SecretUse>>,
    /// Files by name with their text, which it finds below `/config`. A change rolls its pods.
    #[schemars(example = serde_json::json!({"app.toml": "debug = false\n"}))]
    pub config: Option<Keyed<Key, Config>>,
    /// Persistent volumes by name.
    #[schemars(example = serde_json::json!({"data": {"size": "10Gi", "mount": "/data"}}))]
    pub storage: Option<Keyed<Name, AppVolume>>,
    /// Folders that it may write to, emptied at each start; everything else is read-only. Default: `/tmp`.
    pub scratch: Option<Vec<Path>>,
    /// How it is known to be well; `false` for not at all. Default: an answer to `GET /` (web) or a connection (service) on `port`; a worker is not asked.
    pub probes: Option<OrNot<Probes>>,
    /// The user it runs as, by number. Default: the image's, which may not be root.
    #[schemars(range(min = 1))]
    pub user: Option<u32>,
    /// The Secret of its namespace that holds the registry's credentials.
    pub pull_secret: Option<SecretName>,
    /// What it uses of the platform.
    pub uses: Option<Uses>,
    /// The apps that it calls, by name, in the same cluster. Where a cluster denies by default nothing else is open.
    pub talks_to: Option<Vec<Name>>,
    /// Namespaces of pods that are no apps and may call it.
    pub reachable_from: Option<Vec<Name>>,
    /// What it reaches outside of the cluster: `internet`, or networks, at all ports or some.
    pub egress: Option<Vec<Destination>>,
    /// Its namespace. Default: the app's name.
    pub namespace: Option<Name>,
    /// The team that owns it: a label of its objects and pods.
    pub team: Option<Team>,
    /// Patches of its objects: strategic merges, or `target` and a list of RFC 6902 operations.
    pub patches: Option<Vec<Map<String, Value>>>,
    /// Further objects of its unit.
    pub objects: Option<Vec<Map<String, Value>>>,
}

/// Something, or `false` where less specific words said it.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum OrNot<T> {
    /// Not.
    Not(False),
    /// This.
    This(T),
}

/// A gateway of the platform.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum AppGateway {
    /// For the network's own people.
    Internal,
    /// For everybody.
    External,
}

/// What an app reaches outside of the cluster.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum Destination {
    /// Everything that is not private.
    Anywhere(Internet),
    /// A network.
    Network(Cidr),
    /// One of both, at some ports.
    At(DestinationAt),
}

/// Everything that is not private.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum Internet {
    /// Everything that is not private.
    Internet,
}

/// What an app reaches outside of the cluster, at some ports.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct DestinationAt {
    /// Where.
    pub to: DestinationTo,
    /// Its TCP ports.
    #[schemars(length(min = 1))]
    pub ports: Vec<Port>,
}

/// Where an app goes.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum DestinationTo {
    /// Everything that is not private.
    Anywhere(Internet),
    /// A network.
    Network(Cidr),
}

/// A TCP port.
#[derive(JsonSchema)]
#[schemars(inline, transparent)]
pub struct Port(#[schemars(range(min = 1, max = 65535))] pub u32);
