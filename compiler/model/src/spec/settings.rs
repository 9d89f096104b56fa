//! The one vocabulary of the five levels.

use super::backup::{Backup, Objectives};
use super::choice::{
    Admission, BlockStorage, Certificates, Engine, Metrics, OutsideSecrets, PodCertificates,
    Snapshots,
};
use super::network::Network;
use super::observability::Observability;
use super::rules::StatedRule;
use super::secrets::Secrets;
use super::text::{
    Duration, Email, Folder, GitUrl, Keyed, Name, OciUrl, Quantity, SecretName, Url, Version,
};
use schemars::JsonSchema;
use serde_json::{Map, Value};

/// What may be said at every level: the profile, the platform, a tier, a cluster; the more specific wins.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Settings {
    /// The network.
    pub network: Option<Network>,
    /// All other settings.
    #[schemars(flatten)]
    pub shared: Shared,
}

/// The settings that mean the same at every level.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Shared {
    /// What brings the cluster to what the repository says.
    pub engine: Option<Engine>,
    /// Where clusters read what `build` writes.
    pub source: Option<Source>,
    /// The versions of what clusters are made of.
    pub versions: Option<Versions>,
    /// What the platform owes those who use it. Schedules are derived from it and checked against it.
    pub objectives: Option<Objectives>,
    /// Who may open secrets, and how old they may get.
    pub secrets: Option<Secrets>,
    /// Security.
    pub security: Option<Security>,
    /// Backup; `false` switches all of it off.
    pub backup: Option<Switch<Backup>>,
    /// Storage; `false` switches it off.
    pub storage: Option<Switch<Storage>>,
    /// Scaling; `false` switches it off.
    pub scaling: Option<Switch<Scaling>>,
    /// Observability; `false` switches it off.
    pub observability: Option<Switch<Observability>>,
    /// Components by name: switched on or off, their options, and overrides of what they make.
    #[schemars(extend("x-components" = true))]
    pub components: Option<Keyed<Name, Switch<Component>>>,
    /// Rules by id: how much each matters here, and what it lets pass. `formwork rules list` has them all.
    #[schemars(extend("x-rules" = true))]
    pub rules: Option<Keyed<Name, StatedRule>>,
}

/// A section that `false` switches off and `true` on again.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum Switch<T> {
    /// On or off.
    Flag(bool),
    /// What is said in it.
    Section(T),
}

/// The versions of what clusters are made of. Components have versions of their own, in `versions.yaml` or below `components`.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Versions {
    /// Kubernetes.
    #[schemars(example = &"1.36.4")]
    pub kubernetes: Option<Version>,
    /// Talos.
    #[schemars(example = &"1.13.9")]
    pub talos: Option<Version>,
    /// Cluster API, in clusters that manage others. Default: 1.14.2.
    #[schemars(example = &"1.14.2")]
    pub cluster_api: Option<Version>,
}

/// Where clusters read what `build` writes: a Git repository or an OCI artifact.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Source {
    /// The Git repository. Either this or `oci`.
    pub git: Option<GitUrl>,
    /// The OCI artifact. Either this or `git`.
    pub oci: Option<OciUrl>,
    /// The branch (Git), tag or digest (OCI) to follow; in Git `refs/tags/...` and the like too. Default: `main`, or `latest`.
    #[schemars(example = &"main")]
    pub r#ref: Option<String>,
    /// The path of the output folder in the repository. Default: found from `.git`, else `generated`.
    pub path: Option<Folder>,
    /// The Secret in `flux-system` that holds the credentials.
    pub secret: Option<SecretName>,
    /// The lines of `known_hosts` for the host of an SSH address.
    #[schemars(example = &"git.example.org ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI...")]
    pub known_hosts: Option<String>,
    /// How often the source is asked. Default: 1m, or 10m with a webhook.
    pub interval: Option<Duration>,
    /// The webhook that tells of pushes; `false` for none.
    pub webhook: Option<Switch<Webhook>>,
}

/// A webhook that tells of pushes.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Webhook {
    /// Who calls it.
    pub provider: WebhookProvider,
    /// The Secret in `flux-system` that holds the token.
    pub secret: SecretName,
}

/// Who calls a webhook.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", inline)]
pub enum WebhookProvider {
    /// GitHub.
    Github,
    /// GitLab.
    Gitlab,
    /// Bitbucket.
    Bitbucket,
    /// Anyone, without a signature.
    Generic,
    /// Anyone, with a signature: Forgejo, Gitea and others.
    GenericHmac,
}

