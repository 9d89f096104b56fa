//! The file of a component: what it installs, what that makes, needs and provides.

use super::admission::EnforcedPolicy;
use super::claim::Claim;
use super::flows::{Flows, Needs};
use super::machine::Scalar;
use super::platform::{ApiVersion, Provider};
use super::rules::StatedRule;
use super::settings::PodSecurity;
use super::template::{Any, Made, MadeMap};
use super::text::{Key, Keyed, Name, OciUrl, Url};
use schemars::JsonSchema;
use serde_json::{Map, Value};

/// A component of the library: a Helm chart, manifests or plain objects, and what is true of them.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Component {
    /// The version of this language.
    pub api_version: ApiVersion,
    /// What the file is.
    pub kind: ComponentKind,
    /// Its name: that of its folder.
    pub name: Name,
    /// Its name as people write it.
    pub title: Option<String>,
    /// What it is for, in one sentence.
    pub about: String,
    /// The providers that it can be used with. Default: all.
    #[schemars(length(min = 1))]
    pub providers: Option<Vec<Provider>>,
    /// The capabilities that it provides, each by the choice that selects it.
    #[schemars(example = serde_json::json!({"security.certificates": "NAME"}))]
    pub provides: Option<Keyed<Key, String>>,
    /// The capabilities that must be there before it; with `?` only if something provides them.
    #[schemars(example = serde_json::json!(["gateway.crds", "observability.crds?"]))]
    pub requires: Option<Made<Vec<Made<String>>>>,
    /// Whether the bootstrap installs it, before the engine runs.
    #[schemars(extend("default" = false))]
    pub bootstrap: Option<bool>,
    /// Whether it stays where a spec takes it out: it holds data, or what does depends on it.
    #[schemars(extend("default" = false))]
    pub keep: Option<bool>,
    /// The versions of Kubernetes that it runs on, at the version that the file states.
    #[schemars(example = &">=1.31, <1.37")]
    pub kubernetes: Option<String>,
    /// Its namespace.
    pub namespace: Option<Made<Namespace>>,
    /// Its Helm chart.
    pub chart: Option<Made<Chart>>,
    /// Its manifests in a Git repository.
    pub git: Option<Made<Git>>,
    /// The name of its Helm release. Default: its own name.
    pub release: Option<String>,
    /// What the spec may say of it below `options`: a JSON Schema by name.
    #[schemars(example = serde_json::json!({"replicas": {"type": "integer", "minimum": 1, "default": 2, "description": "Copies."}}))]
    pub options: Option<Keyed<Key, Map<String, Value>>>,
    /// The Helm values.
    pub values: Option<Any>,
    /// What its chart makes at these values.
    pub declares: Option<Made<Declares>>,
    /// Plain objects.
    pub objects: Option<Any>,
    /// Built-in policies that it enforces where it provides `security.admission`, each by its rule.
    pub policies: Option<Made<Vec<Made<EnforcedPolicy>>>>,
    /// Secrets that must be sealed for it.
    pub secrets: Option<Made<Vec<Made<Secret>>>>,
    /// What must be healthy beside its Helm release.
    pub health: Option<Made<Vec<Made<Health>>>>,
    /// Fields that others own.
    pub drift: Option<Made<Vec<Made<Drift>>>>,
    /// The flows of its own pods, beyond DNS.
    pub network: Option<Made<Flows>>,
    /// What it needs of the hosts.
    pub needs: Option<Made<Needs>>,
    /// Rules by id, as far as its objects are concerned: what each lets pass, and why.
    #[schemars(extend("x-rules" = true))]
    pub rules: Option<Keyed<Name, StatedRule>>,
    /// The file beside this one with its alerts: rule groups as Prometheus writes them, never evaluated.
    #[schemars(example = &"alerts.yaml", regex(pattern = r"^[A-Za-z0-9][A-Za-z0-9._-]*\.yaml$"))]
    pub alerts: Option<String>,
    /// The files beside this one with its dashboards, in Grafana's JSON.
    #[schemars(example = serde_json::json!(["overview.json"]))]
    pub dashboards: Option<Vec<DashboardFile>>,
    /// The file beside this one that says what to do about each alert: Markdown with expressions in `{{ }}`.
    #[schemars(example = &"runbook.md", regex(pattern = r"^[A-Za-z0-9][A-Za-z0-9._-]*\.md$"))]
    pub runbook: Option<String>,
    /// The files beside this one that people run: shell with expressions in `{{ }}`. One whose text is empty in a cluster is left out there.
    #[schemars(example = serde_json::json!(["restore.sh"]))]
    pub scripts: Option<Vec<ScriptFile>>,
}

/// The name of a script's file.
#[derive(JsonSchema)]
#[schemars(inline)]
pub struct ScriptFile(#[schemars(regex(pattern = r"^[a-z0-9][a-z0-9-]*\.sh$"))] pub String);

/// The name of a dashboard's file.
#[derive(JsonSchema)]
#[schemars(inline)]
pub struct DashboardFile(#[schemars(regex(pattern = r"^[a-z0-9][a-z0-9-]*\.json$"))] pub String);

/// What a component's file is.
#[derive(JsonSchema)]
#[schemars(inline)]
pub enum ComponentKind {
    /// A component.
    Component,
}

/// A component's namespace and the Pod Security level that it needs.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Namespace {
    /// Its name.
    pub name: String,
    /// The level that the component's pods need.
    pub pod_security: Made<PodSecurity>,
    /// Why they need it.
    pub because: String,
}

/// A Helm chart: `oci` and `version`, or `repo`, `name` and `version`.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Chart {
    /// The chart's address in an OCI registry.
    pub oci: Option<OciUrl>,
    /// The address of a Helm repository.
    pub repo: Option<Url>,
    /// The chart's name in the repository.
    pub name: Option<String>,
    /// The chart's version.
    pub version: String,
    /// Values that the chart hands on as they are, such as a program's own configuration, or takes without listing them: pointers
    /// into `values`. `components test` does not look for them, or for what is below them, in the chart.
    #[schemars(example = serde_json::json!(["/config"]))]
    pub passes: Option<Vec<String>>,
}

