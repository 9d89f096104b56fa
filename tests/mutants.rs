//! One mutant per field of real objects: a misspelt key, a value of another type, a null. Each must be refused where it
//! is, or taken, as the API server would.
//!
//! `MUTANTS=FILE` writes every mutant and its verdict as a line of JSON, for an API server to judge.

use crate::support::world::Memory;
use crate::support::{Files, files, folders, none_of, root};
use model::shape::to_value;
use model::structural::{Fault, Mistake, Schemas, Verdict};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use syntax::parse::parse_one;
use syntax::{Diagnostics, Kind, Node, Origins, Pointer, Sources};

/// Fields whose keys anybody may choose, but not what they hold: ends of paths, after a kind where one has it alone.
const FREE_KEYS: &[&str] = &[
    "annotations",
    "commonLabels",
    "config",
    "data",
    "default",
    "defaultRequest",
    "featureGates",
    "hard",
    "labels",
    "limits",
    "matchLabels",
    "max",
    "nodeSelector",
    "parameters",
    "requests",
    "stringData",
    "v1 Service spec/selector",
];
/// Fields that hold anything.
const FREE: &[&str] = &[
    "code/*/source",
    "jsonPatches/*/value",
    "openAPIV3Schema",
    "overrides/*/value",
    "values",
    "variables/*/value",
];
/// Groups whose kinds are made in a cluster, or are made up by a case.
const UNTOLD: &[&str] = &["constraints.gatekeeper.sh/"];
/// What says which kind an object is of.
const IDENTITY: &[&str] = &["/apiVersion", "/kind", "/metadata", "/metadata/name"];

/// What is done to a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Change {
    Misspelt,
    Mistyped,
    Null,
    Removed,
}

/// A broken copy of an object.
struct Mutant {
    change: Change,
    /// The field, as findings name it.
    path: String,
    node: Node,
}

#[test]
fn every_field_is_held() {
    let schemas = Schemas::default();
    let mut findings = BTreeSet::new();
    let mut counts: BTreeMap<Change, usize> = BTreeMap::new();
    let file = std::env::var_os("MUTANTS");
    let mut lines = file.as_ref().map(|_| String::new());
    let mut refused_nulls = 0;
    let (mut objects, mut seen) = (0, BTreeSet::new());
    for object in &every_object() {
        if schemas.check(object) == Verdict::NoTable {
            let group = object.str_at(&["apiVersion"]).unwrap_or_default();
            let untold = UNTOLD.iter().any(|untold| group.starts_with(untold));
            assert!(untold, "no table has {} of {group}", name(object));
            continue;
        }
        objects += 1;
        let mistakes = |node: &Node| match schemas.check(node) {
            Verdict::Checked(mistakes) => mistakes,
            Verdict::NoKind(_) | Verdict::NoVersion(_) | Verdict::NoTable => {
                panic!("no table has {}", name(object))
            }
        };
        assert_eq!(mistakes(object), [], "{}", name(object));
        for field in fields(object) {
            // One of a kind is enough, and of a list's items the first that has it.
            if !seen.insert((kind(object), in_general(object, &field))) {
                continue;
            }
            let mut of = BTreeMap::new();
            for mutant in mutants(object, &field) {
                *counts.entry(mutant.change).or_default() += 1;
                let found = mistakes(&mutant.node);
                if let Some(lines) = &mut lines {
                    let said = found.iter().map(|m| format!("{} {}", m.path, m.message));
                    let line = serde_json::json!({
                        "good": found.is_empty(),
                        "change": format!("{:?}", mutant.change),
                        "path": mutant.path,
                        "said": said.collect::<Vec<_>>(),
                        "object": to_value(&mutant.node),
                    });
                    *lines += &format!("{line}\n");
                }
                if !is_caught(&mutant, &found) {
                    findings.insert(format!(
                        "{}: {:?} `{}` gives {found:?}",
                        name(object),
                        mutant.change,
                        mutant.path
                    ));
                }
                of.insert(mutant.change, found);
            }
            // Null is refused where it is, or the same as nothing, or a value like others.
            let (null, removed) = (of.get(&Change::Null), of.get(&Change::Removed));
            if let (Some(null), Some(removed)) = (null, removed)
                && !null.is_empty()
            {
                refused_nulls += 1;
                let path = in_words(object, &field);
                let here = null
                    .iter()
                    .any(|m| m.fault == Fault::Type && m.path == path);
                if !here && faults(null) != faults(removed) {
                    findings.insert(format!("{}: null at `{path}` gives {null:?}", name(object)));
                }
            }
        }
    }
    if let (Some(file), Some(lines)) = (file, lines) {
        fs::write(file, lines).expect("the mutants to be written");
    }
    none_of(&findings.into_iter().collect::<Vec<_>>());
    // Floors: fewer mean that the mutants went missing, not that the objects got better.
    assert!(objects > 200, "{objects} objects");
    for (change, floor) in [
        (Change::Misspelt, 900),
        (Change::Mistyped, 1000),
        (Change::Null, 900),
    ] {
        let count = counts.get(&change).copied().unwrap_or(0);
        assert!(count > floor, "{count} of {change:?}");
    }
    assert!(refused_nulls > 300, "{refused_nulls} nulls are refused");
}

