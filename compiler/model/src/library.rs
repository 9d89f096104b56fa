//! What a library of components and profiles lets a spec say: names, choices and options.

use serde_json::{Map, Value};

/// A library, as far as schemas need to know it.
#[derive(Clone, Debug, Default)]
pub struct Library {
    /// The components, by name.
    pub components: Vec<LibraryComponent>,
    /// The names of the profiles.
    pub profiles: Vec<String>,
    /// The rules: id and what each wants.
    pub rules: Vec<(String, String)>,
}

/// A component, as far as schemas need to know it.
#[derive(Clone, Debug, Default)]
pub struct LibraryComponent {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub about: String,
    /// The capabilities that it provides, each with its choice.
    pub provides: Vec<(String, String)>,
    /// The schemas of its options, by name.
    pub options: Map<String, Value>,
}

impl Library {
    /// The choices of a capability, sorted.
    #[must_use]
    pub fn choices(&self, capability: &str) -> Vec<&str> {
        let provides = self
            .components
            .iter()
            .flat_map(|component| &component.provides);
        let mut choices: Vec<&str> = provides
            .filter(|(provided, _)| provided == capability)
            .map(|(_, choice)| choice.as_str())
            .collect();
        choices.sort_unstable();
        choices.dedup();
        choices
    }
}
