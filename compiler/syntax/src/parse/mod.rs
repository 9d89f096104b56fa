//! Text to trees: YAML 1.2 with a place for every value and key, and every mistake of a file in one run.
//!
//! What is read is the part of YAML that JSON can carry, under the core schema, one way for every reader:
//!
//! * Keys are texts, as they are written: `1:` is the key `1`, `true:` the key `true`. Lists and maps as keys are
//!   refused, so are keys that are missing or stand twice.
//! * Numbers keep their text, unless JSON or YAML 1.1 would read it differently (`0x1F`, `+1`, `.5`, `007`): then
//!   they get the plain decimal form. `.inf` and `.nan` are refused, for JSON has no such number.
//! * `yes`, `on`, `12:30`, `1_000` are texts; [`older_reading`] tells what YAML 1.1 makes of them.
//! * The standard tags (`!!str`, `!!int`, `!!float`, `!!bool`, `!!null`, `!!seq`, `!!map`, `!`) do what they say or
//!   are an error where the value can't be that. All others are refused.
//! * Anchors may be defined again. An alias copies what its anchor held, within limits. `<<` takes a map or a list of
//!   maps; keys that are stated win.
//! * A syntax error breaks the top-level part it stands in, which becomes an error node; reading goes on at the next.

mod anchor;
mod build;
mod explain;
mod key;
mod limits;
mod many;
mod place;
mod recover;
mod reference;
mod resume;
mod scalar;
mod tag;
mod value;

pub use limits::Limits;
pub use many::{Apart, parse_many};
pub use scalar::{Older, older_reading};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::node::Node;
use crate::origin::{OriginId, Origins};
use crate::source::{FileId, Span};

/// One document of a stream.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its value; an error node where nothing of it could be read.
    pub node: Node,
    /// Its comments, in their order.
    pub comments: Vec<Comment>,
}

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// From its `#` to the end of its text.
    pub span: Span,
    /// What stands after the `#`, as it is written.
    pub text: String,
    /// How it stands to what is around it.
    pub placement: Placement,
}

/// How a comment stands to what is around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// On lines of its own, right above the next value.
    Above,
    /// Behind a value, on its line.
    Right,
    /// On lines of its own, with space around it.
    Free,
    /// At the end of the text.
    Last,
}

/// Reads every document of a text.
pub fn parse(
    file: FileId,
    text: &str,
    origins: &mut Origins,
    found: &mut Diagnostics,
) -> Vec<Document> {
    parse_within(&Limits::default(), file, text, origins, found)
}

/// Reads every document of a text within limits of one's own.
pub fn parse_within(
    limits: &Limits,
    file: FileId,
    text: &str,
    origins: &mut Origins,
    found: &mut Diagnostics,
) -> Vec<Document> {
    match limits::refuse(limits, file, text) {
        Some(refusal) => {
            found.add(refusal);
            Vec::new()
        }
        None => recover::documents(limits, file, text, origins, found),
    }
}

/// Reads a text that must hold exactly one document.
///
/// `None` means that there is nothing to go on with, and that the reason was said.
pub fn parse_one(
    file: FileId,
    text: &str,
    origins: &mut Origins,
    found: &mut Diagnostics,
) -> Option<Node> {
    let mut own = Diagnostics::default();
    let mut documents = parse(file, text, origins, &mut own).into_iter();
    let first = documents.next();
    if first.is_none() && !own.has_errors() {
        let at = limits::span(file, 0, 0);
        own.add(Diagnostic::error("empty-file", "the file holds no value").at(at, "nothing here"));
    }
    if let Some(second) = documents.next() {
        let at = origins.place(second.node.origin());
        own.add(
            Diagnostic::error("many-documents", "only one document may stand in this file")
                .at(at, "a second one begins here")
                .help("remove the line `---` before it, or move it to a file of its own"),
        );
    }
    found.append(own);
    first
        .map(|document| document.node)
        .filter(|node| node.origin() != OriginId(0))
}

#[cfg(test)]
mod tests;
