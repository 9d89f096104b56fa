//! Quotes that are not closed, closed too early, or hold escapes that are none.

use super::{Context, Explained, resume};
use crate::diagnostic::Diagnostic;
use granit_parser::ErrorKind;

pub(super) fn explain(context: &Context<'_>, kind: &ErrorKind, at: usize) -> Option<Explained> {
    match kind {
        ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => {
            Some(unclosed(context, opening(context, at)))
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar
        | ErrorKind::InvalidTrailingDoubleQuotedScalar
        | ErrorKind::InvalidQuotedScalarIndent => Some(trailing(context, at)),
        _ if is_escape(kind) => Some(escape(context, opening(context, at))),
        _ => None,
    }
}

fn is_escape(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::UnknownQuotedScalarEscape
            | ErrorKind::InvalidQuotedScalarHexEscape
            | ErrorKind::InvalidLowSurrogateHexEscape
            | ErrorKind::InvalidLowSurrogate
            | ErrorKind::MissingLowSurrogate
            | ErrorKind::UnpairedLowSurrogate
            | ErrorKind::InvalidUnicodeEscape
    )
}

/// Where the quote stands that is being read: at the place itself, or the first one behind what was read before.
fn opening(context: &Context<'_>, at: usize) -> usize {
    if context.rest(at).starts_with(['"', '\'']) {
        return at;
    }
    opening_before(context, at)
}

/// The first quote behind what was read before.
fn opening_before(context: &Context<'_>, at: usize) -> usize {
    let before = context.between(context.last, at);
    before
        .find(['"', '\''])
        .map_or(at, |found| context.last + found)
}

fn unclosed(context: &Context<'_>, at: usize) -> Explained {
    let quote = context.rest(at).chars().next().unwrap_or('"');
    let finding = Diagnostic::error("syntax", format!("this {quote} is never closed"));
    let mut explained = context.blame(finding, at, "the text begins here");
    let line = context.between(at, context.line_start(at) + context.line(at).len());
    let end = at + line.trim_end().len();
    explained.finding = explained
        .finding
        .help(format!("put a {quote} at the end of the text"));
    let alone = !line.contains(" #") && context.open.is_empty();
    if alone {
        explained.finding = explained.finding.fix(context.span(end, end), quote);
    }
    explained
}

/// Something behind a closing quote; or the quote closed one that was forgotten lines above.
fn trailing(context: &Context<'_>, at: usize) -> Explained {
    let open = opening_before(context, at);
    let first_line = context.line_start(open);
    if first_line < context.line_start(at) && crosses_part(context, open, at) {
        return unclosed(context, open);
    }
    let finding = Diagnostic::error("syntax", "there is text behind the closing quote");
    let mut explained = context.blame(finding, at, "the quoted text ended before this");
    let before = context.between(open, at);
    explained.finding = if before.starts_with('\'') && before.ends_with('\'') {
        explained
            .finding
            .help("inside single quotes, a quote is written twice: 'it''s'")
    } else {
        explained
            .finding
            .help("put all of it in quotes, or none; a quote inside double quotes is written \\\"")
    };
    explained.culprit = open;
    explained
}

/// Whether a top-level part begins on a line between two places.
fn crosses_part(context: &Context<'_>, from: usize, to: usize) -> bool {
    let mut at = from;
    while let Some(end) = resume::line_end(context.text, at) {
        at = end + 1;
        if at > to {
            return false;
        }
        if resume::begins(context.text, at, context.column) {
            return true;
        }
    }
    false
}

fn escape(context: &Context<'_>, open: usize) -> Explained {
    let rest = context.rest(open);
    let (start, length) = bad_escape(rest).unwrap_or((0, 1));
    let shown: String = rest
        .chars()
        .skip(rest.get(..start).map_or(0, |t| t.chars().count()))
        .take(length)
        .collect();
    let finding = Diagnostic::error("syntax", format!("`{shown}` is no escape"))
        .at(
            context.span(open + start, open + start + shown.len()),
            "after a backslash",
        )
        .help("in double quotes, a backslash is written \\\\; in single quotes, as it is");
    Explained {
        finding,
        culprit: open,
    }
}

/// The first escape of a double-quoted text that means nothing: where it stands, and how many characters it has.
fn bad_escape(text: &str) -> Option<(usize, usize)> {
    let mut characters = text.char_indices().skip(1);
    while let Some((at, c)) = characters.next() {
        if c == '"' {
            return None;
        }
        if c != '\\' {
            continue;
        }
        let (_, kind) = characters.next()?;
        let digits = match kind {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ if "0abtnvfre \"/\\N_LP\t\n\r".contains(kind) => continue,
            _ => return Some((at, 2)),
        };
        let hex = text.get(at + 2..)?.chars().take(digits);
        let hex: String = hex.take_while(char::is_ascii_hexdigit).collect();
        let code = u32::from_str_radix(&hex, 16).ok();
        let letter = code.is_some_and(|code| char::from_u32(code).is_some());
        let pair = code.is_some_and(|code| (0xd800..0xdc00).contains(&code))
            && text
                .get(at + 6..)
                .is_some_and(|next| next.starts_with("\\u"));
        if hex.len() < digits || !(letter || pair) {
            return Some((at, 2 + hex.len()));
        }
    }
    None
}
