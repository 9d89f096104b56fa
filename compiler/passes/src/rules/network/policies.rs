//! Which policies of a lowered cluster are a user's own: asked before a network is made of all of them.

use crate::lower::kubernetes::POLICIES;
use crate::rules::{Subject, View};
use syntax::OriginId;

/// The kinds of policies.
const KINDS: [&str; 3] = [
    "NetworkPolicy",
    "CiliumNetworkPolicy",
    "CiliumClusterwideNetworkPolicy",
];

/// Whether the compiler made it from what components declare.
pub(super) fn is_derived(subject: &Subject<'_>) -> bool {
    subject.folder.rsplit('/').next() == Some(POLICIES)
}

/// The policies that the compiler made.
pub(super) fn derived<'v>(view: &'v View<'_>) -> impl Iterator<Item = &'v Subject<'v>> {
    view.subjects(&KINDS).filter(|subject| is_derived(subject))
}

/// Whether any policy is the user's own.
pub(super) fn any_own(view: &View<'_>) -> bool {
    view.subjects(&KINDS)
        .any(|subject| !is_derived(subject) && is_users(view, subject.object.node.origin()))
}

/// Whether a line that a user can edit decided a value.
pub(super) fn is_users(view: &View<'_>, origin: OriginId) -> bool {
    let place = view.origins.place(origin);
    place.is_some_and(|place| view.cluster.platform.is_editable(place))
}

/// Whether the cluster denies what is not declared.
pub(super) fn denies(view: &View<'_>) -> bool {
    let said = view.cluster.at(&["security", "network"]);
    said.is_some_and(|said| said.as_str() == Some("default-deny"))
}
