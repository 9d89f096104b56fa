//! The tables of `schemas/upstream`, as they are, with the places of their lines that `build.rs` counted: each schema is
//! read when a value first meets it. Nothing happens at start-up, and all threads share what was read.

use super::schema::{Child, Lines, Schema};
use crate::shape::to_value;
use serde_json::Value;
use std::sync::OnceLock;
use syntax::Node;

include!(concat!(env!("OUT_DIR"), "/tables.rs"));

/// The schema of Kubernetes' own metadata of an object.
const METADATA: &str = "#meta.v1.ObjectMeta";

/// A table: lines of kinds, then lines of schemas, each sorted by id. A line is an id, a space, and JSON.
#[derive(Debug, Default)]
pub(super) struct Table {
    text: &'static str,
    /// Where each line begins.
    starts: &'static [u32],
    kinds: Box<[Read<KindLine>]>,
    schemas: Box<[Read<Schema>]>,
    /// Whether its kinds are Kubernetes' own: the API server reads them into Go's types, not by a structural schema.
    pub native: bool,
}

/// What a line says, once it was asked for.
type Read<T> = OnceLock<Box<T>>;

/// What has no lines: a schema that is written out.
struct Nowhere;

impl Lines for Nowhere {
    fn line(&self, _: &str) -> Option<usize> {
        None
    }
}

/// A kind as its table has it.
#[derive(Debug, Default)]
pub(super) struct KindLine {
    /// Whether its objects stand in namespaces.
    pub namespaced: bool,
    /// Its versions.
    pub versions: Vec<Version>,
}

/// A version of a kind.
#[derive(Debug)]
pub(super) struct Version {
    pub name: String,
    pub served: bool,
    pub schema: Child,
}

/// The table that has a kind.
pub(super) fn of_kind(group: &str, kind: &str) -> Option<&'static Table> {
    let at = KINDS
        .binary_search_by(|(g, k, _)| (*g, *k).cmp(&(group, kind)))
        .ok()?;
    let (_, _, table) = KINDS.get(at)?;
    let (text, kinds, starts) = TEXTS.get(*table)?;
    let open = || Table::open(text, *kinds, starts);
    Some(TABLES.get(*table)?.get_or_init(open))
}

/// The kinds of a group.
pub(super) fn kinds_of(group: &str) -> impl Iterator<Item = &'static str> {
    let of_group = move |(g, _, _): &&(&str, &str, usize)| *g == group;
    KINDS.iter().filter(of_group).map(|(_, kind, _)| *kind)
}

/// Every kind that there is a table for, as group and kind.
pub(super) fn all_kinds() -> impl Iterator<Item = (&'static str, &'static str)> {
    KINDS.iter().map(|(group, kind, _)| (*group, *kind))
}

/// The schema of Kubernetes' own metadata, and its table.
pub(super) fn metadata() -> Option<(&'static Table, &'static Schema)> {
    let table = of_kind("", "Namespace")?;
    Some((table, table.schema(table.line(METADATA)?)?))
}

impl Table {
    /// A table of which nothing is read yet.
    fn open(text: &'static str, kinds: usize, starts: &'static [u32]) -> Self {
        fn unread<T>(count: usize) -> Box<[Read<T>]> {
            (0..count).map(|_| OnceLock::new()).collect()
        }
        let mut table = Table {
            text,
            starts,
            kinds: unread(kinds),
            schemas: unread(starts.len().saturating_sub(kinds)),
            native: false,
        };
        table.native = table.line(METADATA).is_some();
        table
    }

    /// The lines of kinds, and those of schemas.
    fn lines(&self) -> (&'static [u32], &'static [u32]) {
        let none = (self.starts, &[][..]);
        self.starts
            .split_at_checked(self.kinds.len())
            .unwrap_or(none)
    }

    /// The id of the line that begins there, and what follows it.
    fn split(&self, start: u32) -> (&'static str, &'static str) {
        let text = self.text.get(start as usize..).unwrap_or_default();
        text.split_once(' ').unwrap_or_default()
    }

    /// The schema of a line.
    pub(super) fn schema(&self, line: usize) -> Option<&Schema> {
        let start = *self.lines().1.get(line)?;
        Some(self.schemas.get(line)?.get_or_init(|| {
            let (id, text) = self.split(start);
            let mut schema = Box::new(Schema::read(&json(text), self));
            schema.is_metadata = id == METADATA;
            schema
        }))
    }

    /// The schema below another.
    pub(super) fn child<'t>(&'t self, child: &'t Child) -> Option<&'t Schema> {
        match child {
            Child::Line(line) => self.schema(*line),
            Child::Here(schema) => Some(schema),
        }
    }

    /// A kind of a group.
    pub(super) fn kind(&self, group: &str, kind: &str) -> Option<&KindLine> {
        let of = |start: &u32| {
            let (id, _) = self.split(*start);
            id.split_once('.').unwrap_or((id, ""))
        };
        let lines = self.lines().0;
        let at = lines
            .binary_search_by(|start| of(start).cmp(&(kind, group)))
            .ok()?;
        let (_, text) = self.split(*lines.get(at)?);
        let read = || Box::new(KindLine::read(&json(text), self));
        Some(self.kinds.get(at)?.get_or_init(read))
    }
}

impl Lines for Table {
    fn line(&self, id: &str) -> Option<usize> {
        let lines = self.lines().1;
        lines
            .binary_search_by(|start| self.split(*start).0.cmp(id))
            .ok()
    }
}

/// The JSON of the line that a text begins with.
fn json(text: &str) -> Value {
    let line = text.lines().next().unwrap_or_default();
    serde_json::from_str(line).unwrap_or_default()
}

impl KindLine {
    /// Reads the `spec` of a CustomResourceDefinition.
    pub(super) fn of_crd(spec: &Node) -> Self {
        let version = |version: &Node| {
            Some(Version {
                name: version.str_at(&["name"])?.to_owned(),
                served: version.get("served").and_then(Node::as_bool) != Some(false),
                schema: Child::read(
                    &to_value(version.at(&["schema", "openAPIV3Schema"])?),
                    &Nowhere,
                ),
            })
        };
        let versions = spec.get("versions").map_or(&[][..], Node::items);
        KindLine {
            namespaced: spec.str_at(&["scope"]) == Some("Namespaced"),
            versions: versions.iter().filter_map(version).collect(),
        }
    }

    fn read(line: &Value, table: &Table) -> Self {
        let versions = line.get("versions").and_then(Value::as_array);
        let version = |version: &Value| {
            Some(Version {
                name: version.get("name")?.as_str()?.to_owned(),
                served: version.get("served")?.as_bool()?,
                schema: Child::read(version.get("schema")?, table),
            })
        };
        KindLine {
            namespaced: line.get("scope").and_then(Value::as_str) == Some("Namespaced"),
            versions: versions.into_iter().flatten().filter_map(version).collect(),
        }
    }
}
