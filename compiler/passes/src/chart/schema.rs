//! A chart's `values.schema.json`: which keys it lists at a place, and its verdict on the values.

use super::Chart;
use model::shape::Shape;
use serde_json::Value;
use syntax::{Diagnostics, Kind, Node, OriginId, Origins, Sources};

/// Deeper references are no reference but a circle.
const HOPS: usize = 64;

/// What a schema says at a place: the branches that may apply.
#[derive(Clone, Debug, Default)]
pub(super) struct At<'s>(Vec<&'s Value>);

impl<'s> At<'s> {
    /// The top of a schema.
    pub(super) fn top(root: &'s Value) -> Self {
        At(branches(root, root))
    }

    /// The place of a key below; empty where the schema does not list it.
    pub(super) fn step(&self, root: &'s Value, key: &str) -> At<'s> {
        let listed = self
            .0
            .iter()
            .filter_map(|node| node.get("properties")?.get(key));
        At(listed.flat_map(|node| branches(root, node)).collect())
    }

    /// Whether anything is said.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether keys are the user's own here: any are taken and none is listed, or all of a pattern are.
    pub(super) fn is_open(&self) -> bool {
        self.0.iter().any(|node| {
            let others = node.get("additionalProperties");
            let listed = node
                .get("properties")
                .and_then(Value::as_object)
                .is_some_and(|keys| !keys.is_empty());
            let is_map = match node.get("type") {
                Some(Value::String(kind)) => kind == "object",
                Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == "object"),
                Some(_) | None => false,
            };
            let by_schema = others.is_some_and(|o| o.as_object().is_some_and(|o| !o.is_empty()));
            let by_pattern = node.get("patternProperties").is_some();
            let unsaid = is_map && !listed && others != Some(&Value::Bool(false));
            by_schema || by_pattern || unsaid
        })
    }

    /// The keys that are listed.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'s str> {
        let lists = self
            .0
            .iter()
            .filter_map(|node| node.get("properties")?.as_object());
        lists.flat_map(|list| list.keys().map(String::as_str))
    }
}

/// A schema and all that it refers to or offers as alternatives.
fn branches<'s>(root: &'s Value, node: &'s Value) -> Vec<&'s Value> {
    let mut nodes = vec![node];
    let mut at = 0;
    while let Some(node) = nodes.get(at).copied().filter(|_| at < HOPS) {
        at += 1;
        let target = node.get("$ref").and_then(Value::as_str);
        let target = target.and_then(|path| root.pointer(path.strip_prefix('#')?));
        nodes.extend(target.filter(|target| !nodes.iter().any(|n| std::ptr::eq(*n, *target))));
        for key in ["anyOf", "oneOf", "allOf"] {
            let several = node.get(key).and_then(Value::as_array);
            nodes.extend(several.into_iter().flatten());
        }
        for key in ["then", "else"] {
            nodes.extend(node.get(key));
        }
    }
    nodes
}

/// The schema's verdict on what Helm would see: the chart's own values with the given ones over them. Keys that are unknown
/// are told elsewhere.
pub(super) fn check(
    chart: &Chart,
    values: &Node,
    sources: &Sources,
    origins: &Origins,
    found: &mut Diagnostics,
) {
    if let Some(schema) = &chart.schema {
        let mut said = Diagnostics::default();
        let mut whole = coalesced(&complete(chart), values);
        let name = format!(
            "the values of chart `{}`",
            chart.name.as_deref().unwrap_or("?")
        );
        Shape::new(usable(schema)).check(&mut whole, &name, sources, origins, &mut said);
        for mut problem in said.without("unknown-key").sorted() {
            // What has no place is the chart's own affair: its defaults against its schema.
            if problem.span().is_some() || problem.id == "bad-schema" {
                if problem.id == "bad-schema" {
                    problem.severity = syntax::Severity::Note;
                    problem.labels.clear();
                } else {
                    problem
                        .help
                        .push("so the chart's values.schema.json has it".to_owned());
                }
                found.add(problem);
            }
        }
    }
    for part in &chart.parts {
        if let (Some(chart), Some(below)) = (&part.chart, values.get(&part.key)) {
            check(chart, below, sources, origins, found);
        }
    }
}

/// A schema without the name of a dialect that nobody has heard of: Helm takes it for the usual one.
fn usable(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(map) = schema.as_object_mut() {
        let dialect = map.get("$schema").and_then(Value::as_str);
        let known = dialect.is_some_and(|name| {
            let name = name.trim_end_matches('#');
            ["/draft-04/schema", "/draft-06/schema", "/draft-07/schema"]
                .iter()
                .any(|known| name == format!("http://json-schema.org{known}"))
                || ["/draft/2019-09/schema", "/draft/2020-12/schema"]
                    .iter()
                    .any(|known| name == format!("https://json-schema.org{known}"))
        });
        if !known {
            map.insert(
                "$schema".to_owned(),
                "http://json-schema.org/draft-07/schema#".into(),
            );
        }
    }
    schema
}

/// The chart's own values, those of its parts below their keys.
pub(super) fn complete(chart: &Chart) -> Node {
    let mut values = chart.values.clone();
    for part in &chart.parts {
        let (Some(inner), Some(map)) = (&part.chart, values.as_map_mut()) else {
            continue;
        };
        let inner = complete(inner);
        let below = match map.get(&part.key) {
            Some(over) => coalesced(&inner, over),
            None => inner,
        };
        map.set(part.key.clone(), OriginId::default(), below);
    }
    values
}

/// Values over values, as Helm lays them: maps by key, `null` takes away, all else replaces.
fn coalesced(base: &Node, over: &Node) -> Node {
    let (Some(below), Kind::Map(above)) = (base.as_map(), over.kind()) else {
        return over.clone();
    };
    let mut map = below.clone();
    for entry in above.entries() {
        if entry.value.is_null() {
            map.remove(&entry.key);
            continue;
        }
        let value = match map.get(&entry.key) {
            Some(base) => coalesced(base, &entry.value),
            None => entry.value.clone(),
        };
        map.set(entry.key.clone(), entry.key_origin, value);
    }
    Node::map(map, over.origin())
}
