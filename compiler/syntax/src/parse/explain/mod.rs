//! Syntax errors in the words of people who write YAML, at the character to blame.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the parser has a hundred kinds of error; those without words of ours keep the parser's"
)]

mod brackets;
mod indent;
mod lines;
mod quotes;
mod texts;

use super::limits::span;
use super::resume;
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};
use granit_parser::ErrorKind;

/// What is known when the parser stops.
pub(super) struct Context<'t> {
    pub(super) text: &'t str,
    pub(super) file: FileId,
    /// Where the document begins.
    pub(super) start: usize,
    /// The indentation of its top level.
    pub(super) column: usize,
    /// Where the last thing ended that was read.
    pub(super) last: usize,
    /// The brackets and braces that are open, the outermost first.
    pub(super) open: Vec<usize>,
}

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

impl<'t> Context<'t> {
    fn span(&self, start: usize, end: usize) -> Span {
        span(self.file, start, end.max(start))
    }

    /// The character at a place; nothing at the end of the text and of a line.
    fn character(&self, at: usize) -> Span {
        let next = self.rest(at).chars().next();
        let width = next.filter(|c| !matches!(c, '\n' | '\r'));
        self.span(at, at + width.map_or(0, char::len_utf8))
    }

    /// A syntax error at a character.
    fn blame(&self, finding: Diagnostic, at: usize, label: &str) -> Explained {
        Explained {
            finding: finding.at(self.character(at), label),
            culprit: at,
        }
    }

    fn rest(&self, at: usize) -> &'t str {
        self.text.get(at..).unwrap_or_default()
    }

    /// What stands between two places.
    fn between(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or_default()
    }

    fn line_start(&self, at: usize) -> usize {
        resume::line_start(self.text, at)
    }

    /// The line of a place, without its line break.
    fn line(&self, at: usize) -> &'t str {
        resume::line_at(self.text, self.line_start(at)).unwrap_or_default()
    }

    /// Where the last line before this one begins that says something.
    fn line_before(&self, at: usize) -> Option<usize> {
        let mut end = self.line_start(at);
        while end > self.start {
            let start = self.line_start(end - 1);
            let said = self.line(start).trim_start();
            if !said.is_empty() && !said.starts_with('#') {
                return Some(start);
            }
            end = start;
        }
        None
    }

    /// The word, up to a space or the end of the line, at a place.
    fn word(&self, at: usize) -> Span {
        let rest = self.rest(at);
        let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
        self.span(at, at + length)
    }

    /// A value from here to the end of its line, and the same in quotes.
    fn quoted(&self, start: usize) -> Option<(Span, String)> {
        let line = self.rest(start).lines().next()?;
        let value = line.split(" #").next().unwrap_or(line).trim_end();
        let span = self.span(start, start + value.len());
        if value.is_empty() {
            None
        } else if !value.contains(['"', '\\']) {
            Some((span, format!("\"{value}\"")))
        } else if !value.contains('\'') {
            Some((span, format!("'{value}'")))
        } else {
            None
        }
    }

    /// Advises quotes around the value that begins here, and shows the edit where it is simple.
    fn advise_quotes(&self, finding: Diagnostic, start: usize, help: &str) -> Diagnostic {
        let finding = finding.help(help);
        match self.quoted(start) {
            Some((span, text)) if self.open.is_empty() => finding.fix(span, text),
            Some(_) | None => finding,
        }
    }
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
