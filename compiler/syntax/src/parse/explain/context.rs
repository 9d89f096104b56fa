//! What is known when the parser stops, and the ways to look around in the text.

use super::Explained;
use crate::diagnostic::Diagnostic;
use crate::parse::limits::span;
use crate::parse::resume;
use crate::source::{FileId, Span};

/// What is known when the parser stops.
pub(in crate::parse) struct Context<'t> {
    pub(in crate::parse) text: &'t str,
    pub(in crate::parse) file: FileId,
    /// Where the document begins.
    pub(in crate::parse) start: usize,
    /// The indentation of its top level.
    pub(in crate::parse) column: usize,
    /// Where the last thing ended that was read.
    pub(in crate::parse) last: usize,
    /// The brackets and braces that are open, the outermost first.
    pub(in crate::parse) open: Vec<usize>,
}

impl<'t> Context<'t> {
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        span(self.file, start, end.max(start))
    }

    /// The character at a place; nothing at the end of the text and of a line.
    pub(super) fn character(&self, at: usize) -> Span {
        let next = self.rest(at).chars().next();
        let width = next.filter(|c| !matches!(c, '\n' | '\r'));
        self.span(at, at + width.map_or(0, char::len_utf8))
    }

    /// A syntax error at a character.
    pub(super) fn blame(&self, finding: Diagnostic, at: usize, label: &str) -> Explained {
        Explained {
            finding: finding.at(self.character(at), label),
            culprit: at,
        }
    }

    pub(super) fn rest(&self, at: usize) -> &'t str {
        self.text.get(at..).unwrap_or_default()
    }

    /// What stands between two places.
    pub(super) fn between(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or_default()
    }

    pub(super) fn line_start(&self, at: usize) -> usize {
        resume::line_start(self.text, at)
    }

    /// The line of a place, without its line break.
    pub(super) fn line(&self, at: usize) -> &'t str {
        resume::line_at(self.text, self.line_start(at)).unwrap_or_default()
    }

    /// Where the last line before this one begins that says something.
    pub(super) fn line_before(&self, at: usize) -> Option<usize> {
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
    pub(super) fn word(&self, at: usize) -> Span {
        let rest = self.rest(at);
        let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
        self.span(at, at + length)
    }

    /// A value from here to the end of its line, and the same in quotes.
    pub(super) fn quoted(&self, start: usize) -> Option<(Span, String)> {
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
    pub(super) fn advise_quotes(
        &self,
        finding: Diagnostic,
        start: usize,
        help: &str,
    ) -> Diagnostic {
        let finding = finding.help(help);
        match self.quoted(start) {
            Some((span, text)) if self.open.is_empty() => finding.fix(span, text),
            Some(_) | None => finding,
        }
    }
}
