//! The leaves of a schema, and how each is stated.

use super::Contexts;
use serde_json::{Map, Value, json};

/// Keys that stand for others: the facts of all machines and of a role are those of a node, whose test it is.
const ALIASES: [&str; 2] = ["machine", "roles"];

/// Components have the same keys beside their options, which are their own: one stands for all.
const COMPONENT: &str = "cert-manager";

/// What is said of rules is the same for each: one stands for all.
const RULE: &str = "unpinned-image";

/// The key to use in a map whose keys are free, by the map's own key.
const KEYS: [(&str, &str); 5] = [
    ("hosts", "10.0.10.99"),
    ("mirrors", "ghcr.io"),
    ("nodes", "cp-1"),
    ("sizes", "small"),
    ("volumes", "data"),
];

/// Values of forms that have more than a name's.
const FORMS: [(&str, [&str; 2]); 5] = [
    ("cidr", ["10.99.0.0/16", "10.98.0.0/16"]),
    ("email", ["one@example.org", "two@example.org"]),
    ("ip", ["10.0.10.98", "10.0.10.97"]),
    ("mac", ["bc:24:11:00:00:01", "bc:24:11:00:00:02"]),
    (
        "url",
        ["https://one.example.org", "https://two.example.org"],
    ),
];

/// A leaf: fragments of a spec that state it, and the fragment around it that doesn't, where it may be left out.
#[derive(Clone, Debug)]
pub(super) struct Probe {
    /// Its path.
    pub(super) at: String,
    /// With one allowed value each.
    pub(super) with: Vec<Value>,
    /// With a value that is not allowed, where only one is.
    pub(super) wrong: Option<Value>,
    /// Without it.
    pub(super) without: Option<Value>,
}

impl Probe {
    fn new(with: Vec<Value>) -> Self {
        Probe {
            at: String::new(),
            with,
            wrong: None,
            without: None,
        }
    }

    /// The probe one level up.
    fn below(self, name: &str, bare: Option<Value>, wrap: impl Fn(&Value) -> Value) -> Self {
        Probe {
            at: format!("/{name}{}", self.at),
            with: self.with.iter().map(&wrap).collect(),
            wrong: self.wrong.as_ref().map(&wrap),
            without: self.without.as_ref().map(&wrap).or(bare),
        }
    }
}

/// A walk over a schema.
pub(super) struct Walk<'s> {
    /// The schema, whose definitions it refers to.
    pub(super) schema: &'s Value,
    /// What some fields need.
    pub(super) contexts: &'s Contexts,
}

