//! Where values stand, to the byte: what the event parser leaves open is read from the text.

use super::build::{Builder, Place};
use crate::source::Span;

impl Builder<'_, '_> {
    /// The span of the character at a place.
    pub(super) fn character(&self, at: usize) -> Span {
        let next = self.text.get(at..).and_then(|rest| rest.chars().next());
        self.span(at, at + next.map_or(0, char::len_utf8))
    }

    /// The span of a plain or quoted scalar. Where nothing is written, right behind the `:` or `-` that asks for it.
    pub(super) fn flow_scalar(&self, place: &Place) -> Span {
        if place.start < place.end {
            return self.span(place.start, place.end);
        }
        let rest = self.text.get(place.start..).unwrap_or_default();
        let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let colon = rest.as_bytes().get(blank) == Some(&b':') && !self.wants_key();
        let at = place.start + if colon { blank + 1 } else { 0 };
        self.span(at, at)
    }

    /// The span of a block scalar, from its `|` or `>` to the end of its last line that says something.
    pub(super) fn block_scalar(&self, place: &Place) -> Span {
        let before = self.text.get(..place.start).unwrap_or_default();
        let start = header(before).unwrap_or(place.start);
        let body = self.text.get(start..place.end).unwrap_or_default();
        self.span(start, start + body.trim_end().len())
    }

    /// Where a block list begins: at its first dash. The parser is a word late where the list isn't indented.
    pub(super) fn list_start(&self, flow: bool, start: usize) -> usize {
        if flow || self.text.as_bytes().get(start) == Some(&b'-') {
            return start;
        }
        let before = self.text.get(..start).unwrap_or_default();
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let indent = before.get(line..).unwrap_or_default();
        let dash = line + indent.len() - indent.trim_start_matches(' ').len();
        if self.text.as_bytes().get(dash) == Some(&b'-') {
            dash
        } else {
            start
        }
    }
}

/// Where the `|` or `>` stands that a block scalar's text follows.
fn header(before: &str) -> Option<usize> {
    let upto = before.trim_end();
    let line = upto.rfind('\n').map_or(0, |at| at + 1);
    let text = upto.get(line..)?;
    text.char_indices()
        .filter(|(_, c)| matches!(c, '|' | '>'))
        .find(|(at, _)| {
            let rest = text.get(at + 1..).unwrap_or_default();
            let rest =
                rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-' || c == '+');
            rest.is_empty() || (rest.starts_with([' ', '\t']) && rest.trim_start().starts_with('#'))
        })
        .map(|(at, _)| line + at)
}
