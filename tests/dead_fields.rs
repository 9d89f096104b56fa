//! No dead fields: whatever the schema of a spec offers, stating it changes the output or what is said about it.
//!
//! The test walks the schema, states each leaf in the homelab's spec with values that the schema allows, and wants at
//! least two of the builds (with it, with another value, without it) to differ without any being an error.

use crate::support::none_of;
use crate::support::world::Memory;
use rayon::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use syntax::Diagnostics;

/// What can't be judged by stating it alone, and why.
const EXCEPTIONS: &[(&str, &str)] = &[];

/// Keys that stand for others: the machine facts of a role and of all machines are those of a node, whose test it is.
const ALIASES: &[&str] = &["machine", "roles"];

/// The key to use in a map whose keys are free, by the map's own key.
const KEYS: &[(&str, &str)] = &[
    ("clusters", "prod"),
    ("nodes", "worker-1"),
    ("components", "cert-manager"),
    ("hosts", "10.0.10.99"),
    ("sizes", "small"),
    ("volumes", "EPHEMERAL"),
    ("mirrors", "ghcr.io"),
];

/// A leaf of the schema: fragments of a spec that state it, and the fragment around it that doesn't.
struct Probe {
    at: String,
    with: Vec<Value>,
    without: Option<Value>,
}

/// What a build said: files and warnings; `None` where it was an error.
type Built = Option<(BTreeMap<String, Vec<u8>>, Vec<String>)>;

#[test]
fn every_field_has_an_effect() {
    let memory = Memory::example("homelab");
    let text = memory
        .project
        .get("platform.yaml")
        .expect("the example's spec");
    let base: Value = serde_yaml::from_slice(text).expect("YAML");
    let mut found = Diagnostics::default();
    let library = passes::library(&memory, &mut found);
    let schema = model::schema::platform_schema(&library);
    let probes = Walk { schema: &schema }.probes(&schema, "", 0);
    assert!(probes.len() > 200, "the schema has {} leaves", probes.len());
    let plain = build(&memory, &base);
    assert!(plain.is_some(), "the homelab builds");
    let dead: Vec<String> = probes
        .par_iter()
        .filter_map(|probe| verdict(&memory, &base, &plain, probe))
        .collect();
    none_of(&dead);
}

/// What is wrong with a leaf, if anything.
fn verdict(memory: &Memory, base: &Value, plain: &Built, probe: &Probe) -> Option<String> {
    if EXCEPTIONS.iter().any(|(at, _)| *at == probe.at) {
        return None;
    }
    let mut errors = 0;
    let mut seen = 0;
    // What only Kind knows is stated for the cluster that is made with it.
    for cluster in ["prod", "dev"] {
        if cluster == "dev" && !probe.at.starts_with("/clusters/") {
            break;
        }
        let place = |fragment: &Value| {
            let mut spec = base.clone();
            merge(&mut spec, &renamed(fragment, cluster));
            build(memory, &spec)
        };
        let without = probe.without.as_ref().map_or_else(|| plain.clone(), place);
        let mut builds: Vec<Built> = probe.with.iter().map(place).collect();
        builds.push(without);
        errors += builds.iter().filter(|build| build.is_none()).count();
        let good: Vec<_> = builds.into_iter().flatten().collect();
        seen += good.len();
        if good.windows(2).any(|pair| matches!(pair, [a, b] if a != b)) {
            return None;
        }
    }
    let stated = probe.with.first().map(Value::to_string).unwrap_or_default();
    Some(format!(
        "{}: {seen} builds are the same, {errors} are errors; stated as {stated}",
        probe.at
    ))
}

/// The fragment with another cluster's name.
fn renamed(fragment: &Value, cluster: &str) -> Value {
    let mut fragment = fragment.clone();
    if let Some(clusters) = fragment.get_mut("clusters").and_then(Value::as_object_mut)
        && let Some(entry) = clusters.remove("prod")
    {
        clusters.insert(cluster.to_owned(), entry);
    }
    fragment
}

fn build(memory: &Memory, spec: &Value) -> Built {
    let mut memory = memory.clone();
    memory
        .project
        .insert("platform.yaml".to_owned(), spec.to_string().into_bytes());
    let mut found = Diagnostics::default();
    let front = passes::front(&memory, "platform.yaml", &mut found);
    let platform = front.platform.filter(|_| !found.has_errors())?;
    let mut files = BTreeMap::new();
    for spec in &platform.clusters {
        let mut cell = passes::cell(&platform, spec);
        found.append(std::mem::take(&mut cell.found));
        files.extend(
            passes::files(&platform, cell)
                .into_iter()
                .map(|file| (file.path, file.bytes)),
        );
    }
    if found.has_errors() {
        return None;
    }
    Some((
        files,
        found
            .sorted()
            .into_iter()
            .map(|finding| finding.message)
            .collect(),
    ))
}

/// Lays a fragment over a spec; lists replace.
fn merge(base: &mut Value, over: &Value) {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) => {
            for (key, value) in over {
                merge(base.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (base, over) => *base = over.clone(),
    }
}

struct Walk<'s> {
    schema: &'s Value,
}

