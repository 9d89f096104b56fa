//! The user's patches over objects: strategic merge, or the operations of RFC 6902.

use super::operations::{self, Reached};
use syntax::merge::{MergeRules, merge};
use syntax::{Diagnostic, Diagnostics, Kind, Map, Node, OriginId, Origins, Severity};

/// The keys by which lists of maps are matched in a strategic merge, as Kubernetes marks them.
const MERGE_KEYS: [&str; 7] = [
    "name",
    "containerPort",
    "port",
    "mountPath",
    "devicePath",
    "ip",
    "key",
];

/// Applies `{target, patch}` entries to objects; one that matches or changes nothing is a warning.
pub fn apply(
    patches: &[Node],
    objects: &mut [&mut Node],
    origins: &mut Origins,
    found: &mut Diagnostics,
) {
    for entry in patches {
        let Some(patch) = entry.get("patch") else {
            continue;
        };
        let patch = &aimed(patch, entry.get("target"), origins);
        let mut matched = false;
        let mut changed = false;
        let errors = found.count(Severity::Error);
        let mut reached = vec![Reached::default(); patch.items().len()];
        for object in objects
            .iter_mut()
            .filter(|object| matches(entry.get("target"), object))
        {
            matched = true;
            let before = (**object).clone();
            match patch.kind() {
                Kind::List(operations) => {
                    for (operation, reached) in operations.iter().zip(&mut reached) {
                        reached.add(operations::operate(object, operation, origins, found));
                    }
                }
                Kind::Map(_) => **object = strategic(before.clone(), patch, origins, found),
                Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
            }
            changed |= before != **object;
        }
        let lost = operations::report(patch.items(), &reached, origins, found);
        let problem = match (matched, changed) {
            (true, true) => continue,
            (true, false) if lost || found.count(Severity::Error) > errors => continue,
            (true, false) => Diagnostic::warning("no-effect", "a patch changes nothing").help("take it out"),
            (false, _) => Diagnostic::warning("no-effect", "a patch matches no object")
                .help("its `target` names the kind, name or namespace of objects that the component makes"),
        };
        found.add(problem.at(origins.place(entry.origin()), "this patch"));
    }
}

/// The patch, each value of which also depends on what its target says.
fn aimed(patch: &Node, target: Option<&Node>, origins: &mut Origins) -> Node {
    let target: Vec<OriginId> = target
        .iter()
        .flat_map(|target| target.entries())
        .map(|entry| entry.value.origin())
        .collect();
    let mut patch = patch.clone();
    if !target.is_empty() {
        aim(&mut patch, &target, origins);
    }
    patch
}

fn aim(node: &mut Node, target: &[OriginId], origins: &mut Origins) {
    match node.kind_mut() {
        Kind::Map(map) if !map.is_empty() => {
            for entry in map.entries_mut() {
                aim(&mut entry.value, target, origins);
            }
        }
        Kind::List(items) if !items.is_empty() => {
            for item in items.make_mut() {
                aim(item, target, origins);
            }
        }
        Kind::Null
        | Kind::Bool(_)
        | Kind::Number(_)
        | Kind::String(_)
        | Kind::List(_)
        | Kind::Map(_) => {
            let mut reads = vec![node.origin()];
            reads.extend_from_slice(target);
            let origin = origins.rule("component/patched", &reads);
            let value = std::mem::replace(node, Node::null(origin));
            *node = value.with_origin(origin);
        }
    }
}

/// Whether an object is meant by a target: each key that it states must agree; `*` stands for anything.
fn matches(target: Option<&Node>, object: &Node) -> bool {
    let Some(target) = target else { return true };
    target.entries().iter().all(|entry| {
        let Some(want) = entry.value.as_str() else {
            return false;
        };
        let have = match entry.key.as_str() {
            "kind" => object.str_at(&["kind"]),
            "name" => object.str_at(&["metadata", "name"]),
            "namespace" => object.str_at(&["metadata", "namespace"]),
            "group" => {
                let version = object.str_at(&["apiVersion"]).unwrap_or_default();
                Some(version.split_once('/').map_or("", |(group, _)| group))
            }
            _ => None,
        };
        have.is_some_and(|have| want == have || glob(want, have))
    })
}

fn glob(pattern: &str, text: &str) -> bool {
    globset::Glob::new(pattern).is_ok_and(|glob| glob.compile_matcher().is_match(text))
}

/// A strategic merge: maps merge, `null` deletes, lists of maps match by their key, `$patch: delete` removes.
#[must_use]
pub fn strategic(base: Node, patch: &Node, origins: &mut Origins, found: &mut Diagnostics) -> Node {
    let (Kind::Map(_), Some(over)) = (base.kind(), patch.as_map()) else {
        return patch.clone();
    };
    let origin = base.origin();
    let mut map = match base.into_kind() {
        Kind::Map(map) => map,
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::List(_) => {
            Map::default()
        }
    };
    for entry in over.entries().iter().filter(|entry| entry.key != "$patch") {
        if entry.value.is_null() || entry.value.str_at(&["$patch"]) == Some("delete") {
            map.remove(&entry.key);
            continue;
        }
        let value = match map.get(&entry.key).cloned() {
            Some(old) if entry.value.as_map().is_some() => {
                strategic(old, &entry.value, origins, found)
            }
            Some(old) if keyed(&old) && keyed(&entry.value) => {
                keyed_merge(&old, &entry.value, origins, found)
            }
            Some(old) => merge(
                old,
                entry.value.clone(),
                &MergeRules::none(),
                origins,
                found,
            ),
            None => entry.value.clone(),
        };
        map.set(entry.key.clone(), entry.key_origin, value);
    }
    Node::map(map, origin)
}

/// The key by which the items of a list are matched.
fn merge_key(list: &Node) -> Option<&'static str> {
    let items = list.items();
    MERGE_KEYS
        .into_iter()
        .find(|key| !items.is_empty() && items.iter().all(|item| item.get(key).is_some()))
}

fn keyed(list: &Node) -> bool {
    merge_key(list).is_some()
}

fn keyed_merge(base: &Node, patch: &Node, origins: &mut Origins, found: &mut Diagnostics) -> Node {
    let Some(key) = merge_key(patch) else {
        return patch.clone();
    };
    let mut items = base.items().to_vec();
    for over in patch.items() {
        let at = items.iter().position(|item| item.get(key) == over.get(key));
        match at {
            Some(at) if over.str_at(&["$patch"]) == Some("delete") => {
                items.remove(at);
            }
            Some(at) => {
                if let Some(item) = items.get_mut(at) {
                    *item = strategic(item.clone(), over, origins, found);
                }
            }
            None => items.push(over.clone()),
        }
    }
    Node::list(items, base.origin())
}
