//! What charts take, of the components whose values the spec overrides.

use super::Loader;
use crate::chart::outline::FILE;
use crate::component::Component;
use std::collections::{BTreeMap, BTreeSet};
use syntax::{Node, Text};

impl Loader<'_> {
    /// Reads the outlines of the components that are named, where they have one.
    pub(super) fn outlines(
        &mut self,
        named: BTreeSet<Text>,
        components: &mut BTreeMap<Text, Component>,
    ) {
        for name in &named {
            let Some(component) = components.get_mut(name) else {
                continue;
            };
            let folder = format!("components/{}", component.name);
            if self.listed(&folder).iter().any(|file| file == FILE) {
                component.outline = self.yaml(&format!("{folder}/{FILE}"));
            }
        }
    }
}

/// The components whose values a level overrides, at whatever depth it says so.
pub(super) fn wanted(level: &Node) -> BTreeSet<Text> {
    let mut names = BTreeSet::new();
    collect(level, &mut names);
    names
}

fn collect(node: &Node, names: &mut BTreeSet<Text>) {
    for entry in node.entries() {
        if entry.key == "components" {
            let overridden = entry.value.entries().iter();
            let overridden = overridden.filter(|component| component.value.get("values").is_some());
            names.extend(overridden.map(|component| component.key.clone()));
        } else {
            collect(&entry.value, names);
        }
    }
    for item in node.items() {
        collect(item, names);
    }
}
