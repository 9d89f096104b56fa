//! ConfigMaps and Secrets that Kustomize makes of files and words.

use super::kustomize::{Built, Item, is_elsewhere, nothing};
use super::repo::{Repo, There};
use super::tree::{name, resolve};
use std::collections::BTreeMap;
use syntax::{Diagnostic, Node, OriginId};

const GENERATORS: [(&str, &str); 2] = [
    ("configMapGenerator", "ConfigMap"),
    ("secretGenerator", "Secret"),
];

/// Adds what a kustomization makes.
pub(super) fn generate(repo: &Repo<'_>, folder: &str, node: &Node, at: usize, built: &mut Built) {
    for (key, kind) in GENERATORS {
        for entry in node.get(key).map_or(&[][..], Node::items) {
            let files = files(folder, entry).into_iter();
            built.data.extend(files.map(|(_, _, path)| path));
            let Some(name) = entry.get("name") else {
                continue;
            };
            let data = data(repo, folder, entry);
            let is_same = |item: &Item| {
                item.node.str_at(&["kind"]) == Some(kind)
                    && item.node.str_at(&["metadata", "name"]) == name.as_str()
            };
            let is_more = entry.str_at(&["behavior"]).is_some_and(|it| it != "create");
            if is_more && built.items.iter().any(is_same) {
                continue;
            }
            built.items.push(Item {
                node: object(kind, name, entry, data),
                file: at,
                generated: true,
            });
        }
    }
}

/// The files that a kustomization makes something of and that are not there.
pub(super) fn missing(repo: &Repo<'_>, folder: &str, node: &Node) -> Vec<Diagnostic> {
    let entries = GENERATORS.iter().filter_map(|(key, _)| node.get(key));
    let entries = entries.flat_map(Node::items);
    let files = entries.flat_map(|entry| files(folder, entry));
    files
        .filter(|(_, _, path)| !path.contains("${") && repo.there(path) == There::Nothing)
        .map(|(at, _, path)| nothing(repo, at, &path))
        .collect()
}

/// The files of an entry: where they are named, their keys, their paths.
fn files<'n>(folder: &str, entry: &'n Node) -> Vec<(&'n Node, String, String)> {
    let mut all = Vec::new();
    for key in ["files", "envs"] {
        for item in entry.get(key).map_or(&[][..], Node::items) {
            let Some(said) = item.as_str() else { continue };
            let (key, path) = said.split_once('=').unwrap_or((name(said), said));
            if let Some(path) = resolve(folder, path).filter(|_| !is_elsewhere(path)) {
                all.push((item, key.to_owned(), path));
            }
        }
    }
    if let Some(item) = entry.get("env")
        && let Some(path) = item.as_str().and_then(|path| resolve(folder, path))
    {
        all.push((item, String::new(), path));
    }
    all
}

/// The keys that are made; a value is known only where it is a word.
fn data(repo: &Repo<'_>, folder: &str, entry: &Node) -> BTreeMap<String, Node> {
    let mut data = BTreeMap::new();
    let listed = |key: &str| entry.get(key).map_or(&[][..], Node::items);
    for item in listed("literals") {
        let pair = item.as_str().and_then(|said| said.split_once('='));
        if let Some((key, value)) = pair {
            let value = value.trim_matches(['"', '\'']);
            data.insert(key.to_owned(), Node::string(value, item.origin()));
        }
    }
    let lines_of = |path: &str| {
        let bytes = repo.world.read(path)?.ok()?.0;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    };
    let is_env = |item: &Node| {
        listed("envs")
            .iter()
            .any(|env| env.origin() == item.origin())
            || entry
                .get("env")
                .is_some_and(|env| env.origin() == item.origin())
    };
    for (item, key, path) in files(folder, entry) {
        if !is_env(item) {
            data.insert(key, Node::null(item.origin()));
            continue;
        }
        let lines = lines_of(&path).unwrap_or_default();
        let pairs = lines.lines().filter(|line| !line.starts_with('#'));
        for (key, value) in pairs.filter_map(|line| line.split_once('=')) {
            let value = Node::string(value.trim(), item.origin());
            data.insert(key.trim().to_owned(), value);
        }
    }
    data
}

fn object(kind: &str, name: &Node, entry: &Node, data: BTreeMap<String, Node>) -> Node {
    let origin = name.origin();
    let text = |text: &str| Node::string(text, OriginId::default());
    let mut metadata = vec![("name", name.clone())];
    if let Some(namespace) = entry.get("namespace") {
        metadata.push(("namespace", namespace.clone()));
    }
    let options = entry.get("options");
    for key in ["labels", "annotations"] {
        if let Some(said) = options.and_then(|options| options.get(key)) {
            metadata.push((key, said.clone()));
        }
    }
    let field = if kind == "Secret" {
        "stringData"
    } else {
        "data"
    };
    Node::from_entries(
        [
            ("apiVersion", text("v1")),
            ("kind", text(kind)),
            ("metadata", Node::from_entries(metadata, origin)),
            (field, Node::from_entries(data, origin)),
        ],
        origin,
    )
}
