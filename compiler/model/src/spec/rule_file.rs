//! The file of a project's own rule: what it is for, and a policy in the shape of Kubernetes' ValidatingAdmissionPolicy.

use super::platform::ApiVersion;
use super::rules::RuleLevel;
use super::text::{Name, Url};
use schemars::JsonSchema;
use serde_json::{Map, Value};

/// A rule of a project's own, over Kubernetes objects.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct RuleFile {
    /// The version of this language.
    pub api_version: ApiVersion,
    /// What the file is.
    pub kind: RuleKind,
    /// Its id: the file's name without `.yaml`.
    pub name: Name,
    /// What it wants, in one sentence.
    #[schemars(length(min = 1))]
    pub about: String,
    /// Why that matters.
    pub why: Option<String>,
    /// What to do about a finding.
    #[schemars(length(min = 1))]
    pub fix: String,
    /// Where it is from.
    pub source: Option<Url>,
    /// How much a finding matters where the spec does not say. Default: warning.
    pub level: Option<RuleLevel>,
    /// Whether clusters with `security.admission` enforce it too. Default: true.
    pub admission: Option<bool>,
    /// What expressions see as `params`.
    pub params: Option<Map<String, Value>>,
    /// What is judged, and how.
    pub policy: Policy,
    /// Objects that it finds something in, and objects that are right: its tests.
    pub examples: Examples,
}

/// What a rule's file is.
#[derive(JsonSchema)]
#[schemars(inline)]
pub enum RuleKind {
    /// A rule.
    Rule,
}

/// A policy in the shape of a ValidatingAdmissionPolicy's `spec`.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    /// The objects that it is about.
    pub match_constraints: MatchConstraints,
    /// What must hold for an object to be judged at all.
    pub match_conditions: Option<Vec<Variable>>,
    /// Expressions that others see as `variables.NAME`.
    pub variables: Option<Vec<Variable>>,
    /// What must hold.
    #[schemars(length(min = 1))]
    pub validations: Vec<Validation>,
}

/// The objects that a policy is about.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct MatchConstraints {
    /// Resources, any of these.
    #[schemars(length(min = 1))]
    pub resource_rules: Vec<ResourceRule>,
    /// Resources that are left out.
    pub exclude_resource_rules: Option<Vec<ResourceRule>>,
    /// Which namespaces, by their labels.
    pub namespace_selector: Option<Map<String, Value>>,
    /// Which objects, by their labels.
    pub object_selector: Option<Map<String, Value>>,
}

/// Resources, as the API server names them.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResourceRule {
    /// API groups; the core's is the empty text, `*` is any.
    #[schemars(length(min = 1))]
    pub api_groups: Vec<String>,
    /// Versions; `*` is any.
    #[schemars(length(min = 1))]
    pub api_versions: Vec<String>,
    /// What is done to them; `*` is anything.
    #[schemars(length(min = 1))]
    pub operations: Vec<Operation>,
    /// Resources in the plural, lower case; `*` is any.
    #[schemars(length(min = 1))]
    pub resources: Vec<String>,
    /// Names of objects. Default: any.
    pub resource_names: Option<Vec<String>>,
}

/// What is done to an object.
#[derive(JsonSchema)]
#[schemars(rename_all = "UPPERCASE", inline)]
pub enum Operation {
    /// It is made.
    Create,
    /// It is changed.
    Update,
    /// It is removed.
    Delete,
    /// It is connected to.
    Connect,
    /// Anything.
    #[schemars(rename = "*")]
    Any,
}

/// An expression with a name.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Variable {
    /// Its name.
    #[schemars(length(min = 1))]
    pub name: String,
    /// The expression, in CEL.
    #[schemars(length(min = 1))]
    pub expression: String,
}

/// What must hold, and what is said where it does not.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Validation {
    /// An expression in CEL that is true of what is right.
    #[schemars(length(min = 1))]
    pub expression: String,
    /// What is said where it is false.
    pub message: Option<String>,
    /// An expression that makes what is said; wins over `message`.
    pub message_expression: Option<String>,
}

/// The tests of a rule.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Examples {
    /// Objects in which it finds something.
    #[schemars(length(min = 1))]
    pub found: Vec<Map<String, Value>>,
    /// Objects that are right.
    #[schemars(length(min = 1))]
    pub not_found: Vec<Map<String, Value>>,
}
