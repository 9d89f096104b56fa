//! A Helm chart as its folder shows it, and whether the values that a component emits mean anything to it.

mod comments;
mod compare;
mod known;
pub mod outline;
mod read;
mod schema;
#[cfg(test)]
mod tests;
mod used;

pub use compare::{Emitted, compare};
pub use read::Texts;
pub use used::read_places;

use comments::Comments;
use serde_json::Value;
use syntax::{Node, Pointer};

/// Whether two versions of a chart are the same: some write a `v` before theirs.
#[must_use]
pub fn same_version(one: &str, other: &str) -> bool {
    one.trim_start_matches('v') == other.trim_start_matches('v')
}

/// What is known of a chart without rendering it.
#[derive(Clone, Debug)]
pub struct Chart {
    /// Its name, where its folder says it.
    pub name: Option<String>,
    /// Its version, where its folder says it.
    pub version: Option<String>,
    /// The values that it has by itself, without origins: they are nobody's to edit.
    values: Node,
    /// Its `values.schema.json`.
    schema: Option<Value>,
    /// The values that its `values.yaml` shows in comments only.
    comments: Comments,
    /// The charts that it contains.
    parts: Vec<Part>,
}

/// A chart within a chart.
#[derive(Clone, Debug)]
pub struct Part {
    /// The chart's own name.
    pub name: String,
    /// The key of its values in the outer chart: its alias or its name.
    pub key: String,
    /// Whether it comes from a repository; else it is a folder of the outer chart and nobody else's.
    pub is_published: bool,
    /// The chart, where it is at hand.
    pub chart: Option<Chart>,
}

impl Chart {
    /// The values of a component that its chart hands on as they are: `chart.passes`.
    #[must_use]
    pub fn passes(stated: &Node) -> Vec<Pointer> {
        let passes = stated.get("passes").map_or(&[][..], Node::items).iter();
        passes
            .filter_map(|pointer| Pointer::parse(pointer.as_str()?).ok())
            .collect()
    }

    /// The charts that it contains, to be filled with what is known of them.
    pub fn parts_mut(&mut self) -> &mut [Part] {
        &mut self.parts
    }

    /// The charts that it contains and of which nothing is known: their values can't be compared.
    pub fn unseen(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(|part| part.chart.is_none())
    }

    /// The part whose values stand under a key.
    fn part(&self, key: &str) -> Option<&Part> {
        self.parts.iter().find(|part| part.key == key)
    }
}