/// Security.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Security {
    /// The Pod Security level of namespaces that state none.
    pub pod_security: Option<PodSecurity>,
    /// What the API server writes down of requests: nothing, who did what (`metadata`), or changes with their contents (`request`).
    pub audit: Option<Audit>,
    /// What pods may reach: only what is declared (`default-deny`), or everything (`open`).
    pub network: Option<Segmentation>,
    /// Whether namespaces get quotas and limits, where what runs in them states its requests.
    pub quotas: Option<bool>,
    /// What issues certificates, or `false` for nothing.
    pub certificates: Option<Certificates>,
    /// Who signs the platform's certificates.
    pub issuer: Option<Switch<Issuer>>,
    /// What gives each pod a certificate of its own, or `false` for nothing.
    pub pod_certificates: Option<PodCertificates>,
    /// What judges objects before they are stored, or `false` for nothing.
    pub admission: Option<Admission>,
    /// What brings secrets of a store outside, or `false` for nothing.
    pub secrets: Option<OutsideSecrets>,
}

/// A Pod Security level.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum PodSecurity {
    /// Everything is allowed.
    Privileged,
    /// Known escalations are refused.
    Baseline,
    /// Pods must be hardened.
    Restricted,
}

/// What the API server writes down of requests.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum Audit {
    /// Nothing.
    None,
    /// Who did what.
    Metadata,
    /// Changes with their contents, too.
    Request,
}

/// What pods may reach.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", inline)]
pub enum Segmentation {
    /// Only what is declared.
    DefaultDeny,
    /// Everything.
    Open,
}

/// Who signs the platform's certificates: one of them.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Issuer {
    /// An ACME service such as Let's Encrypt, by DNS challenges.
    pub acme: Option<Switch<Acme>>,
    /// An authority of the platform's own.
    pub ca: Option<Switch<Ca>>,
}

/// An ACME service.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Acme {
    /// Whom the service writes to.
    pub email: Option<Email>,
    /// The service. Default: Let's Encrypt's.
    #[schemars(example = &"https://acme-staging-v02.api.letsencrypt.org/directory")]
    pub server: Option<Url>,
    /// Who answers for the domain's DNS.
    pub dns: Option<Dns>,
    /// The Secret in the issuer's namespace that holds the DNS provider's token.
    pub secret: Option<SecretName>,
}

/// A DNS provider.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum Dns {
    /// Cloudflare.
    Cloudflare,
}

/// An authority of the platform's own.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ca {}

/// Storage.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Storage {
    /// What provides block storage, or `false` for nothing.
    pub block: Option<BlockStorage>,
    /// What serves snapshots of volumes, or `false` for nothing.
    pub snapshots: Option<Snapshots>,
    /// Whether claims that name no class get it.
    pub default: Option<bool>,
}

/// Scaling.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scaling {
    /// What measures pods and nodes for autoscalers, or `false` for nothing.
    pub metrics: Option<Metrics>,
}

/// A component, as a level wants it.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Component {
    /// Its version; wins over `versions.yaml`.
    #[schemars(length(min = 1))]
    pub version: Option<String>,
    /// Its options.
    pub options: Option<Map<String, Value>>,
    /// Helm values, merged over those that it computes; `null` takes a value of the chart's away.
    pub values: Option<Map<String, Value>>,
    /// Patches of the objects that it makes: strategic merges, or `target` and a list of RFC 6902 operations.
    pub patches: Option<Vec<Map<String, Value>>>,
    /// Further objects of its unit.
    pub objects: Option<Vec<Map<String, Value>>>,
    /// What a running cluster calls it, so that it is taken over instead of installed again.
    pub adopt: Option<Adopt>,
    /// Rules by id, as far as this component is concerned.
    #[schemars(extend("x-rules" = true))]
    pub rules: Option<Keyed<Name, StatedRule>>,
}

/// What a running cluster calls a component.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Adopt {
    /// Its Helm release.
    pub release: Option<Name>,
    /// Its namespace.
    pub namespace: Option<Name>,
}

/// Sizes of clusters by name.
pub type Sizes = Keyed<Name, Size>;

/// How large a cluster is.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Size {
    /// How many control planes.
    #[schemars(range(min = 1))]
    pub control_planes: Option<u32>,
    /// How many workers.
    pub workers: Option<u32>,
    /// CPUs of each node.
    #[schemars(range(min = 1))]
    pub cpu: Option<u32>,
    /// Memory of each node.
    pub memory: Option<Quantity>,
    /// Disk of each node.
    pub disk: Option<Quantity>,
}
