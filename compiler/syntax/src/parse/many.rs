//! Many texts at once, on all threads: the trees and findings of reading them one after the other.

use super::parse_one;
use crate::diagnostic::Diagnostics;
use crate::node::{Kind, Node};
use crate::origin::{OriginId, Origins};
use crate::source::FileId;
use rayon::prelude::*;

/// Reads texts that must each hold exactly one document; `None` where one has nothing to go on with, as it was said.
pub fn parse_many(
    texts: &[(FileId, &str)],
    origins: &mut Origins,
    found: &mut Diagnostics,
) -> Vec<Option<Node>> {
    let read = |(file, text): &(FileId, &str)| Apart::parse(*file, text);
    let parsed: Vec<Apart> = texts.par_iter().map(read).collect();
    let join = |apart: Apart| apart.join(origins, found);
    parsed.into_iter().map(join).collect()
}

/// A text that was read while others were: with a table of origins and findings of its own.
#[derive(Debug)]
pub struct Apart {
    node: Option<Node>,
    origins: Origins,
    found: Diagnostics,
}

impl Apart {
    /// Reads a text that must hold exactly one document.
    #[must_use]
    pub fn parse(file: FileId, text: &str) -> Self {
        let mut origins = Origins::default();
        let mut found = Diagnostics::default();
        let node = parse_one(file, text, &mut origins, &mut found);
        Apart {
            node,
            origins,
            found,
        }
    }

    /// Its tree among the others; `None` where it has nothing to go on with, as it was said.
    pub fn join(self, origins: &mut Origins, found: &mut Diagnostics) -> Option<Node> {
        found.append(self.found);
        let by = origins.append(self.origins);
        self.node.map(|mut node| {
            shift(&mut node, by);
            node
        })
    }
}

/// Moves a tree's origins to where its table was appended.
fn shift(node: &mut Node, by: u32) {
    let moved = |OriginId(id)| OriginId(if id == 0 { 0 } else { id.saturating_add(by) });
    node.origin = moved(node.origin);
    match &mut node.kind {
        Kind::List(items) => items.make_mut().iter_mut().for_each(|item| shift(item, by)),
        Kind::Map(map) => {
            for entry in map.entries_mut() {
                entry.key_origin = moved(entry.key_origin);
                shift(&mut entry.value, by);
            }
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    #[test]
    fn it_is_as_one_after_the_other() {
        let texts = [
            "a: [1, {b: c}]\n",
            "- x\n- y: &z 1\n  w: *z\n",
            "a: 1\na: 2\n",
            "",
            "k: {\n",
        ];
        let mut sources = Sources::default();
        let files: Vec<_> = texts
            .iter()
            .map(|text| (sources.add("f.yaml", text), *text))
            .collect();
        let (mut one, mut many) = (Origins::default(), Origins::default());
        let (mut said_one, mut said_many) = (Diagnostics::default(), Diagnostics::default());
        let alone: Vec<_> = files
            .iter()
            .map(|(file, text)| parse_one(*file, text, &mut one, &mut said_one))
            .collect();
        let together = parse_many(&files, &mut many, &mut said_many);
        assert_eq!(format!("{alone:?}"), format!("{together:?}"));
        assert_eq!(format!("{one:?}"), format!("{many:?}"));
        assert_eq!(format!("{said_one:?}"), format!("{said_many:?}"));
    }
}
