//! Which of its own values a component reads again: what it declares and makes follows them, so they must be stated.

use crate::evaluate::Enabled;
use std::collections::BTreeSet;
use syntax::{Node, Origins, Span};

/// The places that anything but the values themselves was made of.
#[must_use]
pub fn read_places(component: &Enabled<'_>, origins: &Origins) -> BTreeSet<Span> {
    let mut places = BTreeSet::new();
    let parts = [
        &component.declares,
        &component.secrets,
        &component.health,
        &component.drift,
        &component.network,
        &component.needs,
    ];
    for node in parts.into_iter().chain(&component.objects) {
        collect(node, origins, &mut places);
    }
    places
}

fn collect(node: &Node, origins: &Origins, places: &mut BTreeSet<Span>) {
    places.extend(origins.spans(node.origin()));
    for entry in node.entries() {
        collect(&entry.value, origins, places);
    }
    for item in node.items() {
        collect(item, origins, places);
    }
}
