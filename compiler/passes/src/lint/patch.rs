//! Patches of kustomizations: whom they are for, and what becomes of an object.

use super::select::Target;
use syntax::parse::parse;
use syntax::pointer::Pointer;
use syntax::{Diagnostics, FileId, Kind, Map, Node, OriginId, Origins};

/// Keys by which lists of Kubernetes' own kinds are merged, the usual one first.
const MERGE_KEYS: [&str; 5] = ["name", "mountPath", "containerPort", "port", "ip"];

/// A patch.
#[derive(Clone, Debug)]
pub(super) struct Patch {
    target: Option<Target>,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    /// Merged with the object.
    Merge(Node),
    /// Steps, one after the other.
    Steps(Vec<Node>),
}

/// What a patch did to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is not for this one.
    Untouched,
    /// It is another now.
    Changed,
    /// It is gone.
    Gone,
}

impl Patch {
    /// The patches of an entry: its own text, or what `file` has of its path.
    pub(super) fn read(entry: &Node, file: &dyn Fn(&str) -> Vec<Node>) -> Vec<Patch> {
        let target = entry.get("target").map(Target::read);
        let nodes = match (entry.get("patch"), entry.str_at(&["path"])) {
            (Some(text), _) => inline(text),
            (None, Some(path)) => file(path),
            (None, None) => match entry.as_str() {
                Some(text) if text.contains('\n') => inline(entry),
                Some(path) => file(path),
                None => Vec::new(),
            },
        };
        let patch = |node: Node| Patch {
            target: target.clone(),
            what: match node.kind() {
                Kind::List(steps) => What::Steps(steps.to_vec()),
                Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Map(_) => {
                    What::Merge(node)
                }
            },
        };
        nodes.into_iter().map(patch).collect()
    }

    /// Applies it to an object, if it is for it.
    pub(super) fn apply(&self, object: &mut Node) -> Outcome {
        let is_for = match (&self.target, &self.what) {
            (Some(target), _) => target.takes(object),
            (None, What::Merge(patch)) => names(patch, object),
            (None, What::Steps(_)) => false,
        };
        if !is_for {
            return Outcome::Untouched;
        }
        match &self.what {
            What::Merge(patch) if is_deletion(patch) => Outcome::Gone,
            What::Merge(patch) => {
                let own = object.str_at(&["apiVersion"]).unwrap_or_default();
                let is_native = !own.contains('.') || own.contains(".k8s.io/");
                merge(object, patch, is_native, 0);
                Outcome::Changed
            }
            What::Steps(steps) => {
                for step in steps {
                    take(object, step);
                }
                Outcome::Changed
            }
        }
    }
}

/// Whether a patch names an object: by its kind, its name, and its namespace where it says one.
fn names(patch: &Node, object: &Node) -> bool {
    let group = |node: &Node| {
        let version = node.str_at(&["apiVersion"]).unwrap_or_default();
        version
            .rsplit_once('/')
            .map_or("", |(group, _)| group)
            .to_owned()
    };
    let same = |path: &[&str]| patch.str_at(path) == object.str_at(path);
    let namespace = patch.str_at(&["metadata", "namespace"]);
    group(patch) == group(object)
        && same(&["kind"])
        && same(&["metadata", "name"])
        && namespace.is_none_or(|own| object.str_at(&["metadata", "namespace"]) == Some(own))
}

fn is_deletion(patch: &Node) -> bool {
    patch.str_at(&["$patch"]) == Some("delete")
}

/// The documents of a text in a text: what is found in them stands at that text.
pub(super) fn inline(text: &Node) -> Vec<Node> {
    let Some(yaml) = text.as_str() else {
        return vec![text.clone()];
    };
    let mut origins = Origins::default();
    let mut found = Diagnostics::default();
    let documents = parse(FileId(u32::MAX), yaml, &mut origins, &mut found);
    if found.has_errors() {
        return Vec::new();
    }
    let moved = documents.into_iter().map(|document| {
        let mut node = document.node;
        at(&mut node, text.origin());
        node
    });
    moved.collect()
}

/// Gives a whole tree one origin.
pub(super) fn at(node: &mut Node, origin: OriginId) {
    let whole = std::mem::replace(node, Node::null(origin));
    *node = whole.with_origin(origin);
    for item in node.items_mut() {
        at(item, origin);
    }
    for entry in node.as_map_mut().map_or(&mut [][..], Map::entries_mut) {
        entry.key_origin = origin;
        at(&mut entry.value, origin);
    }
}

/// Merges a patch into a value: maps key by key, lists of Kubernetes' own kinds by the names of their items, all else is
/// replaced.
fn merge(base: &mut Node, patch: &Node, is_native: bool, depth: usize) {
    match patch.kind() {
        Kind::Map(changes) if base.as_map().is_some() => {
            if patch.str_at(&["$patch"]) == Some("replace") {
                *base = patch.clone();
                return;
            }
            let Some(map) = base.as_map_mut() else { return };
            for entry in changes.entries() {
                let key = entry.key.as_str();
                // What it is and what it is called stays.
                if depth == 0 && matches!(key, "apiVersion" | "kind") || key.starts_with('$') {
                    continue;
                }
                match map.get_mut(key) {
                    _ if entry.value.is_null() || is_deletion(&entry.value) => {
                        map.remove(key);
                    }
                    Some(value) if depth == 0 && key == "metadata" => {
                        metadata(value, &entry.value);
                    }
                    Some(value) => merge(value, &entry.value, is_native, depth + 1),
                    None => map.set(key, entry.key_origin, without_nulls(&entry.value)),
                }
            }
        }
        Kind::List(items) if is_native => match key_of(items).filter(|_| is_list(base)) {
            Some(key) => lists(base, items, key, depth),
            None => *base = patch.clone(),
        },
        Kind::Null
        | Kind::Bool(_)
        | Kind::Number(_)
        | Kind::String(_)
        | Kind::List(_)
        | Kind::Map(_) => *base = patch.clone(),
    }
}

