//! Provenance, both ways: where a value of the output comes from, and what a place in the sources decides.

pub mod back;
pub mod forth;
pub mod rules;

use crate::resolve::Platform;
use syntax::{Diagnostics, FileId, Node, Origins, Text};

/// A step from a document's root to a value: the nodes on the way, the value last.
pub(crate) fn way<'n>(root: &'n Node, tokens: &[Text]) -> Option<Vec<&'n Node>> {
    let mut nodes = vec![root];
    for token in tokens {
        let next = nodes.last()?.step(token)?;
        nodes.push(next);
    }
    Some(nodes)
}

/// A text that was read, as a tree again: its places are those that the platform's origins hold.
#[must_use]
pub fn reread(platform: &Platform, file: FileId) -> Option<(Node, Origins)> {
    let text = platform.sources.get(file)?.text();
    let mut origins = Origins::default();
    let node = syntax::parse::parse_one(file, text, &mut origins, &mut Diagnostics::default())?;
    Some((node, origins))
}
