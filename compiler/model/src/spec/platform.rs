//! The files that people write: a platform with its tiers and clusters, and a profile.

use super::app::App;
use super::capi::{Infrastructure, Workers};
use super::machine::{Machine, Node};
use super::network::ClusterNetwork;
use super::settings::{Settings, Shared, Sizes};
use super::text::{Domain, Keyed, Name, Path};
use schemars::JsonSchema;
use serde_json::{Map, Value};

/// A platform: its settings, its tiers and its clusters.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Platform {
    /// The version of this language.
    pub api_version: ApiVersion,
    /// What the file is.
    pub kind: PlatformKind,
    /// The platform's name.
    #[schemars(example = &"homelab")]
    pub name: Name,
    /// The profile: a named set of defaults, `profiles/NAME.yaml` beside this file or of the library.
    #[schemars(extend("x-profiles" = true), example = &"homelab")]
    pub profile: Option<String>,
    /// The DNS domain that everything of the platform is published below.
    pub domain: Option<Domain>,
    /// Groups of clusters that are treated alike: settings by a name of your own, which clusters choose by `tier`.
    #[schemars(example = serde_json::json!({"production": {"security": {"podSecurity": "restricted"}}}))]
    pub tiers: Option<Keyed<Name, Settings>>,
    /// The clusters by name. A name with a range, `store-{001..400}`, stands for as many clusters.
    pub clusters: Keyed<ClusterName, Cluster>,
    /// What runs on the platform for its users, by name.
    #[schemars(example = serde_json::json!({"shop": {"pattern": "web", "clusters": "prod", "image": "ghcr.io/acme/shop:1.4.2", "port": 8080}}))]
    pub apps: Option<Keyed<Name, App>>,
    /// Sizes of clusters, besides those of the profile.
    pub sizes: Option<Sizes>,
    /// The settings of all clusters.
    #[schemars(flatten)]
    pub settings: Settings,
}

/// A named set of defaults. Nothing is required; a platform says `profile: NAME`.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Profile {
    /// Sizes of clusters by name.
    pub sizes: Option<Sizes>,
    /// The settings of all clusters.
    #[schemars(flatten)]
    pub settings: Settings,
}

/// The version of the language.
#[derive(JsonSchema)]
#[schemars(inline)]
pub enum ApiVersion {
    /// The only one so far.
    #[schemars(rename = "formwork.dev/v1alpha1")]
    V1Alpha1,
}

/// What a platform's file is.
#[derive(JsonSchema)]
#[schemars(inline)]
pub enum PlatformKind {
    /// A platform.
    Platform,
}

/// One cluster, or with a range in its name or `from` as many as there are rows.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Cluster {
    /// The tier whose settings it takes.
    pub tier: Option<String>,
    /// What it is made with: Talos on machines, Kind in containers of a workstation, or Cluster API by another cluster. Each cluster must have one.
    pub provider: Option<Provider>,
    /// The cluster that makes it and looks after its machines, where the provider is `capi`.
    #[schemars(example = &"prod")]
    pub managed_by: Option<Name>,
    /// What its machines are made of, where the provider is `capi`.
    #[schemars(example = serde_json::json!({"docker": {}}))]
    pub infrastructure: Option<Infrastructure>,
    /// Workers that differ from what its size says, where the provider is `capi`.
    pub workers: Option<Workers>,
    /// How large it is: a name of `sizes`. On Kind it says how many nodes there are, with Cluster API also how large.
    #[schemars(example = &"small", example = &"medium", example = &"large")]
    pub size: Option<String>,
    /// The rows of a template: a CSV file beside the spec, or a list. Columns are `name`, `id` and dotted paths such as `network.nodes`.
    pub from: Option<Rows>,
    /// Its number in pools and meshes: unique, and never changed. In a range it is the number itself.
    #[schemars(range(min = 0), example = 7)]
    pub id: Option<u32>,
    /// The DNS domain that it publishes below. Default: the platform's.
    pub domain: Option<Domain>,
    /// Its network.
    pub network: Option<ClusterNetwork>,
    /// Whether control planes take workloads too. Default: only where there are no workers.
    pub allow_scheduling_on_control_planes: Option<bool>,
    /// Facts of all its machines.
    pub machine: Option<Machine>,
    /// Facts of its machines by role.
    pub roles: Option<Roles>,
    /// Its machines by name.
    #[schemars(example = serde_json::json!({"cp-1": {"role": "controlplane", "address": "10.0.10.11/24", "disk": "/dev/nvme0n1"}}))]
    pub nodes: Option<Keyed<Name, Node>>,
    /// What only Talos knows.
    pub talos: Option<Talos>,
    /// What only Kind knows.
    pub kind: Option<Kind>,
    /// The settings of this cluster.
    #[schemars(flatten)]
    pub settings: Shared,
}

/// A cluster's name, which may hold a range.
pub struct ClusterName;

impl JsonSchema for ClusterName {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ClusterName".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "cluster-name" })
    }
}

/// What a cluster is made with.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum Provider {
    /// Talos Linux on machines.
    Talos,
    /// Kind, in containers of a workstation.
    Kind,
    /// Cluster API, in another cluster.
    Capi,
}

/// The rows of a template: a table's file, or the rows themselves.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum Rows {
    /// A CSV file beside the spec.
    Table(#[schemars(example = &"stores.csv")] String),
    /// Rows.
    List(#[schemars(length(min = 1))] Vec<Row>),
}

/// A row: `name`, `id` and dotted paths.
#[derive(JsonSchema)]
pub struct Row {
    /// The cluster's name: each row has one.
    pub name: Option<Name>,
    /// Columns.
    #[schemars(flatten)]
    pub columns: Map<String, Value>,
}

/// Facts of machines by role.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Roles {
    /// Of those that run etcd and the API.
    pub controlplane: Option<Machine>,
    /// Of those that run workloads.
    pub worker: Option<Machine>,
}

/// What only Talos knows.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Talos {
    /// Patches of every machine's configuration, before those of roles and nodes.
    pub patches: Option<Vec<Map<String, Value>>>,
}

/// What only Kind knows.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Kind {
    /// Ports of the workstation that lead into the first control plane.
    pub ports: Option<Vec<KindPort>>,
    /// Folders of the workstation that every node sees.
    pub mounts: Option<Vec<KindMount>>,
    /// The node image. Default: the one of `versions.kubernetes`.
    #[schemars(example = &"kindest/node:v1.36.4")]
    pub image: Option<String>,
}

/// A port of the workstation that leads into a node.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct KindPort {
    /// The node's port.
    #[schemars(range(min = 1, max = 65535))]
    pub container: u32,
    /// The workstation's port.
    #[schemars(range(min = 1, max = 65535))]
    pub host: u32,
    /// The protocol. Default: TCP.
    pub protocol: Option<KindProtocol>,
}

/// A protocol, as Kind writes it.
#[derive(JsonSchema)]
#[schemars(rename_all = "UPPERCASE", inline)]
pub enum KindProtocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// SCTP.
    Sctp,
}

/// A folder of the workstation that nodes see.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct KindMount {
    /// The workstation's folder.
    pub host: String,
    /// Where nodes see it.
    pub container: Path,
}
