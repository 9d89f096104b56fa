//! Places in a text, and edits of it that leave all other bytes as they are.

use crate::error::Error;
use std::ops::Range;
use syntax::{OriginId, Origins};

/// A stretch of a text, in bytes.
pub(crate) type Stretch = Range<usize>;

/// A stretch, and what takes its place.
pub(crate) type Edit = (Stretch, String);

/// Where a node or key stands.
pub(crate) fn stretch(origins: &Origins, origin: OriginId) -> Result<Stretch, Error> {
    let span = origins
        .place(origin)
        .ok_or_else(|| odd("it has no place"))?;
    Ok(span.start as usize..span.end as usize)
}

/// What stands there.
pub(crate) fn at(text: &str, stretch: Stretch) -> &str {
    text.get(stretch).unwrap_or_default()
}

/// Where the line of a place begins.
pub(crate) fn line_start(text: &str, place: usize) -> usize {
    at(text, 0..place).rfind('\n').map_or(0, |at| at + 1)
}

/// Where the line of a place ends, before its line break.
pub(crate) fn line_end(text: &str, place: usize) -> usize {
    let end = at(text, place..text.len())
        .find('\n')
        .map_or(text.len(), |at| place + at);
    if end > place && at(text, end - 1..end) == "\r" {
        end - 1
    } else {
        end
    }
}

/// How many columns stand before a place on its line.
pub(crate) fn column(text: &str, place: usize) -> usize {
    at(text, line_start(text, place)..place).chars().count()
}

/// The line break of a text.
pub(crate) fn line_break(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// Makes all edits; two of them must not overlap.
pub(crate) fn edited(text: &str, mut edits: Vec<Edit>) -> Result<String, Error> {
    edits.sort_by_key(|(stretch, _)| (stretch.start, stretch.end));
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (stretch, new) in edits {
        let kept = text.get(done..stretch.start);
        out.push_str(kept.ok_or_else(|| odd("two edits meet"))?);
        out.push_str(&new);
        done = stretch.end;
    }
    out.push_str(
        text.get(done..)
            .ok_or_else(|| odd("an edit leaves the text"))?,
    );
    Ok(out)
}

fn odd(problem: &str) -> Error {
    Error::format("some value", problem)
}
