//! Syntax errors in the words of people who write YAML, at the character to blame.

use super::limits::span;
use super::resume;
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};
use granit_parser::ErrorKind;

/// What is known when the parser stops.
pub(super) struct Context<'t> {
    pub(super) text: &'t str,
    pub(super) file: FileId,
    /// The indentation of the document's top level.
    pub(super) column: usize,
    /// Where the last thing ended that was read.
    #[expect(dead_code, reason = "the wording to come needs it")]
    pub(super) last: usize,
    /// The outermost bracket or brace that is open.
    pub(super) flow: Option<usize>,
}

impl Context<'_> {
    fn span(&self, start: usize, end: usize) -> Span {
        span(self.file, start, end.max(start))
    }
}

/// The finding, and the place that the top-level part to give up is told by.
pub(super) fn explain(context: &Context<'_>, kind: &ErrorKind, at: usize) -> (Diagnostic, usize) {
    let end = context
        .text
        .get(at..)
        .and_then(|rest| rest.chars().next())
        .map_or(at, |c| at + c.len_utf8());
    let culprit = match context.flow {
        Some(open) if resume::begins(context.text, at, context.column) => open,
        Some(_) | None => at,
    };
    (
        Diagnostic::error("syntax", kind.to_string()).at(context.span(at, end), ""),
        culprit,
    )
}