impl<'s> Walk<'s> {
    fn resolve(&self, node: &'s Value) -> &'s Value {
        let target = node.get("$ref").and_then(Value::as_str);
        target
            .and_then(|path| self.schema.pointer(path.strip_prefix('#')?))
            .unwrap_or(node)
    }

    fn alternatives(&self, node: &'s Value) -> Vec<&'s Value> {
        let node = self.resolve(node);
        let all: Vec<&Value> = ["anyOf", "oneOf"]
            .iter()
            .filter_map(|key| node.get(*key)?.as_array())
            .flatten()
            .collect();
        if all.is_empty() {
            return vec![node];
        }
        all.into_iter()
            .flat_map(|one| self.alternatives(one))
            .collect()
    }

    /// The probes of a schema; `at` is the path that leads to it.
    pub(super) fn probes(&self, node: &'s Value, at: &str) -> Vec<Probe> {
        let key = at.rsplit('/').next().unwrap_or_default();
        let explicit = self.context(at, "values").and_then(Value::as_array);
        let mut probes = Vec::new();
        for node in self.alternatives(node) {
            let properties = node.get("properties").and_then(Value::as_object);
            if let Some(properties) = properties {
                self.object(node, properties, at, &mut probes);
            }
            if let Some(values) = explicit {
                if properties.is_none() {
                    probes.push(Probe::new(values.clone()));
                }
            } else if let Some(more) = free(node) {
                let name = KEYS.iter().find(|(map, _)| *map == key);
                let name = name.map_or("x1", |(_, name)| name);
                for probe in self.probes(more, &format!("{at}/{name}")) {
                    let bare = Some(json!({}));
                    probes.push(probe.below(name, bare, |value| json!({ name: value })));
                }
            } else if let Some(items) = node.get("items") {
                for probe in self.probes(items, &format!("{at}/0")) {
                    probes.push(probe.below("0", None, |value| json!([value])));
                }
            } else if properties.is_none() {
                let only = node.get("enum").and_then(Value::as_array);
                let only = only.map_or(node.get("const").is_some(), |all| all.len() == 1);
                let wrong = only.then(|| json!("nonsense"));
                probes.push(Probe {
                    wrong,
                    ..Probe::new(values(node, key))
                });
            }
        }
        probes
    }

    fn context(&self, at: &str, key: &str) -> Option<&'s Value> {
        self.contexts.get(at)?.get(key)
    }

    fn object(
        &self,
        node: &'s Value,
        properties: &'s Map<String, Value>,
        map: &str,
        probes: &mut Vec<Probe>,
    ) {
        let required = node.get("required").and_then(Value::as_array);
        let required: Vec<&str> = required
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        for (name, schema) in properties {
            if ALIASES.contains(&name.as_str()) || (map.is_empty() && name == "clusters") {
                continue;
            }
            // What is different in an environment is what is said of the app, whose test it is.
            if map.ends_with("/environments/x1") && name != "clusters" {
                continue;
            }
            if map.ends_with("/rules") && name != RULE {
                continue;
            }
            let at = format!("{map}/{name}");
            let beside = self.context(&at, "beside").and_then(Value::as_object);
            let mut around = beside.cloned().unwrap_or_default();
            for sibling in required.iter().filter(|sibling| *sibling != name) {
                let least = properties.get(*sibling).filter(|_| !map.is_empty());
                if let Some(schema) = least {
                    let least = self.least(schema, &format!("{map}/{sibling}"));
                    around.entry((*sibling).to_owned()).or_insert(least);
                }
            }
            let optional = !required.contains(&name.as_str());
            let other = map == "/components" && name != COMPONENT;
            for probe in self.probes(schema, &at) {
                if other && !probe.at.starts_with("/options") {
                    continue;
                }
                let bare = optional.then(|| Value::Object(around.clone()));
                probes.push(probe.below(name, bare, |value| {
                    let mut map = around.clone();
                    map.insert(name.clone(), value.clone());
                    Value::Object(map)
                }));
            }
        }
    }

    /// The least that a schema allows.
    fn least(&self, node: &'s Value, at: &str) -> Value {
        let probe = self.probes(node, at).into_iter().next();
        probe
            .and_then(|probe| probe.with.into_iter().next())
            .unwrap_or(Value::Null)
    }
}

/// The schema of what free keys hold, if a map has any.
fn free(node: &Value) -> Option<&Value> {
    let more = node
        .get("additionalProperties")
        .filter(|more| more.is_object());
    more.or_else(|| node.get("patternProperties")?.as_object()?.values().next())
}

/// Values that a leaf's schema allows.
fn values(node: &Value, key: &str) -> Vec<Value> {
    if let Some(all) = node.get("enum").and_then(Value::as_array) {
        return all.clone();
    }
    if let Some(only) = node.get("const") {
        return vec![only.clone()];
    }
    let examples = node.get("examples").and_then(Value::as_array);
    let mut values = examples.cloned().unwrap_or_default();
    let kind = node.get("type").map(Value::to_string).unwrap_or_default();
    if kind.contains("boolean") {
        values.extend([json!(true), json!(false)]);
    }
    if kind.contains("integer") || kind.contains("number") {
        let least = node.get("minimum").and_then(Value::as_i64).unwrap_or(1);
        values.extend([json!(least), json!(least + 1)]);
    }
    if kind.contains("string") {
        let form = node.get("format").and_then(Value::as_str);
        let more = FORMS.iter().find(|(name, _)| Some(*name) == form);
        let more = more.map_or(&[][..], |(_, texts)| texts);
        values.extend(more.iter().map(|text| json!(text)));
        let form = form.and_then(model::form::of);
        values.extend(form.map(|form| json!(form.example)));
        values.extend([json!(format!("{key}-one")), json!(format!("{key}-two"))]);
    }
    if kind.contains("object") {
        values.extend([json!({ "one": "1" }), json!({ "two": "2" })]);
    }
    values
}