impl<'s> Walk<'s> {
    fn resolve(&self, node: &'s Value) -> &'s Value {
        let target = node
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|path| path.strip_prefix('#'));
        target
            .and_then(|path| self.schema.pointer(path))
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
            .filter(|one| one.get("type") != Some(&json!("null")))
            .flat_map(|one| self.alternatives(one))
            .collect()
    }

    /// The probes of a schema; `key` is the key that leads to it.
    fn probes(&self, node: &'s Value, key: &str, depth: usize) -> Vec<Probe> {
        let mut probes = Vec::new();
        for node in self.alternatives(node) {
            if let Some(properties) = node.get("properties").and_then(Value::as_object) {
                self.object(node, properties, depth, &mut probes);
            }
            let more = node
                .get("additionalProperties")
                .filter(|more| more.is_object());
            if let Some(more) =
                more.or_else(|| node.get("patternProperties")?.as_object()?.values().next())
            {
                let name = KEYS
                    .iter()
                    .find(|(map, _)| *map == key)
                    .map_or("x1", |(_, name)| name);
                for probe in self.probes(more, name, depth + 1) {
                    let wrap = |value: &Value| json!({ name: value });
                    probes.push(Probe {
                        at: format!("/{name}{}", probe.at),
                        with: probe.with.iter().map(wrap).collect(),
                        without: Some(probe.without.as_ref().map_or_else(|| json!({}), wrap)),
                    });
                }
            } else if let Some(items) = node.get("items") {
                for probe in self.probes(items, key, depth + 1) {
                    let wrap = |value: &Value| json!([value]);
                    probes.push(Probe {
                        at: format!("/0{}", probe.at),
                        with: probe.with.iter().map(wrap).collect(),
                        without: probe.without.as_ref().map(wrap),
                    });
                }
            } else if node.get("properties").is_none() {
                probes.push(Probe {
                    at: String::new(),
                    with: values(node, key),
                    without: None,
                });
            }
        }
        probes
    }

    fn object(
        &self,
        node: &'s Value,
        properties: &'s Map<String, Value>,
        depth: usize,
        probes: &mut Vec<Probe>,
    ) {
        let required: Vec<&str> = node
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        for (name, schema) in properties {
            if (depth > 0 && ALIASES.contains(&name.as_str())) || (depth == 0 && is_level(name)) {
                continue;
            }
            let mut around = Map::new();
            if depth > 1 {
                for sibling in required.iter().filter(|sibling| *sibling != name) {
                    if let Some(schema) = properties.get(*sibling) {
                        around.insert((*sibling).to_owned(), self.least(schema, sibling));
                    }
                }
            }
            for probe in self.probes(schema, name, depth + 1) {
                let wrap = |value: &Value| {
                    let mut map = around.clone();
                    map.insert(name.clone(), value.clone());
                    Value::Object(map)
                };
                let bare =
                    (!required.contains(&name.as_str())).then(|| Value::Object(around.clone()));
                probes.push(Probe {
                    at: format!("/{name}{}", probe.at),
                    with: probe.with.iter().map(wrap).collect(),
                    without: probe.without.as_ref().map(wrap).or(bare),
                });
            }
        }
    }

    /// The least that a schema allows.
    fn least(&self, node: &'s Value, key: &str) -> Value {
        let probe = self.probes(node, key, 9).into_iter().next();
        probe
            .and_then(|probe| probe.with.into_iter().next())
            .unwrap_or(Value::Null)
    }
}

/// Settings are the same at every level, and are stated at the cluster, the most specific one.
fn is_level(name: &str) -> bool {
    !matches!(name, "name" | "profile" | "domain" | "clusters" | "sizes")
}

/// Values that a leaf's schema allows.
fn values(node: &Value, key: &str) -> Vec<Value> {
    if let Some(all) = node.get("enum").and_then(Value::as_array) {
        return all.clone();
    }
    if let Some(only) = node.get("const") {
        return vec![only.clone()];
    }
    let mut values: Vec<Value> = node
        .get("examples")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let text = |list: &[&str]| list.iter().map(|text| json!(text)).collect::<Vec<_>>();
    let kind = node.get("type").map(Value::to_string).unwrap_or_default();
    if kind.contains("boolean") {
        values.extend([json!(true), json!(false)]);
    }
    if kind.contains("integer") || kind.contains("number") {
        let least = node.get("minimum").and_then(Value::as_i64).unwrap_or(1);
        values.extend([json!(least), json!(least + 1)]);
    }
    if kind.contains("string") {
        values.extend(text(
            match node
                .get("format")
                .and_then(Value::as_str)
                .unwrap_or_default()
            {
                "cidr" => &["10.99.0.0/16", "10.98.0.0/16"],
                "ip" | "address" => &["10.0.10.98", "10.0.10.97"],
                _ => &[],
            },
        ));
        if values.is_empty() {
            values.extend(text(&[&format!("{key}-one"), &format!("{key}-two")]));
        }
    }
    values
}
