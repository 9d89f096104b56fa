//! What a starter left to people, marked `REPLACE-BY-`: where it is still there, and what should stand instead.

use crate::resolve::Platform;
use crate::resolve::cluster::Cluster;
use syntax::{Diagnostic, Diagnostics, Kind, Node, OriginId, Origins};

/// The mark.
pub const REPLACE: &str = "REPLACE-BY-";

/// A place that is still to be written.
#[derive(Debug)]
pub struct Mark {
    /// Where it stands.
    pub origin: OriginId,
    /// What to write, in words.
    pub help: String,
}

/// Every mark in a tree.
#[must_use]
pub fn marks(node: &Node) -> Vec<Mark> {
    let mut marks = Vec::new();
    gather(node, &mut marks);
    marks
}

fn gather(node: &Node, marks: &mut Vec<Mark>) {
    match node.kind() {
        Kind::String(text) => {
            let Some((_, what)) = text.split_once(REPLACE) else {
                return;
            };
            let what = what.split([' ', '"', '/', ':']).next().unwrap_or_default();
            marks.push(Mark {
                origin: node.origin(),
                help: format!("write {}", what.replace('-', " ").to_lowercase()),
            });
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) => {}
        Kind::List(items) => items.iter().for_each(|item| gather(item, marks)),
        Kind::Map(map) => {
            let values = map.entries().iter().map(|entry| &entry.value);
            values.for_each(|value| gather(value, marks));
        }
    }
}

/// Warns of marks in the spec.
pub fn spec(platform: &Platform, found: &mut Diagnostics) {
    for mark in marks(&platform.spec) {
        found.add(warning(
            "this is still to be written",
            &mark,
            &platform.origins,
        ));
    }
}

/// Warns of marks in the project's components that a cluster uses; the library has none.
pub fn components(cluster: &Cluster<'_>, origins: &Origins, found: &mut Diagnostics) {
    for enabled in &cluster.components {
        let node = &enabled.component.node;
        let place = origins.place(node.origin());
        if !place.is_some_and(|place| cluster.platform.is_editable(place)) {
            continue;
        }
        let problem = format!("{} is used, and still to be written", enabled.title());
        for mark in marks(node) {
            found.add(warning(&problem, &mark, origins));
        }
    }
}

fn warning(problem: &str, mark: &Mark, origins: &Origins) -> Diagnostic {
    Diagnostic::warning("unfinished", problem)
        .at(origins.place(mark.origin), "to replace")
        .help(mark.help.clone())
}