/// Manifests in a Git repository.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Git {
    /// The repository.
    pub url: Url,
    /// The tag.
    pub tag: String,
    /// The folder.
    pub path: String,
}

/// What a chart makes.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Declares {
    /// Workloads.
    pub workloads: Option<Made<Vec<Made<Workload>>>>,
    /// Webhooks that the API server calls.
    pub webhooks: Option<Made<Vec<Made<AdmissionWebhook>>>>,
    /// Services.
    pub services: Option<Made<Vec<Made<Service>>>>,
    /// Kinds that it brings.
    pub crds: Option<Made<Vec<Made<Crds>>>>,
    /// Persistent claims.
    pub claims: Option<Made<Vec<Made<Claim>>>>,
    /// Kinds of others that it makes objects of.
    pub uses: Option<Made<Vec<Made<Uses>>>>,
}

/// A workload.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Workload {
    /// Its kind.
    #[schemars(example = &"Deployment")]
    pub kind: String,
    /// Its name.
    pub name: String,
    /// How many pods it has.
    pub replicas: Option<Made<u32>>,
    /// Whether its pods use the host's network.
    pub host_network: Option<Made<bool>>,
    /// Whether it only runs as a hook of the release.
    pub hook: Option<Made<bool>>,
    /// The labels of its pods.
    pub pods: Option<MadeMap<Scalar>>,
    /// Its containers.
    pub containers: Made<Vec<Made<Container>>>,
}

/// A container.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct Container {
    /// Its name.
    pub name: Option<String>,
    /// Its image.
    pub image: Option<String>,
    /// What it asks for.
    pub requests: Option<Made<MadeMap<Scalar>>>,
    /// What it may take at most.
    pub limits: Option<Made<MadeMap<Scalar>>>,
}

/// A webhook that the API server calls.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct AdmissionWebhook {
    /// Its Service.
    pub service: String,
    /// The port of its pods.
    pub port: Made<u32>,
    /// The labels of its pods.
    pub pods: Option<Made<MadeMap<Scalar>>>,
    /// What happens when it can't be reached.
    pub failure_policy: Option<Made<FailurePolicy>>,
}

/// What happens when a webhook can't be reached.
#[derive(JsonSchema)]
#[schemars(inline)]
pub enum FailurePolicy {
    /// The request is refused.
    Fail,
    /// The request goes on.
    Ignore,
}

/// A Service.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// Its ports.
    pub ports: Option<Made<Vec<Made<ServicePort>>>>,
}

/// A port of a Service.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServicePort {
    /// Its name.
    pub name: Option<String>,
    /// Its number.
    pub port: Made<u32>,
}

/// Kinds that a component brings.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Crds {
    /// Their API group.
    pub group: String,
    /// Who makes them: the chart, the operator at run time, the machines, or another object of the component.
    pub made_by: Option<Maker>,
    /// Which objects of the component make kinds of this group.
    pub of: Option<MakingObjects>,
    /// The kinds, each with its scope.
    pub kinds: Keyed<Key, Scope>,
}

/// Objects that make kinds.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct MakingObjects {
    /// Their kind.
    pub kind: String,
    /// Where such an object names the kind that it makes, as a JSON pointer.
    #[schemars(example = &"/spec/crd/spec/names/kind")]
    pub makes: String,
    /// When the kind is there (CEL over the object).
    pub current: String,
}

/// Who makes a kind.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum Maker {
    /// The chart.
    Chart,
    /// The operator, at run time.
    Operator,
    /// The machines' operating system, before anything is installed.
    Host,
    /// Another object of the component, once it is there and healthy.
    Object,
}

/// Where objects of a kind live.
#[derive(JsonSchema)]
#[schemars(inline)]
pub enum Scope {
    /// In a namespace.
    Namespaced,
    /// In the cluster.
    Cluster,
}

/// A kind of others that a component makes objects of.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Uses {
    /// Its API group.
    pub group: String,
    /// The kind.
    pub kind: String,
}

/// A Secret that must be sealed for a component.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Secret {
    /// Its name.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// Its keys.
    pub keys: Made<Vec<Made<String>>>,
    /// The form of what its keys hold, where it is none of their own.
    pub shape: Option<Made<SecretShape>>,
}

/// The form of what a Secret's keys hold.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum SecretShape {
    /// An AWS credentials file: `[default]`, `aws_access_key_id = ...`, `aws_secret_access_key = ...`.
    Ini,
}

/// What must be healthy: an object and the expressions (CEL) that say so.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Health {
    /// Its API version.
    pub api_version: String,
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its namespace.
    pub namespace: Option<String>,
    /// When it is healthy.
    pub current: String,
    /// When it has failed.
    pub failed: Option<String>,
    /// When it is still on its way.
    pub in_progress: Option<String>,
}

/// Fields that others own.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Drift {
    /// Whose fields.
    pub target: Made<Target>,
    /// Which fields, as JSON pointers.
    pub paths: Made<Vec<Made<String>>>,
    /// Why.
    pub because: String,
}

/// Objects by kind and name.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Target {
    /// The API group.
    pub group: Option<String>,
    /// The API version.
    pub version: Option<String>,
    /// The kind.
    pub kind: Option<String>,
    /// The name, or a regular expression.
    pub name: Option<String>,
    /// The namespace.
    pub namespace: Option<String>,
}
