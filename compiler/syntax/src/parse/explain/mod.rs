//! Syntax errors in the words of people who write YAML, at the character to blame.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the parser has a hundred kinds of error; those without words of ours keep the parser's"
)]

mod brackets;
mod context;
mod indent;
mod lines;
mod quotes;
mod texts;

pub(super) use context::Context;

use super::resume;
use crate::diagnostic::Diagnostic;
use granit_parser::ErrorKind;

/// What to say, and the place by which the broken top-level part is told.
pub(super) struct Explained {
    pub(super) finding: Diagnostic,
    pub(super) culprit: usize,
}

/// Says what is wrong where the parser stopped.
pub(super) fn explain(context: &Context<'_>, kind: &ErrorKind, at: usize) -> Explained {
    quotes::explain(context, kind, at)
        .or_else(|| brackets::explain(context, kind, at))
        .or_else(|| indent::explain(context, kind, at))
        .or_else(|| lines::explain(context, kind, at))
        .or_else(|| texts::explain(context, kind, at))
        .unwrap_or_else(|| {
            let ended = matches!(
                kind,
                ErrorKind::UnexpectedEofBlockMapping
                    | ErrorKind::UnexpectedEofBlockSequence
                    | ErrorKind::UnexpectedEof
            );
            let message = match context.rest(at).chars().next() {
                Some(c) if ended && !c.is_whitespace() => format!("a `{c}` can't stand here"),
                Some(_) | None => kind.to_string(),
            };
            context.blame(Diagnostic::error("syntax", message), at, "unexpected")
        })
}

/// How many spaces and tabs a line begins with.
fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// `1 space`, `3 spaces`.
fn spaces(count: usize) -> String {
    match count {
        0 => "no space".to_owned(),
        1 => "1 space".to_owned(),
        _ => format!("{count} spaces"),
    }
}
