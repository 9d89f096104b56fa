//! One schema of a table, read from its line when a value first meets it.

use super::rules::Rules;
use serde_json::{Map as JsonMap, Value};

/// A schema.
#[derive(Debug, Default)]
pub(super) struct Schema {
    /// What kind of value it wants.
    pub kind: Type,
    /// The form of a text or a number.
    pub format: Format,
    /// Whether null is a value like others.
    pub nullable: bool,
    /// What null, or nothing, stands for.
    pub default: Option<Value>,
    /// Whether keys that it does not name are kept.
    pub preserves: bool,
    /// Whether the value is a whole object with a kind and metadata.
    pub embedded: bool,
    /// Whether it is Kubernetes' own metadata of an object.
    pub is_metadata: bool,
    /// The keys that it names, sorted.
    pub properties: Vec<(Box<str>, Child)>,
    /// What other keys hold.
    pub additional: Option<Child>,
    /// What the items of a list are.
    pub items: Option<Child>,
    /// The keys that must be there.
    pub required: Vec<Box<str>>,
    /// What the items of a list are told apart by.
    pub list: List,
    /// What else the value must keep.
    pub rules: Option<Box<Rules>>,
}

/// A schema below another.
#[derive(Debug)]
pub(super) enum Child {
    /// That of a line of the table.
    Line(usize),
    /// One that is written where it is used.
    Here(Box<Schema>),
}

/// The kind of value that a schema wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Type {
    #[default]
    Any,
    Object,
    Array,
    String,
    Integer,
    Number,
    Boolean,
    IntOrString,
    Quantity,
}

/// The forms that the API server knows; others mean nothing to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Format {
    #[default]
    None,
    Int32,
    Int64,
    Byte,
    Cidr,
    Date,
    DateTime,
    Duration,
    Email,
    Hostname,
    Ipv4,
    Ipv6,
    Mac,
    Uri,
    Uuid,
}

/// What the items of a list are told apart by.
#[derive(Debug, Default)]
pub(super) enum List {
    /// Nothing.
    #[default]
    Atomic,
    /// Themselves.
    Set,
    /// These keys.
    Map(Vec<Box<str>>),
}

/// Finds the line of a schema by its id, `#id`.
pub(super) trait Lines {
    fn line(&self, id: &str) -> Option<usize>;
}

impl Schema {
    /// Reads a schema as a table has it.
    pub(super) fn read(value: &Value, lines: &dyn Lines) -> Self {
        match value {
            Value::String(word) => Schema::word(word),
            Value::Array(items) => Schema {
                kind: Type::Array,
                items: items.first().map(|item| Child::read(item, lines)),
                ..Schema::default()
            },
            Value::Object(map) => match map.get("*") {
                Some(values) if map.len() == 1 => Schema {
                    kind: Type::Object,
                    additional: Some(Child::read(values, lines)),
                    ..Schema::default()
                },
                Some(_) | None => Schema::keywords(map, lines),
            },
            Value::Bool(_) | Value::Null | Value::Number(_) => Schema {
                preserves: true,
                ..Schema::default()
            },
        }
    }

    /// A schema that is one word: a type, and a format after a colon.
    fn word(word: &str) -> Self {
        let (kind, format) = word.split_once(':').unwrap_or((word, ""));
        Schema {
            kind: kind_of(kind),
            format: format_of(format),
            preserves: kind == "any",
            ..Schema::default()
        }
    }

    fn keywords(map: &JsonMap<String, Value>, lines: &dyn Lines) -> Self {
        let flag = |key: &str| map.get(key).and_then(Value::as_bool) == Some(true);
        let text = |key: &str| map.get(key).and_then(Value::as_str);
        let named = map.get("properties").and_then(Value::as_object);
        let mut properties: Vec<_> = named
            .into_iter()
            .flatten()
            .map(|(name, schema)| (name.as_str().into(), Child::read(schema, lines)))
            .collect();
        properties.sort_unstable_by(|(a, _): &(Box<str>, _), (b, _)| a.cmp(b));
        let kind = match text("type") {
            _ if flag("x-kubernetes-int-or-string") => Type::IntOrString,
            Some(kind) => kind_of(kind),
            None if named.is_some() => Type::Object,
            None => Type::Any,
        };
        Schema {
            kind,
            format: format_of(text("format").unwrap_or_default()),
            nullable: flag("nullable"),
            default: map.get("default").cloned(),
            preserves: flag("x-kubernetes-preserve-unknown-fields"),
            embedded: flag("x-kubernetes-embedded-resource"),
            is_metadata: false,
            properties,
            additional: map
                .get("additionalProperties")
                .filter(|allowed| **allowed != Value::Bool(false))
                .map(|schema| Child::read(schema, lines)),
            items: map.get("items").map(|items| Child::read(items, lines)),
            required: texts(map.get("required")),
            list: match text("x-kubernetes-list-type") {
                Some("set") => List::Set,
                Some("map") => List::Map(texts(map.get("x-kubernetes-list-map-keys"))),
                Some(_) | None => List::Atomic,
            },
            rules: Rules::read(map, lines).map(Box::new),
        }
    }

    /// The schema of a key that it names.
    pub(super) fn property(&self, key: &str) -> Option<&Child> {
        let at = self
            .properties
            .binary_search_by(|(name, _)| (**name).cmp(key));
        at.ok()
            .and_then(|at| self.properties.get(at))
            .map(|(_, child)| child)
    }
}

impl Child {
    /// Reads a schema below another.
    pub(super) fn read(value: &Value, lines: &dyn Lines) -> Self {
        let id = value.as_str().filter(|word| word.starts_with('#'));
        match id.and_then(|id| lines.line(id)) {
            Some(line) => Child::Line(line),
            None => Child::Here(Box::new(Schema::read(value, lines))),
        }
    }
}

fn kind_of(word: &str) -> Type {
    match word {
        "object" => Type::Object,
        "array" => Type::Array,
        "string" => Type::String,
        "integer" => Type::Integer,
        "number" => Type::Number,
        "boolean" => Type::Boolean,
        "int-or-string" => Type::IntOrString,
        "quantity" => Type::Quantity,
        _ => Type::Any,
    }
}

fn format_of(word: &str) -> Format {
    match word {
        "int32" => Format::Int32,
        "int64" => Format::Int64,
        "byte" => Format::Byte,
        "cidr" => Format::Cidr,
        "date" => Format::Date,
        "date-time" | "datetime" => Format::DateTime,
        "duration" => Format::Duration,
        "email" => Format::Email,
        "hostname" => Format::Hostname,
        "ipv4" => Format::Ipv4,
        "ipv6" => Format::Ipv6,
        "mac" => Format::Mac,
        "uri" => Format::Uri,
        "uuid" | "uuid3" | "uuid4" | "uuid5" => Format::Uuid,
        _ => Format::None,
    }
}

fn texts(list: Option<&Value>) -> Vec<Box<str>> {
    let items = list.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(Into::into).collect()
}
