//! One file of a repository: its documents, as the tools that apply them read them.

use syntax::parse::{Document, Older, older_reading, parse};
use syntax::{Diagnostic, Diagnostics, FileId, Kind, Node, OriginId, Origins, Severity};

/// What marks a text that is filled in before anybody reads it as YAML.
const HOLES: [&str; 6] = ["{{", "{%", "#{", "#%", "<%", "[["];

/// A YAML file.
#[derive(Debug)]
pub(super) struct File {
    /// Its path.
    pub(super) path: String,
    /// The number of its text.
    pub(super) id: FileId,
    /// Its documents.
    pub(super) documents: Vec<Document>,
    /// The Kubernetes objects in it.
    pub(super) objects: Vec<Node>,
    /// What can't be read.
    pub(super) broken: Vec<Diagnostic>,
    /// Whether it looks as if something fills it in first.
    pub(super) has_holes: bool,
    /// Whether it would be applied, going by what stands at the beginning of its lines.
    pub(super) says_kind: bool,
}

impl File {
    /// Reads a file.
    pub(super) fn read(path: &str, id: FileId, text: &str, origins: &mut Origins) -> File {
        let mut found = Diagnostics::default();
        let mut documents = parse(id, text, origins, &mut found);
        for document in &mut documents {
            read_as_older(&mut document.node, text, origins);
        }
        let errors = found.sorted().into_iter();
        let broken: Vec<Diagnostic> = errors
            .filter(|finding| finding.severity == Severity::Error)
            .collect();
        let mut objects = Vec::new();
        for document in &documents {
            gather(&document.node, &mut objects);
        }
        let says = |key: &str| text.lines().any(|line| line.starts_with(key));
        File {
            path: path.to_owned(),
            id,
            has_holes: HOLES.iter().any(|hole| text.contains(hole)),
            says_kind: says("apiVersion:") && says("kind:"),
            documents,
            objects,
            broken,
        }
    }

    /// Whether its name is that of a kustomization.
    pub(super) fn is_kustomization(&self) -> bool {
        is_kustomization(super::tree::name(&self.path))
    }

    /// Its first document.
    pub(super) fn node(&self) -> Option<&Node> {
        self.documents.first().map(|document| &document.node)
    }
}

/// Whether a file of this name says what is in its folder.
pub(super) fn is_kustomization(name: &str) -> bool {
    matches!(
        name,
        "kustomization.yaml" | "kustomization.yml" | "Kustomization"
    )
}

/// Whether a node is an object, or the beginning of one.
pub(super) fn is_object(node: &Node) -> bool {
    let says = |key: &str| node.str_at(&[key]).is_some_and(|text| !text.is_empty());
    says("apiVersion") && says("kind")
}

/// The objects of a document; a `List` is what is in it.
fn gather(node: &Node, objects: &mut Vec<Node>) {
    if !is_object(node) {
        return;
    }
    let kind = node.str_at(&["kind"]).unwrap_or_default();
    match node.get("items") {
        Some(items) if kind.ends_with("List") && node.get("metadata").is_none_or(is_bare) => {
            items.items().iter().for_each(|item| gather(item, objects));
        }
        _ => objects.push(unsealed(node)),
    }
}

fn is_bare(metadata: &Node) -> bool {
    metadata.get("name").is_none()
}

/// An object without what SOPS says of it.
fn unsealed(node: &Node) -> Node {
    let mut object = node.clone();
    let is_sops = node.at(&["sops", "mac"]).is_some() || node.at(&["sops", "version"]).is_some();
    if is_sops && let Some(map) = object.as_map_mut() {
        map.remove("sops");
    }
    object
}

/// Reads plain scalars as YAML 1.1 does, which Kubernetes' tools hold to: `yes` is true, `0644` is 420.
fn read_as_older(node: &mut Node, text: &str, origins: &Origins) {
    let instead = match node.kind() {
        Kind::Map(map) => {
            if map.is_empty() {
                return;
            }
            if let Some(map) = node.as_map_mut() {
                for entry in map.entries_mut() {
                    read_as_older(&mut entry.value, text, origins);
                }
            }
            return;
        }
        Kind::List(_) => {
            let items = node.items_mut().iter_mut();
            items.for_each(|item| read_as_older(item, text, origins));
            return;
        }
        Kind::String(said) if said.len() <= 3 => {
            let older = older_reading(said);
            older.filter(|_| is_plain(node.origin(), said, text, origins))
        }
        Kind::Number(_) => written(node.origin(), text, origins)
            .filter(|written| written.starts_with('0') && written.len() > 1)
            .and_then(older_reading),
        Kind::String(_) | Kind::Null | Kind::Bool(_) => None,
    };
    match instead {
        Some(Older::Bool(value)) => *node.kind_mut() = Kind::Bool(value),
        Some(Older::Number(value)) => *node.kind_mut() = Kind::Number(value.into()),
        Some(Older::Time) | None => {}
    }
}

/// Whether a text stands without quotes.
fn is_plain(origin: OriginId, said: &str, text: &str, origins: &Origins) -> bool {
    written(origin, text, origins) == Some(said)
}

fn written<'t>(origin: OriginId, text: &'t str, origins: &Origins) -> Option<&'t str> {
    let span = origins.place(origin)?;
    text.get(span.start as usize..span.end as usize)
}
