//! Objects to files: paths, order, bytes, and the line that says whose they are.

pub mod layout;
mod place;
pub mod seal;

pub use place::place;

use crate::resolve::Platform;
use crate::share::share;
use model::object::Content;
use seal::Draft;
use syntax::print::print_into;
use syntax::{Node, OriginId};

/// One file of the output.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OutFile {
    /// Where it goes: relative to the output folder, with `/`.
    pub path: String,
    /// All of it, ownership line included.
    pub bytes: Vec<u8>,
}

/// A file of the output as trees, before it is bytes: what `explain` walks.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// Its path below the output folder.
    pub path: String,
    /// What is in it.
    pub content: Content,
    /// Why it is there.
    pub because: OriginId,
}

/// Trees to bytes, each file with its ownership line.
#[must_use]
pub fn emit(platform: &Platform, leaves: Vec<Leaf>) -> Vec<OutFile> {
    let sealed = share(platform.clusters.len(), leaves, |leaf| {
        let (body, verbatim) = match leaf.content {
            Content::Yaml(documents) => (yaml(&documents).into_bytes(), false),
            Content::Text { text, .. } => (text.into_bytes(), false),
            Content::Copied(bytes) => (bytes, true),
        };
        let draft = Draft {
            path: leaf.path,
            body,
            verbatim,
        };
        draft.seal(&platform.name)
    });
    seal::list(&platform.name, sealed)
}

/// Documents as one text, with `---` between them.
#[must_use]
pub fn yaml(documents: &[Node]) -> String {
    let mut text = String::with_capacity(1024);
    for (at, document) in documents.iter().enumerate() {
        if at > 0 {
            text.push_str("---\n");
        }
        print_into(document, &mut text);
    }
    text
}
