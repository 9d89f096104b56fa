//! Kubernetes objects against their real schemas: Kubernetes' own and those of CRDs, with the verdicts of the API
//! server's strict validation. CEL rules of CRDs are not judged here.

mod format;
mod hold;
mod metadata;
mod mistake;
mod number;
mod rules;
mod scalar;
mod schema;
mod table;
#[cfg(test)]
mod tests;
mod walk;

pub use mistake::{Fault, Mistake};

use mistake::Step;
use schema::Schema;
use std::collections::BTreeMap;
use syntax::suggest::nearest;
use syntax::{Node, Text};
use table::{KindLine, Table};
use walk::Walk;

/// What is known of kinds: the tables, and the definitions that a platform brings itself.
#[derive(Debug, Default)]
pub struct Schemas {
    own: BTreeMap<(Text, Text), (Table, KindLine)>,
}

/// What can be said of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was checked; these are its mistakes.
    Checked(Vec<Mistake>),
    /// The kind is known, the version is not served; those that are.
    NoVersion(Vec<String>),
    /// The group is Kubernetes' own and has no such kind; the one that was meant.
    NoKind(Option<&'static str>),
    /// Nothing is known of its group.
    NoTable,
}

impl Schemas {
    /// Learns a kind from its CustomResourceDefinition; it wins over the tables.
    pub fn define(&mut self, crd: &Node) {
        let text = |path: &[&str]| crd.str_at(path).map(Text::from);
        let group = text(&["spec", "group"]);
        let kind = text(&["spec", "names", "kind"]);
        if let (Some(group), Some(kind), Some(spec)) = (group, kind, crd.get("spec")) {
            let line = KindLine::of_crd(spec);
            self.own.insert((group, kind), (Table::default(), line));
        }
    }

    /// Checks an object.
    #[must_use]
    pub fn check(&self, object: &Node) -> Verdict {
        let api_version = object.str_at(&["apiVersion"]).unwrap_or_default();
        let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
        let kind = object.str_at(&["kind"]).unwrap_or_default();
        let own = || self.own.get(&(group.into(), kind.into()));
        let own = if self.own.is_empty() { None } else { own() };
        let known = match own {
            Some((table, line)) => Some((table, line)),
            None => table::of_kind(group, kind)
                .and_then(|table| Some((table, table.kind(group, kind)?))),
        };
        let Some((table, line)) = known else {
            return unknown(group, kind);
        };
        // Kubernetes' own kinds that are off by default are served where somebody switches them on.
        let served = |version: &&table::Version| version.served || table.native;
        let mut versions = line.versions.iter().filter(served);
        let Some(found) = versions.clone().find(|known| known.name == version) else {
            return Verdict::NoVersion(versions.by_ref().map(|known| known.name.clone()).collect());
        };
        let Some(schema) = table.child(&found.schema) else {
            return Verdict::NoTable;
        };
        let mut walk = Walk::new(table);
        walk.object(schema, object);
        metadata::names(&mut walk, object, group, kind, line.namespaced);
        Verdict::Checked(walk.found)
    }
}

/// Why a kind has no table.
fn unknown(group: &str, kind: &str) -> Verdict {
    let is_native = |known: &str| table::of_kind(group, known).is_some_and(|table| table.native);
    if table::kinds_of(group).any(is_native) {
        Verdict::NoKind(nearest(kind, table::kinds_of(group)))
    } else {
        Verdict::NoTable
    }
}

impl<'a> Walk<'a> {
    /// An object: its head, then what its schema says of the rest.
    fn object(&mut self, schema: &'a Schema, object: &'a Node) {
        let Some(map) = object.as_map() else {
            return;
        };
        for entry in map.entries() {
            self.path.push(Step::Key(&entry.key));
            match entry.key.as_str() {
                key @ ("apiVersion" | "kind" | "metadata") => self.head(key, &entry.value),
                key => self.entry(schema, key, entry.key_origin, &entry.value),
            }
            self.path.pop();
        }
        self.required(schema, object, map);
        if let Some(rules) = schema.rules.as_deref() {
            self.rules(schema, rules, object);
        }
    }
}

/// Whether the objects of a kind stand in namespaces; `None` where there is no table for it.
#[must_use]
pub fn is_namespaced(group: &str, kind: &str) -> Option<bool> {
    let line = table::of_kind(group, kind)?.kind(group, kind)?;
    Some(line.namespaced)
}

/// Whether a kind is one of Kubernetes' own.
#[must_use]
pub fn is_native(group: &str, kind: &str) -> bool {
    table::of_kind(group, kind).is_some_and(|table| table.native)
}

/// Every kind that there is a table for, as group and kind.
pub fn kinds() -> impl Iterator<Item = (&'static str, &'static str)> {
    table::all_kinds()
}
