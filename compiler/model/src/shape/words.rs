//! A schema in words: what it wants, what it is about, which keys it knows.

use serde_json::{Map, Value};
use std::collections::BTreeSet;
use syntax::pointer::Pointer;

/// Marks the branches that only templates have: an expression, a control map.
pub(super) const MADE: &str = "x-made";

/// A schema, its references followed.
pub(super) fn resolve<'s>(root: &'s Value, mut schema: &'s Value) -> &'s Value {
    for _ in 0..16 {
        let Some(target) = schema
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|r| r.strip_prefix('#'))
        else {
            break;
        };
        match root.pointer(target) {
            Some(found) => schema = found,
            None => break,
        }
    }
    schema
}

/// The branches of an `anyOf` or `oneOf` that people write.
pub(super) fn branches<'s>(root: &'s Value, schema: &'s Value) -> Vec<&'s Value> {
    let list = schema
        .get("anyOf")
        .or(schema.get("oneOf"))
        .and_then(Value::as_array);
    let all = list
        .into_iter()
        .flatten()
        .map(|branch| resolve(root, branch));
    all.filter(|branch| branch.get(MADE).is_none()).collect()
}

/// What a schema wants, with its article: `a map`, `true or false`, `a network`.
pub(super) fn wanted(root: &Value, schema: &Value) -> Vec<String> {
    let schema = resolve(root, schema);
    if let Some(form) = schema
        .get("format")
        .and_then(Value::as_str)
        .and_then(crate::form::of)
    {
        return vec![form.noun.to_owned()];
    }
    if let Some(options) = schema.get("enum").and_then(Value::as_array) {
        return options
            .iter()
            .map(|option| format!("`{}`", plain(option)))
            .collect();
    }
    if let Some(constant) = schema.get("const") {
        return vec![format!("`{}`", plain(constant))];
    }
    let kinds = kinds(schema);
    if !kinds.is_empty() {
        return kinds
            .iter()
            .flat_map(|kind| nouns(kind))
            .map(|noun| (*noun).to_owned())
            .collect();
    }
    let mut all = Vec::new();
    for branch in branches(root, schema) {
        for word in wanted(root, branch) {
            if !all.contains(&word) {
                all.push(word);
            }
        }
    }
    all
}

/// The form that a schema wants of a text.
pub(super) fn form(root: &Value, schema: &Value) -> Option<&'static crate::form::Form> {
    let schema = resolve(root, schema);
    let own = schema
        .get("format")
        .and_then(Value::as_str)
        .and_then(crate::form::of);
    own.or_else(|| {
        branches(root, schema)
            .into_iter()
            .find_map(|branch| form(root, branch))
    })
}

/// The JSON types that a schema names itself.
fn kinds(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) | None => {
            Vec::new()
        }
    }
}

/// Every JSON type that a schema takes, those of its branches included.
pub(super) fn takes<'s>(root: &'s Value, schema: &'s Value) -> BTreeSet<&'s str> {
    let schema = resolve(root, schema);
    let mut all: BTreeSet<&str> = kinds(schema).into_iter().collect();
    let constants = schema
        .get("enum")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    all.extend(
        constants
            .iter()
            .chain(schema.get("const"))
            .map(|value| kind_of(value)),
    );
    for branch in branches(root, schema) {
        all.extend(takes(root, branch));
    }
    all
}

/// The JSON type of a value.
pub(super) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn nouns(kind: &str) -> &'static [&'static str] {
    match kind {
        "boolean" => &["`true`", "`false`"],
        "integer" => &["a whole number"],
        "number" => &["a number"],
        "string" => &["a string"],
        "array" => &["a list"],
        "object" => &["a map"],
        _ => &["null"],
    }
}

/// A constant as it is written in YAML.
pub(super) fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// `a`, `a or b`, `a, b or c`.
pub(super) fn any_of(words: &[String]) -> String {
    match words {
        [] => "something else".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// The first sentence of a description, begun in lower case and without its full stop.
pub(super) fn about(root: &Value, schema: &Value) -> Option<String> {
    let own = schema
        .get("description")
        .or_else(|| resolve(root, schema).get("description"))?
        .as_str()?;
    let first = own.split("\n\n").next()?.replace('\n', " ");
    let sentence = first.split(". ").next()?.trim_end_matches('.').to_owned();
    (!sentence.is_empty()).then_some(sentence)
}

/// An example of a value, as it is written in YAML on one line.
pub(super) fn example(root: &Value, schema: &Value) -> Option<String> {
    let own = |schema: &Value| schema.get("examples")?.as_array()?.first().cloned();
    let value = own(schema)
        .or_else(|| own(resolve(root, schema)))
        .or_else(|| {
            let resolved = resolve(root, schema);
            resolved
                .get("const")
                .or_else(|| resolved.get("enum")?.as_array()?.first())
                .cloned()
        })?;
    match value {
        Value::Object(_) | Value::Array(_) => None,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Some(plain(&value)),
    }
}

/// The keys that a schema of a map knows.
pub(super) fn keys(schema: &Value) -> Vec<&str> {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties
        .into_iter()
        .flat_map(Map::keys)
        .map(String::as_str)
        .collect()
}

/// The keys that a schema knows, those of its branches included.
pub(super) fn all_keys<'s>(root: &'s Value, schema: &'s Value) -> Vec<&'s str> {
    let schema = resolve(root, schema);
    let below = branches(root, schema)
        .into_iter()
        .flat_map(|branch| all_keys(root, branch));
    keys(schema).into_iter().chain(below).collect()
}

/// Where else in a schema a key is known: the shortest path of keys, `NAME` for any; one that ends in `section` is
/// preferred.
pub(super) fn elsewhere(root: &Value, key: &str, section: Option<&str>) -> Option<String> {
    let mut open: Vec<(Vec<&str>, &Value)> = vec![(Vec::new(), root)];
    let mut best: Option<Vec<&str>> = None;
    while let Some((path, schema)) = open.pop() {
        let schema = resolve(root, schema);
        if path.len() > 4 {
            continue;
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        if !path.is_empty() && properties.is_some_and(|all| all.contains_key(key)) {
            let rank = |path: &[&str]| (path.last().copied() != section, path.len());
            if best.as_ref().is_none_or(|best| rank(&path) < rank(best)) {
                best = Some(path.clone());
            }
        }
        let below = |name| path.iter().copied().chain([name]).collect::<Vec<_>>();
        open.extend(
            properties
                .into_iter()
                .flatten()
                .map(|(name, child)| (below(name), child)),
        );
        if let Some(any) = schema
            .get("additionalProperties")
            .filter(|any| any.is_object())
        {
            open.push((below("NAME"), any));
        }
        let branches = branches(root, schema).into_iter();
        open.extend(branches.map(|branch| (path.clone(), branch)));
    }
    best.map(|path| path.join("."))
}

/// The schema that holds a keyword, by the keyword's path.
pub(super) fn holder<'s>(root: &'s Value, keyword: &str) -> Option<&'s Value> {
    let (holder, _) = keyword.rsplit_once('/')?;
    root.pointer(holder)
}

/// A location of the validator as a pointer.
pub(super) fn pointer(location: &str) -> Pointer {
    Pointer::parse(location).unwrap_or_else(|_| Pointer::root())
}
