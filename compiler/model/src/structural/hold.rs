//! A value against the rules beside its type: bounds, lengths, patterns, choices, and schemas put together.

use super::mistake::{Fault, Mistake};
use super::number::Number;
use super::rules::{Rules, is};
use super::schema::{Child, Schema, Type};
use super::walk::{NAMED, Walk};
use serde_json::Value;
use std::borrow::Cow;
use syntax::suggest::nearest;
use syntax::{Kind, Node, OriginId};

impl<'a> Walk<'a> {
    /// Holds a value to its rules.
    pub(super) fn rules(&mut self, schema: &'a Schema, rules: &'a Rules, node: &'a Node) {
        self.choices(rules, node);
        match node.kind() {
            Kind::Number(text) => self.bounds(rules, node, text),
            Kind::String(text) => {
                let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
                self.count(rules.length, length, "character", node);
                self.pattern(rules, node, text);
            }
            Kind::List(items) => {
                let length = u64::try_from(items.len()).unwrap_or(u64::MAX);
                self.count(rules.items, length, "item", node);
                if rules.unique {
                    self.doubles(items, |a, b| a == b);
                }
            }
            Kind::Map(map) => {
                let said = map.entries().iter().filter(|entry| !entry.value.is_null());
                let length = u64::try_from(said.count()).unwrap_or(u64::MAX);
                self.count(rules.keys, length, "key", node);
            }
            Kind::Bool(_) | Kind::Null => {}
        }
        self.together(schema, rules, node);
    }

    fn choices(&mut self, rules: &Rules, node: &Node) {
        let choices = &rules.choices;
        if choices.is_empty() || choices.iter().any(|choice| is(node, choice)) {
            return;
        }
        // Go's zero value is filled in before anything is judged.
        if self.native() && node.as_str() == Some("") {
            return;
        }
        let shown: Vec<String> = choices.iter().take(NAMED).map(shown).collect();
        let more = if choices.len() > NAMED { " ..." } else { "" };
        self.say(
            Fault::Value,
            node.origin(),
            &format!("must be one of {}{more}", shown.join(", ")),
            "not one of them",
        );
        let text = node.scalar_text().unwrap_or_default();
        if let Some(near) = nearest(&text, choices.iter().filter_map(Value::as_str)) {
            self.help(&format!("did you mean `{near}`?"));
            self.instead(&text, near);
        }
    }

    fn bounds(&mut self, rules: &Rules, node: &Node, text: &str) {
        let Some(Number { value, .. }) = Number::of(text) else {
            return;
        };
        let low = rules
            .least
            .filter(|(least, out)| value < *least || (*out && value <= *least));
        let high = rules
            .most
            .filter(|(most, out)| value > *most || (*out && value >= *most));
        let message = match (low, high) {
            (Some((least, true)), _) => format!("must be more than {least}"),
            (Some((least, false)), _) => format!("must be at least {least}"),
            (None, Some((most, true))) => format!("must be less than {most}"),
            (None, Some((most, false))) => format!("must be at most {most}"),
            (None, None) => match rules.multiple {
                Some(step) if step != 0.0 && (value / step).fract() != 0.0 => {
                    format!("must be a multiple of {step}")
                }
                Some(_) | None => return,
            },
        };
        self.say(Fault::Value, node.origin(), &message, "out of bounds");
    }

    fn count(
        &mut self,
        (least, most): (Option<u64>, Option<u64>),
        length: u64,
        what: &str,
        node: &Node,
    ) {
        let plural = |count: u64| if count == 1 { "" } else { "s" };
        let message = match (least, most) {
            (Some(least), _) if length < least => {
                format!("must have at least {least} {what}{}", plural(least))
            }
            (_, Some(most)) if length > most => {
                format!("must have at most {most} {what}{}", plural(most))
            }
            _ => return,
        };
        let label = if length == 0 {
            "is empty".to_owned()
        } else {
            format!("has {length}")
        };
        self.say(Fault::Value, node.origin(), &message, &label);
    }

    fn pattern(&mut self, rules: &Rules, node: &Node, text: &str) {
        let Some(pattern) = &rules.pattern else {
            return;
        };
        if pattern.regex().is_some_and(|regex| !regex.is_match(text)) {
            let message = format!("must match `{}`", pattern.text);
            self.say(Fault::Value, node.origin(), &message, "does not match");
        }
    }

