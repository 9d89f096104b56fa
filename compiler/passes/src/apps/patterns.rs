//! The patterns of apps and the parts that they are made of: files in the component language, built in.

use crate::built_in::built_in;
use crate::component::Component;
use crate::world::Shelf;
use std::collections::BTreeMap;
use syntax::{Diagnostics, Node, Origins, Sources, Text};

/// The patterns by name, and their parts.
#[derive(Debug, Default)]
pub struct Patterns {
    patterns: BTreeMap<&'static str, Node>,
    parts: BTreeMap<&'static str, Component>,
}

impl Patterns {
    /// Reads them; their texts join the sources, so that `explain` can show them.
    pub fn load(sources: &mut Sources, origins: &mut Origins, found: &mut Diagnostics) -> Self {
        let mut of = |folder: &'static str| {
            let name = |path: &'static str| path.strip_prefix(folder);
            built_in(name, sources, origins, found)
        };
        let (patterns, parts) = (of("apps/patterns/"), of("apps/parts/"));
        let read = |(name, node)| {
            let part = Component::read(name, node, Shelf::Library, origins, found);
            Some((name, part?))
        };
        Patterns {
            patterns: patterns.into_iter().collect(),
            parts: parts.into_iter().filter_map(read).collect(),
        }
    }

    /// A pattern: `needs`, `refuses` and whether it `publishes`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.patterns.get(name)
    }

    /// The parts of a pattern.
    #[must_use]
    pub fn parts(&self, pattern: &str) -> Vec<&Component> {
        let names = self.get(pattern).and_then(|pattern| pattern.get("parts"));
        let names = names.map_or(&[][..], Node::items).iter();
        names
            .filter_map(|name| self.parts.get(name.as_str()?))
            .collect()
    }

    /// Whether a pattern is published by a host name.
    #[must_use]
    pub fn publishes(&self, pattern: &str) -> bool {
        let pattern = self.get(pattern);
        pattern.and_then(|pattern| pattern.get("publishes")?.as_bool()) == Some(true)
    }
}

/// The keys that a path stands for in what is said: `a.*.b?` is `b` of each entry of `a`, wanted where there is one. Each
/// with the node that should have it.
#[must_use]
pub fn missing<'n>(said: &'n Node, path: &str) -> Vec<(&'n Node, Text)> {
    let (path, optional) = match path.strip_suffix('?') {
        Some(path) => (path, true),
        None => (path, false),
    };
    let steps: Vec<&str> = path.split('.').collect();
    let Some((last, above)) = steps.split_last() else {
        return Vec::new();
    };
    let mut nodes = vec![said];
    for step in above {
        let next: Vec<&Node> = nodes
            .iter()
            .flat_map(|node| match *step {
                "*" => node.entries().iter().map(|entry| &entry.value).collect(),
                step => node.get(step).into_iter().collect::<Vec<_>>(),
            })
            .collect();
        if next.is_empty() {
            return if optional {
                Vec::new()
            } else {
                vec![(said, Text::from(path))]
            };
        }
        nodes = next;
    }
    let lacks = nodes.into_iter().filter(|node| node.get(last).is_none());
    lacks.map(|node| (node, Text::from(*last))).collect()
}
