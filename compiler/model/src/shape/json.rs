//! Lets the JSON Schema validator walk Nodes as they are.

use jsonschema::JsonType;
use jsonschema::json::{Array, Json, JsonNumber, Node as JsonNode, NodeIdentity, Object};
use serde_json::{Map as JsonMap, Number, Value};
use std::borrow::Cow;
use syntax::{Entry, Kind, Node, OriginId};

/// Nodes as a representation of JSON.
#[derive(Debug)]
pub struct NodeJson;

/// A Node, read as JSON.
#[derive(Clone, Copy, Debug)]
pub struct Read<'a>(pub &'a Node);

/// A mapping, read as JSON.
#[derive(Debug)]
pub struct ReadMap<'a>(&'a [Entry]);

/// A sequence, read as JSON.
#[derive(Debug)]
pub struct ReadList<'a>(&'a [Node]);

/// A number, read as JSON.
#[derive(Debug)]
pub struct ReadNumber<'a>(&'a str);

impl Json for NodeJson {
    type Node<'a> = Read<'a>;
    type PreparedKey = Box<str>;
    type StringBuffer = Option<Node>;

    fn prepare_key(key: &str) -> Box<str> {
        key.into()
    }

    fn with_string_node<T>(
        buffer: &mut Option<Node>,
        string: &str,
        f: impl FnOnce(Read<'_>) -> T,
    ) -> T {
        f(Read(
            buffer.insert(Node::string(string, OriginId::default())),
        ))
    }
}

impl<'a> JsonNode<'a, NodeJson> for Read<'a> {
    type Object = ReadMap<'a>;
    type Array = ReadList<'a>;
    type Number = ReadNumber<'a>;

    fn as_object(&self) -> Option<ReadMap<'a>> {
        self.0.as_map().map(|map| ReadMap(map.entries()))
    }

    fn as_array(&self) -> Option<ReadList<'a>> {
        if let Kind::List(items) = self.0.kind() {
            Some(ReadList(items))
        } else {
            None
        }
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        self.0.as_str().map(Cow::Borrowed)
    }

    fn as_number(&self) -> Option<ReadNumber<'a>> {
        if let Kind::Number(text) = self.0.kind() {
            Some(ReadNumber(text))
        } else {
            None
        }
    }

    fn as_boolean(&self) -> Option<bool> {
        self.0.as_bool()
    }

    fn is_null(&self) -> bool {
        self.0.is_null()
    }

    fn json_type(&self) -> JsonType {
        match self.0.kind() {
            Kind::Null => JsonType::Null,
            Kind::Bool(_) => JsonType::Boolean,
            Kind::Number(_) => JsonType::Number,
            Kind::String(_) => JsonType::String,
            Kind::List(_) => JsonType::Array,
            Kind::Map(_) => JsonType::Object,
        }
    }

    fn to_value(&self) -> Cow<'a, Value> {
        Cow::Owned(to_value(self.0))
    }

    fn identity(&self) -> Option<NodeIdentity> {
        Some(NodeIdentity::new(std::ptr::from_ref(self.0) as usize))
    }
}

impl<'a> Object<'a, NodeJson> for ReadMap<'a> {
    type Node = Read<'a>;
    type MemberName = &'a str;
    type MembersIter =
        std::iter::Map<std::slice::Iter<'a, Entry>, fn(&'a Entry) -> (&'a str, Read<'a>)>;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn get(&self, key: &Box<str>) -> Option<Read<'a>> {
        self.0
            .iter()
            .find(|entry| *entry.key == **key)
            .map(|entry| Read(&entry.value))
    }

    fn members(&self) -> Self::MembersIter {
        self.0
            .iter()
            .map(|entry| (entry.key.as_str(), Read(&entry.value)))
    }
}

impl<'a> Array<'a, NodeJson> for ReadList<'a> {
    type Node = Read<'a>;
    type ElementsIter = std::iter::Map<std::slice::Iter<'a, Node>, fn(&'a Node) -> Read<'a>>;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn elements(&self) -> Self::ElementsIter {
        self.0.iter().map(Read)
    }
}

impl JsonNumber for ReadNumber<'_> {
    fn as_u64(&self) -> Option<u64> {
        integer(self.0).and_then(|number| u64::try_from(number).ok())
    }

    fn as_i64(&self) -> Option<i64> {
        integer(self.0).and_then(|number| i64::try_from(number).ok())
    }

    fn as_f64(&self) -> Option<f64> {
        Some(number(self.0).as_f64().unwrap_or(f64::MAX))
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Owned(number(self.0).to_string())
    }

    fn to_number(&self) -> Cow<'_, Number> {
        Cow::Owned(number(self.0))
    }
}

/// The whole number that a YAML 1.2 text stands for: decimal, `0x` or `0o`.
fn integer(text: &str) -> Option<i128> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let value = if let Some(hex) = digits.strip_prefix("0x") {
        i128::from_str_radix(hex, 16).ok()?
    } else if let Some(octal) = digits.strip_prefix("0o") {
        i128::from_str_radix(octal, 8).ok()?
    } else {
        digits.parse().ok()?
    };
    value.checked_mul(sign)
}

/// A YAML number as JSON's; infinity becomes the largest, not-a-number nothing.
fn number(text: &str) -> Number {
    let whole = integer(text).and_then(|value| match i64::try_from(value) {
        Ok(small) => Some(Number::from(small)),
        Err(_) => u64::try_from(value).ok().map(Number::from),
    });
    let float = || {
        let value = match text.to_ascii_lowercase().trim_start_matches('+') {
            ".inf" => f64::MAX,
            "-.inf" => f64::MIN,
            plain => plain.parse().unwrap_or(0.0),
        };
        Number::from_f64(value)
    };
    whole.or_else(float).unwrap_or_else(|| Number::from(0))
}

/// The data of a Node as JSON, for the edges: library schemas and reports.
#[must_use]
pub fn to_value(node: &Node) -> Value {
    match node.kind() {
        Kind::Null => Value::Null,
        Kind::Bool(value) => Value::Bool(*value),
        Kind::Number(text) => Value::Number(number(text)),
        Kind::String(text) => Value::String(text.to_string()),
        Kind::List(items) => Value::Array(items.iter().map(to_value).collect()),
        Kind::Map(map) => {
            let entries = map
                .entries()
                .iter()
                .map(|entry| (entry.key.to_string(), to_value(&entry.value)));
            Value::Object(entries.collect::<JsonMap<String, Value>>())
        }
    }
}
