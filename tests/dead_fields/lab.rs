//! Where fields are stated: the fixture's clusters, each resolved once, and the whole spec where that is what they are about.

use crate::support::Files;
use crate::support::world::Memory;
use model::shape::Shape;
use passes::Judged;
use passes::resolve::{ClusterSpec, Platform};
use serde_json::{Map, Value, json};
use syntax::{Diagnostics, Node, OriginId};

/// What became of a spec: files and what is said beside them, by the compiler and by rules; or its errors.
pub(super) type Outcome = Result<(Files, Vec<String>), Vec<String>>;

/// The fixture, loaded once.
pub(super) struct Lab {
    memory: Memory,
    spec: Value,
    /// The schema of the spec.
    pub(super) schema: Value,
    platform: Platform,
    cluster: Shape,
}

impl Lab {
    /// The fixture over the library of this repository, by a schema to which fields may be added.
    pub(super) fn open(add: impl FnOnce(&mut Value)) -> Self {
        let spec: Value =
            serde_yaml::from_str(include_str!("platform.yaml")).expect("the fixture is YAML");
        let mut memory = Memory::example("none");
        memory
            .project
            .insert("stores.csv".to_owned(), b"name,id\nstore,9\n".to_vec());
        seal(&mut memory, &spec);
        // Something must run databases.
        let operator = "components/cloudnative-pg/component.yaml";
        if !memory.library.contains_key(operator) {
            let apps = Memory::golden("apps").project;
            let component = apps.get(operator).expect("the component of the case");
            memory
                .project
                .insert(operator.to_owned(), component.clone());
        }
        let mut found = Diagnostics::default();
        let mut schema = model::schema::platform_schema(&passes::library(&memory, &mut found));
        add(&mut schema);
        memory
            .project
            .insert("platform.yaml".to_owned(), spec.to_string().into_bytes());
        let platform = passes::front(&memory, "platform.yaml", &mut found).platform;
        assert!(!found.has_errors(), "{:#?}", found.sorted());
        let defs = schema.get("$defs").expect("definitions");
        let cluster = Shape::new(json!({ "$ref": "#/$defs/Cluster", "$defs": defs }));
        Lab {
            memory,
            spec,
            platform: platform.expect("the fixture"),
            cluster,
            schema,
        }
    }

    /// One of the fixture's clusters with fragments laid over it.
    pub(super) fn cluster(&self, name: &str, over: &[&Value]) -> Outcome {
        let clusters = &self.platform.clusters;
        let base = clusters.iter().find(|spec| spec.name == name);
        let mut spec: ClusterSpec = base.expect("a cluster of the fixture").clone();
        let said = self.spec.get("clusters").and_then(|all| all.get(name));
        let mut said = said.expect("a cluster of the fixture").clone();
        for fragment in over {
            merge(&mut said, fragment);
        }
        let mut layer = node(&said, self.platform.spec.origin());
        let mut found = Diagnostics::default();
        let Platform {
            sources, origins, ..
        } = &self.platform;
        self.cluster
            .check(&mut layer, "the cluster", sources, origins, &mut found);
        spec.layers = vec![layer];
        let mut files = Files::new();
        if !found.has_errors() {
            let mut judged = Judged::default();
            lower(&self.platform, &spec, &mut files, &mut found, &mut judged);
            return outcome(files, found, judged);
        }
        outcome(files, found, Judged::default())
    }

    /// The fixture with fragments laid over one of its clusters.
    pub(super) fn with_cluster(&self, name: &str, over: &[&Value]) -> Outcome {
        let mut together = json!({});
        for fragment in over {
            merge(&mut together, fragment);
        }
        self.whole(&[&json!({ "clusters": { name: together } })])
    }

