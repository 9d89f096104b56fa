//! Objects that two Kustomizations of one cluster apply: each takes them from the other, and who goes takes them along.

use super::{Look, items};
use crate::lint::clusters::{Cluster, Unit};
use crate::lint::schema::has_hole;
use model::object::ObjectId;
use model::structural::is_namespaced;
use std::collections::BTreeMap;
use syntax::{Diagnostic, Node};

/// How Flux is told to leave an object alone, at least once it is there.
const LEFT: [(&str, &[&str]); 2] = [
    ("kustomize.toolkit.fluxcd.io/ssa", &["IfNotPresent", "Ignore", "Merge"]),
    ("kustomize.toolkit.fluxcd.io/reconcile", &["disabled"]),
];

/// Judges a cluster.
pub(super) fn check(look: &mut Look<'_>, cluster: &Cluster) {
    let mut owners: BTreeMap<(ObjectId, Option<&str>), (usize, &Unit, &Node)> = BTreeMap::new();
    for (at, unit, item) in items(cluster) {
        let is_off = unit.node.at(&["spec", "suspend"]).and_then(Node::as_bool) == Some(true);
        if item.generated || is_off || is_left(&item.node) {
            continue;
        }
        let Some(id) = identity(&item.node) else {
            continue;
        };
        // Another cluster may have an object of the same name.
        let remote = unit.node.str_at(&["spec", "kubeConfig", "secretRef", "name"]);
        let owner = owners.entry((id, remote)).or_insert((at, unit, &item.node));
        if owner.0 != at {
            tell(look, owner, (unit, &item.node));
        }
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

fn tell(look: &mut Look<'_>, first: &(usize, &Unit, &Node), then: (&Unit, &Node)) {
    let (_, unit, node) = first;
    let Some(id) = ObjectId::of(then.1) else { return };
    let message = format!(
        "{id} is applied by two Kustomizations: `{}` and `{}`",
        unit.id.1, then.0.id.1
    );
    // The same from both only changes hands; what differs is written anew each time.
    let problem = match *node == then.1 {
        true => Diagnostic::warning("two-owners", message),
        false => Diagnostic::error("two-owners", message),
    };
    let (here, there) = (look.name_of(then.1), look.name_of(node));
    let there = there.filter(|place| Some(*place) != here);
    let problem = problem
        .at(here, format!("applied by `{}`", then.0.id.1))
        .at(there, format!("applied by `{}`", unit.id.1));
    look.add(problem.help("leave it to one of them: with `prune`, whichever goes first deletes it"));
}
