//! The built-in policies that a component enforces where it judges what is written to a cluster.

use super::template::{Any, Made, MadeMap};
use schemars::JsonSchema;

/// A built-in policy that a component enforces.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct EnforcedPolicy {
    /// Its rule.
    pub rule: Made<BuiltInPolicy>,
    /// What a violation means.
    pub action: Made<PolicyAction>,
    /// What its expressions see as `params`. Default: what its own file says.
    pub params: Option<MadeMap<Any>>,
    /// Namespaces that it does not judge.
    pub exempt: Option<Made<Vec<Made<String>>>>,
}

/// The policies that are built in.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum BuiltInPolicy {
    /// An image comes from a registry that is allowed.
    AllowedRegistries,
    /// A container says what it asks for, and the most memory that it may take.
    ContainerResources,
    /// A namespace says which Pod Security level it enforces.
    NamespaceLevels,
    /// A Service claims no address that may be another's.
    NoExternalIps,
    /// An image names a version of its own.
    PinnedImages,
}

/// What a violation of a policy means.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum PolicyAction {
    /// It is refused.
    Deny,
    /// It is warned of.
    Warn,
    /// It is written down.
    Audit,
}
