//! What these rules ask of Flux's objects.

use crate::rules::Subject;
use model::form::parse_duration;
use syntax::{Node, OriginId};

/// What keeps an object from being pruned.
pub const PRUNE: &str = "kustomize.toolkit.fluxcd.io/prune";

/// The spec of a Kustomization of Flux; those of kustomize itself have none of it.
pub fn kustomization<'s>(subject: &'s Subject<'_>) -> Option<&'s Node> {
    spec_of(subject, "kustomize.toolkit.fluxcd.io", "Kustomization")
}

/// The spec of a HelmRelease.
pub fn release<'s>(subject: &'s Subject<'_>) -> Option<&'s Node> {
    spec_of(subject, "helm.toolkit.fluxcd.io", "HelmRelease")
}

/// The spec of an object of this group and kind.
pub fn spec_of<'s>(subject: &'s Subject<'_>, group: &str, kind: &str) -> Option<&'s Node> {
    let id = &subject.object.id;
    let is = id.group == group && id.kind == kind;
    is.then(|| subject.object.node.get("spec")).flatten()
}

/// Where an object states its name: what is missing has no place of its own.
pub fn name(subject: &Subject<'_>) -> OriginId {
    let node = &subject.object.node;
    let name = node.at(&["metadata", "name"]).unwrap_or(node);
    name.origin()
}

/// Whether an object says itself that it stays when it is taken out of Git.
pub fn is_kept(object: &Node) -> bool {
    object.str_at(&["metadata", "annotations", PRUNE]) == Some("disabled")
}

/// Whether a flag is stated as true.
pub fn is_true(node: &Node, key: &str) -> bool {
    node.get(key).and_then(Node::as_bool) == Some(true)
}

/// Whether a list is stated and has something in it.
pub fn has_some(node: &Node, key: &str) -> bool {
    node.get(key).is_some_and(|list| !list.items().is_empty())
}

/// The seconds of a length of time; `None` where it is no plain one.
pub fn seconds(node: &Node, key: &str) -> Option<u64> {
    Some(parse_duration(node.str_at(&[key])?)? / 1000)
}