/// Whether a mutant is refused where it was broken.
fn is_caught(mutant: &Mutant, found: &[Mistake]) -> bool {
    let fault = match mutant.change {
        Change::Misspelt => Fault::Unknown,
        Change::Mistyped => Fault::Type,
        Change::Null | Change::Removed => return true,
    };
    found
        .iter()
        .any(|mistake| mistake.fault == fault && mistake.path == mutant.path)
}

fn faults(mistakes: &[Mistake]) -> BTreeSet<(Fault, &str)> {
    let all = mistakes.iter();
    all.map(|mistake| (mistake.fault, mistake.path.as_str()))
        .collect()
}

fn kind(object: &Node) -> String {
    let text = |path: &[&str]| object.str_at(path).unwrap_or_default().to_owned();
    format!("{} {}", text(&["apiVersion"]), text(&["kind"]))
}

fn name(object: &Node) -> String {
    let name = object.str_at(&["metadata", "name"]).unwrap_or_default();
    format!("{} {name}", kind(object))
}

/// A field without the places of items in their lists.
fn in_general(object: &Node, field: &Pointer) -> String {
    let mut node = Some(object);
    let mut words = String::new();
    for token in field.tokens() {
        let is_item = node.is_some_and(|node| node.as_map().is_none());
        words += if is_item { "*" } else { token };
        words.push('/');
        node = node.and_then(|node| node.step(token));
    }
    words
}

/// Every object of the golden trees, of each component's README, and of `objects.yaml`.
fn every_object() -> Vec<Node> {
    let mut trees: Vec<Files> = folders(&root().join("golden"))
        .iter()
        .map(|case| files(&root().join("golden").join(case).join("out")))
        .collect();
    let components = folders(&root().join("components"));
    trees.par_extend(components.par_iter().filter_map(|name| {
        let path = root().join("components").join(name).join("README.md");
        let readme = fs::read_to_string(path).unwrap_or_default();
        let spec = readme.split("```yaml\n").skip(1).find_map(|rest| {
            let (spec, _) = rest.split_once("```")?;
            spec.contains("kind: Platform").then(|| spec.to_owned())
        });
        let mut world = Memory::example("homelab");
        world.project = [("platform.yaml".to_owned(), spec?.into_bytes())].into();
        Some(built(&world))
    }));
    let mut objects = documents("objects.yaml", include_str!("mutants/objects.yaml"));
    for (path, bytes) in trees.iter().flatten() {
        let wanted = path.starts_with("clusters/") && !path.ends_with("/kustomization.yaml");
        if let Some(text) = str::from_utf8(bytes).ok().filter(|_| wanted) {
            objects.extend(documents(path, text));
        }
    }
    objects
}

/// The files of a world; what another test finds wrong is not judged here.
fn built(world: &Memory) -> Files {
    let mut found = Diagnostics::default();
    let front = passes::front(world, "platform.yaml", &mut found);
    let mut files = Files::new();
    if let Some(platform) = front.platform.filter(|_| !found.has_errors()) {
        for cluster in &platform.clusters {
            let cell = passes::cell(&platform, cluster);
            let written = passes::files(&platform, cell);
            files.extend(written.into_iter().map(|file| (file.path, file.bytes)));
        }
    }
    files
}