    /// The fixture with something laid over all of it.
    pub(super) fn whole(&self, over: &[&Value]) -> Outcome {
        let mut spec = self.spec.clone();
        for fragment in over {
            merge(&mut spec, fragment);
        }
        let mut memory = self.memory.clone();
        memory
            .project
            .insert("platform.yaml".to_owned(), spec.to_string().into_bytes());
        let mut found = Diagnostics::default();
        let platform = passes::front(&memory, "platform.yaml", &mut found).platform;
        let mut files = Files::new();
        let mut judged = Judged::default();
        if let Some(platform) = platform.filter(|_| !found.has_errors()) {
            for spec in &platform.clusters {
                lower(&platform, spec, &mut files, &mut found, &mut judged);
            }
        }
        outcome(files, found, judged)
    }
}

/// Gives each cluster a sealed file of some age, and SOPS a rule for them.
fn seal(memory: &mut Memory, spec: &Value) {
    const PERSON: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    let rules = format!("creation_rules: [{{ path_regex: ^secrets/, age: {PERSON} }}]\n");
    let mut add = |path: String, text: String| memory.project.insert(path, text.into_bytes());
    add(".sops.yaml".to_owned(), rules);
    let clusters = spec.get("clusters").and_then(Value::as_object);
    for cluster in clusters.into_iter().flat_map(Map::keys) {
        let text = format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{ name: old, namespace: flux-system }}\n\
             stringData: {{ word: 'ENC[AES256_GCM,data:aGk=,iv:x,tag:y,type:str]' }}\n\
             sops: {{ age: [{{ recipient: {PERSON} }}], lastmodified: '2025-12-01T00:00:00Z', mac: 'ENC[x]' }}\n"
        );
        add(format!("secrets/{cluster}/flux-system/old.yaml"), text);
    }
}

fn lower(
    platform: &Platform,
    spec: &ClusterSpec,
    files: &mut Files,
    found: &mut Diagnostics,
    judged: &mut Judged,
) {
    let mut cell = passes::judged_cell(platform, spec);
    found.append(std::mem::take(&mut cell.found));
    judged.append(std::mem::take(&mut cell.judged));
    let written = passes::files(platform, cell);
    files.extend(written.into_iter().map(|file| (file.path, file.bytes)));
}

fn outcome(files: Files, found: Diagnostics, mut judged: Judged) -> Outcome {
    let failed = found.has_errors();
    let said = found.sorted().into_iter().map(|finding| finding.message);
    if failed {
        return Err(said.collect());
    }
    // That a rule says no is an effect of what is stated, and how loudly it does is another.
    judged.exceptions.tell(&mut judged.found);
    let ruled = judged.found.sorted().into_iter();
    let ruled = ruled.map(|it| format!("{:?}: {}", it.severity, it.message));
    Ok((files, said.chain(ruled).collect()))
}

/// Lays a fragment over another: what is null in it is taken away, and all but maps is replaced.
fn merge(base: &mut Value, over: &Value) {
    let Value::Object(over) = over else {
        *base = over.clone();
        return;
    };
    if !base.is_object() {
        *base = Value::Object(Map::new());
    }
    let base = base.as_object_mut().expect("a map");
    for (key, value) in over {
        if value.is_null() {
            base.remove(key);
        } else {
            merge(base.entry(key.clone()).or_insert(Value::Null), value);
        }
    }
}

/// A tree as if it had been written in the spec.
fn node(value: &Value, origin: OriginId) -> Node {
    match value {
        Value::Null => Node::null(origin),
        Value::Bool(value) => Node::bool(*value, origin),
        Value::Number(number) => Node::new(syntax::Kind::Number(number.to_string().into()), origin),
        Value::String(text) => Node::string(text.as_str(), origin),
        Value::Array(items) => Node::list(items.iter().map(|item| node(item, origin)), origin),
        Value::Object(map) => object(map, origin),
    }
}

fn object(map: &Map<String, Value>, origin: OriginId) -> Node {
    let entries = map
        .iter()
        .map(|(key, value)| (key.as_str(), node(value, origin)));
    Node::from_entries(entries, origin)
}
