//! A value against its schema, with the verdicts of the API server's strict validation.
//!
//! Kubernetes' own kinds are read into Go's types: null means nothing said. Those of CRDs are held to structural
//! schemas: a null that is not `nullable` stands for the default, and is refused where there is none.

use super::mistake::{Fault, Mistake, Step, path};
use super::rules::is;
use super::scalar::fits;
use super::schema::{Child, List, Schema, Type};
use super::table::Table;
use super::{metadata, table};
use syntax::suggest::nearest;
use syntax::{Kind, Map, Node, OriginId};

/// How many known fields or choices a finding names.
pub(super) const NAMED: usize = 12;

/// The walk over one object.
pub(super) struct Walk<'a> {
    pub table: &'a Table,
    pub path: Vec<Step<'a>>,
    pub found: Vec<Mistake>,
    /// In one of several schemas put together, which does not know every field.
    pub partly: bool,
}

impl<'a> Walk<'a> {
    pub(super) fn new(table: &'a Table) -> Self {
        Walk {
            table,
            path: Vec::new(),
            found: Vec::new(),
            partly: false,
        }
    }

    /// Whether it is one of Kubernetes' own.
    pub(super) fn native(&self) -> bool {
        self.table.native
    }

    /// A value that is not null, or that stands where null is not dropped.
    pub(super) fn value(&mut self, schema: &'a Schema, node: &'a Node) {
        if node.is_null() {
            if !self.native() && !schema.nullable && schema.kind != Type::Any {
                self.wrong_type(schema, node);
            }
            return;
        }
        if !fits(schema.kind, node) {
            self.wrong_type(schema, node);
            return;
        }
        match node.kind() {
            Kind::Map(map) => self.map(schema, node, map),
            Kind::List(items) => self.list(schema, items),
            Kind::String(text) => self.text(schema, node, text),
            Kind::Number(text) => self.number(schema, node, text),
            Kind::Bool(_) | Kind::Null => {}
        }
        if let Some(rules) = schema.rules.as_deref() {
            self.rules(schema, rules, node);
        }
    }