/// The objects of a text; sealed ones are for others to read.
fn documents(path: &str, text: &str) -> Vec<Node> {
    let (mut sources, mut origins) = (Sources::default(), Origins::default());
    let mut read = |text: &str| {
        let file = sources.add(path, text);
        parse_one(file, text, &mut origins, &mut Diagnostics::default())
    };
    let is_object = |node: &Node| node.get("kind").is_some() && node.get("sops").is_none();
    text.split("\n---\n")
        .filter_map(&mut read)
        .filter(is_object)
        .collect()
}

/// Every field of an object that has a name, but for those inside of what holds anything.
fn fields(object: &Node) -> Vec<Pointer> {
    let mut found = Vec::new();
    collect(object, object, &mut Pointer::root(), &mut found);
    found.retain(|pointer| !IDENTITY.contains(&pointer.to_string().as_str()));
    found
}

fn collect(object: &Node, node: &Node, at: &mut Pointer, found: &mut Vec<Pointer>) {
    for entry in node.entries() {
        at.push(entry.key.clone());
        found.push(at.clone());
        if !is_among(FREE, object, at) {
            collect(object, &entry.value, at, found);
        }
        at.pop();
    }
    for (index, item) in node.items().iter().enumerate() {
        at.push(index.to_string());
        collect(object, item, at, found);
        at.pop();
    }
}

/// Whether one of these paths is a field's.
fn is_among(paths: &[&str], object: &Node, field: &Pointer) -> bool {
    let place = format!("{} {}", kind(object), in_general(object, field));
    paths.iter().any(|path| {
        let before = place.strip_suffix(&format!("{path}/"));
        before.is_some_and(|before| before.is_empty() || before.ends_with(['/', ' ']))
    })
}

/// The broken copies of a field.
fn mutants(object: &Node, field: &Pointer) -> Vec<Mutant> {
    let Some((parent, key)) = field.parent().zip(field.last()) else {
        return Vec::new();
    };
    let free_keys = is_among(FREE_KEYS, object, &parent);
    let Some(value) = object.find(field) else {
        return Vec::new();
    };
    let mut made = Vec::new();
    let misspelt = format!("{key}x");
    if !free_keys {
        let node = changed(object, &parent, |map| {
            for entry in map.entries_mut() {
                if entry.key == *key {
                    entry.key = misspelt.as_str().into();
                }
            }
        });
        made.push((Change::Misspelt, parent.join(misspelt.as_str()), node));
    }
    let set = |value: Node| {
        changed(object, &parent, |map| {
            if let Some(there) = map.get_mut(key) {
                *there = value.clone();
            }
        })
    };
    if !is_among(FREE, object, field)
        && let Some(other) = other_type(value)
    {
        made.push((Change::Mistyped, field.clone(), set(other)));
    }
    if !free_keys {
        made.push((Change::Null, field.clone(), set(Node::null(value.origin()))));
        let node = changed(object, &parent, |map| {
            map.remove(key);
        });
        made.push((Change::Removed, field.clone(), node));
    }
    made.into_iter()
        .map(|(change, pointer, node)| Mutant {
            change,
            path: in_words(object, &pointer),
            node,
        })
        .collect()
}

/// A value of another type that no field takes which takes this one.
fn other_type(value: &Node) -> Option<Node> {
    let origin = value.origin();
    match value.kind() {
        Kind::String(_) => Some(Node::bool(true, origin)),
        Kind::Number(_) => Some(Node::bool(true, origin)),
        Kind::Bool(_) => Some(Node::string("yes", origin)),
        Kind::Map(_) => Some(Node::list(Vec::new(), origin)),
        Kind::List(_) => Some(Node::string("one", origin)),
        Kind::Null => None,
    }
}

fn changed(object: &Node, parent: &Pointer, change: impl FnOnce(&mut syntax::Map)) -> Node {
    let mut copy = object.clone();
    if let Some(map) = copy.find_mut(parent).and_then(Node::as_map_mut) {
        change(map);
    }
    copy
}

/// A field as findings name it.
fn in_words(object: &Node, pointer: &Pointer) -> String {
    let mut words = String::new();
    let mut node = Some(object);
    for token in pointer.tokens() {
        if node.is_some_and(|node| node.as_map().is_none()) || token.contains(['.', '/', '[']) {
            words += &format!("[{token}]");
        } else {
            if !words.is_empty() {
                words.push('.');
            }
            words += token;
        }
        node = node.and_then(|node| node.step(token));
    }
    words
}
