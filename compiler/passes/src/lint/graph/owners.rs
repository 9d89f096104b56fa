//! Objects that two Kustomizations of one cluster apply: each takes them from the other, and who goes takes them along.

use super::{Look, items};
use crate::lint::clusters::{Cluster, Unit};
use crate::lint::schema::has_hole;
use model::object::ObjectId;
use model::structural::is_namespaced;
use std::collections::BTreeMap;
use syntax::{Diagnostic, Node, Severity};

/// How Flux is told to leave an object alone, at least once it is there.
const LEFT: [(&str, &[&str]); 2] = [
    (
        "kustomize.toolkit.fluxcd.io/ssa",
        &["IfNotPresent", "Ignore", "Merge"],
    ),
    ("kustomize.toolkit.fluxcd.io/reconcile", &["disabled"]),
];

/// A Kustomization, by its number, and an object as it applies it.
type Owner<'a> = (usize, &'a Unit, &'a Node);

/// Judges a cluster.
pub(super) fn check(look: &mut Look<'_>, cluster: &Cluster) {
    let mut owners: BTreeMap<(ObjectId, Option<&str>), Vec<Owner<'_>>> = BTreeMap::new();
    for (at, unit, item) in items(cluster) {
        let is_off = unit.node.at(&["spec", "suspend"]).and_then(Node::as_bool) == Some(true);
        if item.generated || is_off || is_left(&item.node) {
            continue;
        }
        let Some(id) = identity(&item.node) else {
            continue;
        };
        // Another cluster may have an object of the same name.
        let remote = unit
            .node
            .str_at(&["spec", "kubeConfig", "secretRef", "name"]);
        let known = owners.entry((id, remote)).or_default();
        if known.iter().all(|(other, _, _)| *other != at) {
            known.push((at, unit, &item.node));
        }
    }
    for ((id, _), owners) in owners {
        tell(look, &id, &owners);
    }
}

/// What an object is called; `None` where that can't be known.
fn identity(node: &Node) -> Option<ObjectId> {
    let mut id = ObjectId::of(node)?;
    let is_open = has_hole(&id.name) || has_hole(&id.namespace);
    match is_namespaced(&id.group, &id.kind) {
        Some(false) => id.namespace = "".into(),
        // Whoever applies it decides.
        _ if id.namespace.is_empty() => return None,
        _ => {}
    }
    (!is_open).then_some(id)
}

fn is_left(node: &Node) -> bool {
    LEFT.iter().any(|(key, values)| {
        let said = node.str_at(&["metadata", "annotations", key]);
        let said = said.or_else(|| node.str_at(&["metadata", "labels", key]));
        said.is_some_and(|said| values.contains(&said))
    })
}

fn tell(look: &mut Look<'_>, id: &ObjectId, owners: &[(usize, &Unit, &Node)]) {
    let [(_, _, first), (_, _, second), ..] = owners else {
        return;
    };
    let names: Vec<String> = owners
        .iter()
        .map(|(_, unit, _)| format!("`{}`", unit.id.1))
        .collect();
    let message = match names.as_slice() {
        [a, b] => format!("{id} is applied by two Kustomizations: {a} and {b}"),
        names => format!(
            "{id} is applied by {} Kustomizations: {}",
            names.len(),
            names.join(", ")
        ),
    };
    // The same from both only changes hands; what differs is written anew each time.
    let differs = owners.iter().find(|(_, _, node)| node != first);
    let (severity, node) = match differs {
        None => (Severity::Warning, *second),
        Some((_, _, node)) => (Severity::Error, *node),
    };
    let (here, there) = (look.name_of(node), look.name_of(first));
    let there = there.filter(|place| Some(*place) != here);
    let label = |node: &Node| {
        let owner = owners
            .iter()
            .find(|(_, _, other)| std::ptr::eq(*other, node));
        owner.map_or_else(String::new, |(_, unit, _)| {
            format!("applied by `{}`", unit.id.1)
        })
    };
    let problem = Diagnostic::new(severity, "two-owners", message)
        .at(here, label(node))
        .at(there, label(first));
    look.add(
        problem.help("leave it to one of them: with `prune`, whichever goes first deletes it"),
    );
}
