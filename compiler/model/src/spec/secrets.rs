//! Who may open secrets, and how old they may get.

use super::text::{AgeRecipient, Duration};
use schemars::JsonSchema;

/// Who may open the platform's secrets, and how old they may get. The secrets themselves lie sealed beside the spec.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Secrets {
    /// The people who may open every sealed file.
    pub people: Option<Vec<AgeRecipient>>,
    /// The cluster's own key: what is sealed for this cluster is sealed to it, and nothing else is. State it at the cluster.
    pub key: Option<AgeRecipient>,
    /// How long a value may stay as it is before `check` warns.
    pub max_age: Option<Duration>,
}