    fn together(&mut self, schema: &'a Schema, rules: &'a Rules, node: &Node) {
        let alone = rules.all.is_empty() && rules.any.is_empty() && rules.one.is_empty();
        if alone && rules.not.is_none() {
            return;
        }
        let node = &*self.filled(schema, node);
        for child in &rules.all {
            let found = self.probe(child, node);
            self.found.extend(found);
        }
        if let Some(child) = &rules.not
            && self.probe(child, node).is_empty()
        {
            let message = "is what it must not be";
            self.say(Fault::Value, node.origin(), message, "refused");
            if let Some(keys) = self.keys_of(std::slice::from_ref(child)) {
                self.help(&format!("it can't have {keys}"));
            }
        }
        if !rules.any.is_empty() && !rules.any.iter().any(|child| self.good(child, node)) {
            self.none_of(&rules.any, node, "at least one");
        }
        let good = rules
            .one
            .iter()
            .filter(|child| self.good(child, node))
            .count();
        match good {
            1 => {}
            0 if rules.one.is_empty() => {}
            0 => self.none_of(&rules.one, node, "one"),
            _ => {
                let keys = self.keys_of(&rules.one);
                let message = match keys {
                    Some(keys) => format!("must have only one of {keys}"),
                    None => "must be only one of what it may be".to_owned(),
                };
                self.say(Fault::Value, node.origin(), &message, "has several");
            }
        }
    }

    /// A map with the defaults of what it does not say: they are filled in before anything is judged.
    fn filled<'n>(&self, schema: &Schema, node: &'n Node) -> Cow<'n, Node> {
        let mut filled = Cow::Borrowed(node);
        for (name, child) in &schema.properties {
            let default = self.child(child).and_then(|schema| schema.default.as_ref());
            if let Some(default) = default
                && node.get(name).is_none_or(Node::is_null)
                && let Some(map) = filled.to_mut().as_map_mut()
            {
                map.set(&**name, node.origin(), from_value(default, node.origin()));
            }
        }
        filled
    }

    fn good(&self, child: &Child, node: &Node) -> bool {
        self.probe(child, node).is_empty()
    }

    /// What one of several schemas says of a value.
    fn probe(&self, child: &Child, node: &Node) -> Vec<Mistake> {
        let mut walk = Walk {
            table: self.table,
            path: self.path.clone(),
            found: Vec::new(),
            partly: true,
        };
        if let Some(schema) = self.child(child) {
            walk.value(schema, node);
        }
        walk.found
    }

    fn none_of(&mut self, children: &[Child], node: &Node, how_many: &str) {
        let message = match self.keys_of(children) {
            Some(keys) => format!("must have {how_many} of {keys}"),
            None => "is none of what it may be".to_owned(),
        };
        let first = children
            .iter()
            .find_map(|child| self.probe(child, node).into_iter().next());
        self.say(Fault::Value, node.origin(), &message, "has none");
        if let Some(first) = first.filter(|_| self.keys_of(children).is_none()) {
            self.help(&format!("`{}` {}", first.path, first.message));
        }
    }

    /// The keys by which schemas differ, where each only asks for keys.
    fn keys_of(&self, children: &[Child]) -> Option<String> {
        let mut sets = Vec::new();
        for child in children {
            let schema = self.child(child)?;
            let free = |child: &Child| {
                let schema = self.child(child);
                schema.is_some_and(|schema| schema.kind == Type::Any && schema.rules.is_none())
            };
            let only_asks = schema.properties.iter().all(|(_, child)| free(child));
            if schema.required.is_empty() || !only_asks {
                return None;
            }
            let keys: Vec<String> = schema
                .required
                .iter()
                .map(|key| format!("`{key}`"))
                .collect();
            sets.push(keys.join(" with "));
        }
        Some(sets.join(", "))
    }
}

/// A value of JSON as people write it.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => format!("`{text}`"),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            format!("`{value}`")
        }
    }
}

/// A default as a value of the object.
fn from_value(value: &Value, origin: OriginId) -> Node {
    match value {
        Value::Null => Node::null(origin),
        Value::Bool(value) => Node::bool(*value, origin),
        Value::Number(number) => Node::new(Kind::Number(number.to_string().into()), origin),
        Value::String(text) => Node::string(text.as_str(), origin),
        Value::Array(items) => {
            let items = items.iter().map(|item| from_value(item, origin));
            Node::list(items, origin)
        }
        Value::Object(map) => {
            let entries = map
                .iter()
                .map(|(key, value)| (key.as_str(), from_value(value, origin)));
            Node::from_entries(entries, origin)
        }
    }
}
