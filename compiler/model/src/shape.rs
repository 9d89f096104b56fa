//! Node against JSON Schema: every mistake of a layer at once, each at its place and in words for people.
//!
//! The schema's verdict is the `jsonschema` crate's; the words are ours. What is unusable is taken out of the layer: an
//! unknown key goes, a wrong value becomes an error node (null, of unknown origin), which later stages skip in silence.

mod branch;
mod explain;
mod json;
#[cfg(test)]
mod tests;
mod words;

pub use json::to_value;

use explain::Explain;
use json::{NodeJson, Read};
use jsonschema::{Validator, options_for};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::OnceLock;
use syntax::pointer::Pointer;
use syntax::{Diagnostic, Diagnostics, Node, OriginId, Origins, Sources, Text};

/// A schema, compiled when it is first used.
#[derive(Debug)]
pub struct Shape {
    schema: Value,
    /// The keys of the one layer that it is for, if it is for one only.
    keys: Option<BTreeSet<Text>>,
    validator: OnceLock<Result<Validator<NodeJson>, String>>,
}

/// What is to be taken out of a layer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cut {
    /// The value there is unusable.
    Value(Pointer),
    /// The key there is unknown.
    Key(Pointer),
    /// The key there was meant by another that is unknown.
    Meant(Pointer),
}

impl Shape {
    /// A shape from its schema.
    #[must_use]
    pub fn new(schema: Value) -> Self {
        Shape {
            schema,
            keys: None,
            validator: OnceLock::new(),
        }
    }

    /// The same for this layer only: a property that it names nowhere isn't compiled, which changes no verdict.
    #[must_use]
    pub fn narrowed(mut self, layer: &Node) -> Self {
        let mut keys = BTreeSet::new();
        collect_keys(layer, &mut keys);
        self.keys = Some(keys);
        self
    }

    /// The schema.
    #[must_use]
    pub fn schema(&self) -> &Value {
        &self.schema
    }

    /// Checks a layer, reports what is wrong with it, and takes that out. `root` is what the layer is called in messages.
    pub fn check(
        &self,
        layer: &mut Node,
        root: &str,
        sources: &Sources,
        origins: &Origins,
        found: &mut Diagnostics,
    ) {
        let compile = || {
            let narrow = |keys| compile(&self.schema, Some(keys)).ok();
            let narrow = self.keys.as_ref().and_then(narrow);
            // What is left out may be what another part refers to.
            narrow.map_or_else(|| compile(&self.schema, None), Ok)
        };
        let validator = match self.validator.get_or_init(compile) {
            Ok(validator) => validator,
            Err(problem) => {
                let place = origins.place(layer.origin());
                found.add(
                    Diagnostic::error(
                        "bad-schema",
                        format!("the schema of {root} is not valid: {problem}"),
                    )
                    .at(place, "checked against it"),
                );
                return;
            }
        };
        let mut explain = Explain::new(&self.schema, layer, root, sources, origins);
        for error in validator.iter_errors(Read(layer)) {
            explain.error(&error);
        }
        let (reports, mut cuts) = explain.finish();
        for report in reports {
            found.add(report);
        }
        cuts.sort();
        cuts.dedup();
        for cut in cuts.iter().rev() {
            apply(layer, cut);
        }
    }
}

fn compile(schema: &Value, keys: Option<&BTreeSet<Text>>) -> Result<Validator<NodeJson>, String> {
    let forms = crate::form::FORMS;
    let options = options_for::<NodeJson>().should_validate_formats(true);
    let options = forms.iter().fold(options, |options, form| {
        options.with_format(form.name, |text| (form.check)(text).is_ok())
    });
    options
        .build(&slim(schema, keys))
        .map_err(|error| error.to_string())
}

/// A schema without what only people and editors read, and without properties of no such key, so that compiling costs
/// less; paths stay as they are.
fn slim(schema: &Value, keys: Option<&BTreeSet<Text>>) -> Value {
    let map = match schema {
        Value::Object(map) => map,
        Value::Array(items) => return items.iter().map(|item| slim(item, keys)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            return schema.clone();
        }
    };
    let format = map.get("format").and_then(Value::as_str);
    let formed = format.and_then(crate::form::of).is_some();
    let read = map.iter().filter(|(key, value)| match key.as_str() {
        "description" | "title" => !value.is_string(),
        "examples" => !value.is_array(),
        "pattern" => !(formed && value.is_string()),
        _ => true,
    });
    let slimmed = read.map(|(key, value)| {
        let value = match (key.as_str(), value) {
            // Below it keys are names, of which one may be `properties`.
            ("properties", Value::Object(fields)) => {
                let stated = |key: &str| keys.is_none_or(|keys| keys.contains(key));
                let fields = fields.iter().filter(|(key, _)| stated(key));
                each(fields, keys)
            }
            ("$defs", Value::Object(schemas)) => each(schemas.iter(), keys),
            (_, value) => slim(value, keys),
        };
        (key.clone(), value)
    });
    Value::Object(slimmed.collect())
}

fn each<'a>(
    schemas: impl Iterator<Item = (&'a String, &'a Value)>,
    keys: Option<&BTreeSet<Text>>,
) -> Value {
    schemas
        .map(|(name, schema)| (name.clone(), slim(schema, keys)))
        .collect()
}

fn collect_keys(node: &Node, keys: &mut BTreeSet<Text>) {
    for entry in node.entries() {
        keys.insert(entry.key.clone());
        collect_keys(&entry.value, keys);
    }
    node.items()
        .iter()
        .for_each(|item| collect_keys(item, keys));
}

fn apply(layer: &mut Node, cut: &Cut) {
    match cut {
        Cut::Value(pointer) => {
            if let Some(node) = layer.find_mut(pointer) {
                *node = Node::null(OriginId::default());
            }
        }
        Cut::Meant(pointer) => {
            if let (Some(parent), Some(key)) = (pointer.parent(), pointer.last())
                && let Some(map) = layer.find_mut(&parent).and_then(Node::as_map_mut)
            {
                map.set(
                    key.clone(),
                    OriginId::default(),
                    Node::null(OriginId::default()),
                );
            }
        }
        Cut::Key(pointer) => {
            if let (Some(parent), Some(key)) = (pointer.parent(), pointer.last())
                && let Some(map) = layer.find_mut(&parent).and_then(Node::as_map_mut)
            {
                map.remove(key);
            }
        }
    }
}