fn is_list(node: &Node) -> bool {
    matches!(node.kind(), Kind::List(_))
}

/// Labels and annotations are merged; the name and the namespace stay.
fn metadata(base: &mut Node, patch: &Node) {
    let Some(map) = base.as_map_mut() else { return };
    for entry in patch.entries() {
        let key = entry.key.as_str();
        if matches!(key, "name" | "namespace") {
            continue;
        }
        match map.get_mut(key) {
            Some(value) => merge(value, &entry.value, false, 1),
            None => map.set(key, entry.key_origin, entry.value.clone()),
        }
    }
}

fn without_nulls(node: &Node) -> Node {
    let mut node = node.clone();
    if let Some(map) = node.as_map_mut() {
        let nulls: Vec<_> = map
            .entries()
            .iter()
            .filter(|entry| entry.value.is_null())
            .map(|entry| entry.key.clone())
            .collect();
        for key in nulls {
            map.remove(&key);
        }
    }
    node
}

/// The key that every item of a list has.
fn key_of(items: &[Node]) -> Option<&'static str> {
    let all = |key: &&&str| items.iter().all(|item| item.get(key).is_some());
    MERGE_KEYS.iter().find(all).copied()
}

fn lists(base: &mut Node, items: &[Node], key: &str, depth: usize) {
    let Kind::List(list) = base.kind_mut() else {
        return;
    };
    for item in items {
        let same = |there: &Node| there.get(key) == item.get(key);
        if is_deletion(item) {
            list.retain(|there| !same(there));
            continue;
        }
        match list.make_mut().iter_mut().find(|there| same(there)) {
            Some(there) => merge(there, item, true, depth + 1),
            None => list.push(item.clone()),
        }
    }
}

/// Takes one step of a JSON patch; one that can't be taken changes nothing.
fn take(object: &mut Node, step: &Node) {
    let (Some(op), Some(path)) = (step.str_at(&["op"]), step.str_at(&["path"])) else {
        return;
    };
    let Ok(pointer) = Pointer::parse(path) else {
        return;
    };
    let (Some(parent), Some(last)) = (pointer.parent(), pointer.last()) else {
        return;
    };
    let Some(parent) = object.find_mut(&parent) else {
        return;
    };
    let value = step.get("value").cloned();
    match (parent.kind_mut(), op, value) {
        (Kind::Map(map), "add" | "replace", Some(value)) => {
            map.set(last.clone(), value.origin(), value);
        }
        (Kind::Map(map), "remove", _) => {
            map.remove(last);
        }
        (Kind::List(list), "add", Some(value)) if last == "-" => list.push(value),
        (Kind::List(list), "add", Some(value)) => {
            if let Some(at) = last.parse().ok().filter(|at| *at <= list.len()) {
                list.insert(at, value);
            }
        }
        (Kind::List(list), "replace", Some(value)) => {
            let at = last.parse::<usize>().ok();
            if let Some(item) = at.and_then(|at| list.make_mut().get_mut(at)) {
                *item = value;
            }
        }
        (Kind::List(list), "remove", _) => {
            if let Some(at) = last.parse().ok().filter(|at| *at < list.len()) {
                list.remove(at);
            }
        }
        (
            Kind::Null
            | Kind::Bool(_)
            | Kind::Number(_)
            | Kind::String(_)
            | Kind::List(_)
            | Kind::Map(_),
            _,
            _,
        ) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(text: &str) -> Node {
        let (mut origins, mut found) = (Origins::default(), Diagnostics::default());
        let mut documents = parse(FileId(0), text, &mut origins, &mut found);
        documents.remove(0).node
    }

    fn patched(object: &str, entry: &str) -> Option<Node> {
        let mut object = node(object);
        for patch in Patch::read(&node(entry), &|_| Vec::new()) {
            if patch.apply(&mut object) == Outcome::Gone {
                return None;
            }
        }
        Some(object)
    }

    const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: x, image: i}], n: 1}\n";

    #[test]
    fn maps_merge_and_lists_by_name() {
        let patch = "patch: |\n  apiVersion: v1\n  kind: Pod\n  metadata: {name: a, labels: {l: v}}\n  spec: {n: null, containers: [{name: x, tty: true}, {name: y}]}\n";
        let expected = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {l: v}}\nspec: {containers: [{name: x, image: i, tty: true}, {name: y}]}\n";
        assert_eq!(patched(POD, patch), Some(node(expected)));
    }

    #[test]
    fn targets_and_steps() {
        let entry = "target: {kind: Po.*}\npatch: '[{op: replace, path: /spec/n, value: 2}, {op: add, path: /spec/containers/-, value: {name: z}}, {op: remove, path: /spec/containers/0}]'\n";
        let expected = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: z}], n: 2}\n";
        assert_eq!(patched(POD, entry), Some(node(expected)));
        let other = "target: {kind: Job}\npatch: '[{op: remove, path: /spec}]'\n";
        assert_eq!(patched(POD, other), Some(node(POD)));
        let gone = "target: {name: a}\npatch: '{$patch: delete, kind: Pod, apiVersion: v1, metadata: {name: _}}'\n";
        assert_eq!(patched(POD, gone), None);
    }
}
