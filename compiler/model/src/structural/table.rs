//! The tables of `schemas/upstream`, packed by `build.rs`: each is unpacked when one of its kinds is first met, each
//! schema of it read when a value first meets it. Nothing happens at start-up, and all threads share what was read.

use super::schema::{Child, Lines, Schema};
use crate::shape::to_value;
use miniz_oxide::inflate::decompress_to_vec;
use serde_json::Value;
use std::ops::Range;
use std::sync::OnceLock;
use syntax::Node;

include!(concat!(env!("OUT_DIR"), "/tables.rs"));

/// The schema of Kubernetes' own metadata of an object.
const METADATA: &str = "#meta.v1.ObjectMeta";

/// A table: lines of kinds, then lines of schemas sorted by id.
#[derive(Debug, Default)]
pub(super) struct Table {
    text: String,
    kinds: Vec<Line<KindLine>>,
    schemas: Vec<Line<Schema>>,
    /// Whether its kinds are Kubernetes' own: the API server reads them into Go's types, not by a structural schema.
    pub native: bool,
}

/// A line of a table, read when it is first asked for.
#[derive(Debug)]
struct Line<T> {
    id: Range<usize>,
    json: Range<usize>,
    read: OnceLock<T>,
}

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
    let packed = PACKED.get(*table)?;
    let unpack = || Table::unpack(packed).unwrap_or_default();
    Some(TABLES.get(*table)?.get_or_init(unpack))
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
    /// Unpacks a table and finds its lines.
    fn unpack(packed: &[u8]) -> Option<Self> {
        let text = String::from_utf8(decompress_to_vec(packed).ok()?).ok()?;
        let mut table = Table::default();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let (id, _) = line.split_once(' ')?;
            let end = start + line.trim_end().len();
            let middle = start + id.len();
            let (id, json) = (start..middle, middle + 1..end);
            if line.starts_with('#') {
                table.schemas.push(Line::new(id, json));
            } else {
                table.kinds.push(Line::new(id, json));
            }
            start += line.len();
        }
        table.text = text;
        table.native = table.line(METADATA).is_some();
        Some(table)
    }

    /// The schema of a line.
    pub(super) fn schema(&self, line: usize) -> Option<&Schema> {
        let line = self.schemas.get(line)?;
        Some(line.read.get_or_init(|| {
            let mut schema = Schema::read(&self.json(line), self);
            schema.is_metadata = self.text.get(line.id.clone()) == Some(METADATA);
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
        let of = |line: &Line<KindLine>| {
            let id = self.text.get(line.id.clone()).unwrap_or_default();
            id.split_once('.').unwrap_or((id, ""))
        };
        let at = self
            .kinds
            .binary_search_by(|line| of(line).cmp(&(kind, group)));
        let line = self.kinds.get(at.ok()?)?;
        Some(
            line.read
                .get_or_init(|| KindLine::read(&self.json(line), self)),
        )
    }

    fn json<T>(&self, line: &Line<T>) -> Value {
        let json = self.text.get(line.json.clone()).unwrap_or_default();
        serde_json::from_str(json).unwrap_or_default()
    }
}

impl Lines for Table {
    fn line(&self, id: &str) -> Option<usize> {
        let of = |line: &Line<Schema>| self.text.get(line.id.clone()).unwrap_or_default();
        self.schemas.binary_search_by(|line| of(line).cmp(id)).ok()
    }
}

impl<T> Line<T> {
    fn new(id: Range<usize>, json: Range<usize>) -> Self {
        Line {
            id,
            json,
            read: OnceLock::new(),
        }
    }
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