    /// The schema of a child.
    pub(super) fn child<'c>(&self, child: &'c Child) -> Option<&'c Schema>
    where
        'a: 'c,
    {
        self.table.child(child)
    }

    fn map(&mut self, schema: &'a Schema, node: &'a Node, map: &'a Map) {
        for entry in map.entries() {
            self.path.push(Step::Key(&entry.key));
            self.entry(schema, &entry.key, entry.key_origin, &entry.value);
            self.path.pop();
        }
        self.required(schema, node, map);
        if schema.embedded {
            self.embedded(node);
        }
        if schema.is_metadata {
            metadata::syntax(self, map);
        }
    }

    pub(super) fn entry(
        &mut self,
        schema: &'a Schema,
        key: &'a str,
        key_origin: OriginId,
        value: &'a Node,
    ) {
        if schema.embedded && matches!(key, "apiVersion" | "kind" | "metadata") {
            self.head(key, value);
        } else if let Some(property) = schema.property(key) {
            let Some(property) = self.child(property) else {
                return;
            };
            // Read as nothing, or filled in; what must be there is missed then.
            let filled = property.default.is_some() || schema.required.iter().any(|r| **r == *key);
            if !value.is_null() || !filled {
                self.value(property, value);
            }
        } else if let Some(other) = &schema.additional {
            let Some(other) = self.child(other) else {
                return;
            };
            if !value.is_null() || other.default.is_none() {
                self.value(other, value);
            }
        } else if !schema.preserves && schema.kind != Type::Any && !self.partly {
            self.unknown(schema, key, key_origin);
        }
    }

    /// What every object has at its head.
    pub(super) fn head(&mut self, key: &'a str, value: &'a Node) {
        if key != "metadata" {
            if value.as_str().is_none() {
                self.say(
                    Fault::Type,
                    value.origin(),
                    "must be a string",
                    "a string is wanted",
                );
            }
            return;
        }
        let Some((own, schema)) = table::metadata() else {
            return;
        };
        let before = std::mem::replace(&mut self.table, own);
        if !value.is_null() {
            self.value(schema, value);
        }
        self.table = before;
    }

    /// An object inside of another says what it is.
    fn embedded(&mut self, node: &Node) {
        for key in ["apiVersion", "kind"] {
            if node.str_at(&[key]).is_none_or(str::is_empty) {
                self.missing(key, node);
            }
        }
    }

    pub(super) fn required(&mut self, schema: &'a Schema, node: &Node, map: &Map) {
        for key in &schema.required {
            let property = schema.property(key).and_then(|child| self.child(child));
            let dropped = |value: &Node| {
                value.is_null() && (self.native() || property.is_some_and(|p| !p.nullable))
            };
            let said = map.get(key);
            let there = said.is_some_and(|value| !dropped(value));
            if !there && property.is_none_or(|property| property.default.is_none()) {
                self.missing(key, said.unwrap_or(node));
            }
        }
    }

    /// A key that is missing from a map, or null.
    pub(super) fn missing(&mut self, key: &str, node: &Node) {
        let field = self.below(key);
        let label = if node.is_null() {
            "null counts as nothing".to_owned()
        } else {
            format!("`{key}` is missing here")
        };
        self.found.push(Mistake {
            fault: Fault::Missing,
            path: field,
            origin: node.origin(),
            message: "is missing".to_owned(),
            label,
            help: Some(format!("add `{key}`")),
            instead: None,
        });
    }

    /// The path of a field that is not there.
    fn below(&self, key: &str) -> String {
        let mut steps = self.path.clone();
        steps.push(Step::Key(key));
        path(&steps)
    }

    fn unknown(&mut self, schema: &'a Schema, key: &str, origin: OriginId) {
        let names = schema.properties.iter().map(|(name, _)| &**name);
        let near = nearest(key, names.clone());
        let known: Vec<String> = names.take(NAMED).map(|name| format!("`{name}`")).collect();
        let more = if schema.properties.len() > NAMED {
            " ..."
        } else {
            ""
        };
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => "no field can be said here".to_owned(),
            None => format!("known here: {}{more}", known.join(", ")),
        };
        self.found.push(Mistake {
            fault: Fault::Unknown,
            path: path(&self.path),
            origin,
            message: "is not known".to_owned(),
            label: "not known here".to_owned(),
            help: Some(help),
            instead: near.map(|near| (key.to_owned(), near.to_owned())),
        });
    }

    fn list(&mut self, schema: &'a Schema, items: &'a [Node]) {
        if let Some(of) = schema.items.as_ref().and_then(|child| self.child(child)) {
            for (at, item) in items.iter().enumerate() {
                self.path.push(Step::Index(at));
                if !item.is_null() || of.default.is_none() {
                    self.value(of, item);
                }
                self.path.pop();
            }
            match &schema.list {
                List::Set => self.doubles(items, |a, b| a == b),
                List::Map(keys) => self.double_keys(of, keys, items),
                List::Atomic => {}
            }
        }
    }

    /// Whether two items have the same key; what is not said stands for its default.
    fn same_key(&self, of: &'a Schema, key: &str, a: &Node, b: &Node) -> bool {
        let default = of
            .property(key)
            .and_then(|child| self.child(child))
            .and_then(|schema| schema.default.as_ref());
        match (a.get(key), b.get(key), default) {
            (Some(a), Some(b), _) => a == b,
            (Some(said), None, Some(default)) | (None, Some(said), Some(default)) => {
                is(said, default)
            }
            (None, None, _) => true,
            (Some(_), None, None) | (None, Some(_), None) => false,
        }
    }

    /// Two items that are equal.
    pub(super) fn doubles(&mut self, items: &[Node], same: impl Fn(&Node, &Node) -> bool) {
        self.report_double(items, double(items, same), "is in the list already");
    }

    /// Two items with the same keys.
    fn double_keys(&mut self, of: &'a Schema, keys: &[Box<str>], items: &[Node]) {
        let same = |a: &Node, b: &Node| keys.iter().all(|key| self.same_key(of, key, a, b));
        let double = double(items, same);
        if double.is_some() {
            let names: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
            let message = format!("has the {} of an item before it", names.join(" and "));
            self.report_double(items, double, &message);
        }
    }

    fn report_double(&mut self, items: &[Node], double: Option<usize>, message: &str) {
        let Some((at, item)) = double.and_then(|at| Some((at, items.get(at)?))) else {
            return;
        };
        self.path.push(Step::Index(at));
        self.say(Fault::Double, item.origin(), message, "a second time");
        self.help("take one of the two out");
        self.path.pop();
    }

    /// Adds a mistake of the value that the walk is at.
    pub(super) fn say(&mut self, fault: Fault, origin: OriginId, message: &str, label: &str) {
        self.found.push(Mistake {
            fault,
            path: path(&self.path),
            origin,
            message: message.to_owned(),
            label: label.to_owned(),
            help: None,
            instead: None,
        });
    }

    /// Says what to do about the last mistake.
    pub(super) fn help(&mut self, text: &str) {
        if let Some(last) = self.found.last_mut() {
            last.help = Some(text.to_owned());
        }
    }

    /// Says what to write instead of what the last mistake is about.
    pub(super) fn instead(&mut self, there: &str, better: &str) {
        if let Some(last) = self.found.last_mut() {
            last.instead = Some((there.to_owned(), better.to_owned()));
        }
    }
}

/// The first item that is the same as one before it.
fn double(items: &[Node], same: impl Fn(&Node, &Node) -> bool) -> Option<usize> {
    let is_double = |(at, item): &(usize, &Node)| {
        let before = items.get(..*at).unwrap_or_default();
        before.iter().any(|other| same(other, item))
    };
    let at = items.iter().enumerate().find(is_double);
    at.map(|(at, _)| at)
}
