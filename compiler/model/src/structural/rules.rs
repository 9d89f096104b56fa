//! What a value must keep beside its type: bounds, patterns, choices, and schemas put together.

use super::schema::{Child, Lines};
use regex_lite::Regex;
use serde_json::{Map as JsonMap, Value};
use std::sync::OnceLock;
use syntax::{Kind, Node};

/// The rules of one schema.
#[derive(Debug, Default)]
pub(super) struct Rules {
    /// The values that are allowed; none for all.
    pub choices: Vec<Value>,
    /// The least and the most, and whether they are out of bounds themselves.
    pub least: Option<(f64, bool)>,
    pub most: Option<(f64, bool)>,
    /// What a number must be a multiple of.
    pub multiple: Option<f64>,
    /// How long a text, a list or a map may be.
    pub length: (Option<u64>, Option<u64>),
    pub items: (Option<u64>, Option<u64>),
    pub keys: (Option<u64>, Option<u64>),
    /// Whether no item may be there twice.
    pub unique: bool,
    /// What a text must match.
    pub pattern: Option<Pattern>,
    /// Schemas put together.
    pub all: Vec<Child>,
    pub any: Vec<Child>,
    pub one: Vec<Child>,
    pub not: Option<Child>,
}

/// A pattern, compiled when it is first asked.
#[derive(Debug)]
pub(super) struct Pattern {
    pub text: String,
    compiled: OnceLock<Option<Regex>>,
}

impl Rules {
    /// Reads the rules of a schema; `None` where it has none.
    pub(super) fn read(map: &JsonMap<String, Value>, lines: &dyn Lines) -> Option<Self> {
        let count = |key: &str| map.get(key).and_then(Value::as_u64);
        let flag = |key: &str| map.get(key).and_then(Value::as_bool) == Some(true);
        let number = |key: &str| map.get(key).and_then(Value::as_f64);
        let list = |key: &str| {
            let schemas = map.get(key).and_then(Value::as_array).into_iter().flatten();
            schemas.map(|schema| Child::read(schema, lines)).collect()
        };
        let known = |key: &&String| {
            KEYWORDS.contains(&key.as_str()) && !(*key == "anyOf" && is_int_or_string(map))
        };
        map.keys().find(known)?;
        Some(Rules {
            choices: map
                .get("enum")
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default(),
            least: number("minimum").map(|least| (least, flag("exclusiveMinimum"))),
            most: number("maximum").map(|most| (most, flag("exclusiveMaximum"))),
            multiple: number("multipleOf"),
            length: (count("minLength"), count("maxLength")),
            items: (count("minItems"), count("maxItems")),
            keys: (count("minProperties"), count("maxProperties")),
            unique: flag("uniqueItems"),
            pattern: map.get("pattern").and_then(Value::as_str).map(Pattern::new),
            all: list("allOf"),
            any: if is_int_or_string(map) {
                Vec::new()
            } else {
                list("anyOf")
            },
            one: list("oneOf"),
            not: map.get("not").map(|schema| Child::read(schema, lines)),
        })
    }
}

/// The keywords that make rules.
const KEYWORDS: [&str; 17] = [
    "allOf",
    "anyOf",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "oneOf",
    "pattern",
];

/// Whether `anyOf` only repeats that a whole number or a text is meant.
fn is_int_or_string(map: &JsonMap<String, Value>) -> bool {
    map.get("x-kubernetes-int-or-string")
        .and_then(Value::as_bool)
        == Some(true)
        && map
            .get("anyOf")
            .is_some_and(|any| *any == serde_json::json!(["integer", "string"]))
}

impl Pattern {
    fn new(text: &str) -> Self {
        Pattern {
            text: text.to_owned(),
            compiled: OnceLock::new(),
        }
    }

    /// The compiled pattern; `None` where it can't be compiled, which no pattern of the tables is.
    pub(super) fn regex(&self) -> Option<&Regex> {
        let compiled = self
            .compiled
            .get_or_init(|| Regex::new(&translated(&self.text)).ok());
        compiled.as_ref()
    }
}

/// A pattern of Go's in the crate's words: an open bracket in a class is escaped, and the crate knows no
/// classes of Unicode.
fn translated(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut in_class = false;
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                out.push(c);
                let escaped = chars.next();
                out.extend(escaped);
                // `\PC`: anything but what controls.
                if escaped == Some('P') && chars.next_if_eq(&'C').is_some() {
                    out.truncate(out.len() - 2);
                    out.push_str(r"[^\x00-\x1F\x7F-\x9F]");
                }
                continue;
            }
            '[' if !in_class => {
                in_class = true;
                out.push(c);
                // First in a class, a closing bracket is a letter like others.
                out.extend(chars.next_if_eq(&'^'));
                if chars.next_if_eq(&']').is_some() {
                    out.push_str("\\]");
                }
                continue;
            }
            '[' if chars.peek() != Some(&':') => out.push('\\'),
            ']' => in_class = false,
            _ => {}
        }
        out.push(c);
    }
    out
}

/// Whether a node is this value of JSON.
pub(super) fn is(node: &Node, value: &Value) -> bool {
    match (node.kind(), value) {
        (Kind::Null, Value::Null) => true,
        (Kind::Bool(a), Value::Bool(b)) => a == b,
        (Kind::String(a), Value::String(b)) => a == b,
        (Kind::Number(a), Value::Number(b)) => {
            super::number::Number::of(a).map(|a| a.value) == b.as_f64()
        }
        (Kind::List(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is(a, b))
        }
        (Kind::Map(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.entries().iter().all(|entry| {
                    b.get(entry.key.as_str())
                        .is_some_and(|b| is(&entry.value, b))
                })
        }
        (
            Kind::Null
            | Kind::Bool(_)
            | Kind::String(_)
            | Kind::Number(_)
            | Kind::List(_)
            | Kind::Map(_),
            _,
        ) => false,
    }
}
