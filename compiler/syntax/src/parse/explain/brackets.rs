//! Brackets and braces that are not closed, closed by others, or close nothing.

use super::{Context, Explained, indent, resume};
use crate::diagnostic::Diagnostic;
use granit_parser::ErrorKind;

pub(super) fn explain(context: &Context<'_>, kind: &ErrorKind, at: usize) -> Option<Explained> {
    let outermost = context.open.first().copied();
    let innermost = context.open.last().copied();
    if let Some(open) = outermost
        && context.line_start(open) < context.line_start(at)
        && leaves(context, open, at)
    {
        return Some(unclosed(context, open, Some(context.line_start(at))));
    }
    match kind {
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping => {
            Some(unclosed(context, innermost.unwrap_or(at), None))
        }
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            let message = format!("this `{open}` is closed by `{close}`");
            let finding = Diagnostic::error("syntax", message).help(format!(
                "a `{close}` stands where another bracket must end first"
            ));
            Some(context.blame(finding, at, "opened here"))
        }
        ErrorKind::MisplacedFlowCollectionEnd => {
            let bracket = context.rest(at).chars().next().unwrap_or(']');
            let finding = Diagnostic::error("syntax", format!("this `{bracket}` closes nothing"));
            let mut explained = context.blame(finding, at, "no bracket is open here");
            explained.finding = explained
                .finding
                .help("remove it; if it belongs to a text, put the text in quotes");
            Some(explained)
        }
        _ => inside(context, kind, at),
    }
}

/// Whether the line of a place looks as if the bracket had been closed before it.
fn leaves(context: &Context<'_>, open: usize, at: usize) -> bool {
    let line = context.line(at);
    let column = indent(line);
    let outside = column <= indent(context.line(open));
    let part = line.trim_start().starts_with("- ") || resume::key(line, column).is_some();
    resume::begins(context.text, at, context.column) || (outside && part)
}

/// Mistakes between an opening bracket and its end.
fn inside(context: &Context<'_>, kind: &ErrorKind, at: usize) -> Option<Explained> {
    let close = match context.open.last().map(|open| context.rest(*open)) {
        Some(rest) if rest.starts_with('{') => '}',
        Some(_) | None => ']',
    };
    if matches!(
        kind,
        ErrorKind::ExpectedFlowSequenceSeparator | ErrorKind::ExpectedFlowMappingSeparator
    ) {
        let finding = Diagnostic::error("syntax", format!("there must be a `,` or `{close}` here"));
        let mut explained = context.blame(finding, at, "unexpected");
        explained.finding = explained
            .finding
            .help("part values by commas, and put texts with `: `, `,` or brackets in quotes");
        return Some(explained);
    }
    if *kind == ErrorKind::BlockEntryInFlowCollection {
        let finding = Diagnostic::error("syntax", "a list with dashes can't stand in brackets");
        let mut explained = context.blame(finding, at, "this dash");
        explained.finding = explained
            .finding
            .help("part the items by commas: [a, b]; or take away the brackets");
        return Some(explained);
    }
    if matches!(
        kind,
        ErrorKind::InvalidColonPlacement | ErrorKind::FlowMappingValueAdjacentCollection
    ) {
        let finding = Diagnostic::error("syntax", "a `:` can't stand here");
        let mut explained = context.blame(finding, at, "unexpected");
        explained.finding = explained
            .finding
            .help("put a text that holds `: ` in quotes, and a space behind the `:` of a key");
        return Some(explained);
    }
    None
}

fn unclosed(context: &Context<'_>, open: usize, next: Option<usize>) -> Explained {
    let bracket = context.rest(open).chars().next().unwrap_or('[');
    let close = if bracket == '{' { '}' } else { ']' };
    let finding = Diagnostic::error("syntax", format!("this `{bracket}` is never closed"));
    let mut explained = context.blame(finding, open, "opened here");
    if let Some(next) = next {
        let said = next + indent(context.line(next));
        explained.finding = explained.finding.at(
            context.word(said),
            "another line of the map or list begins here",
        );
    }
    explained.finding = explained
        .finding
        .help(format!("put a `{close}` at the end of its values"));
    explained
}
