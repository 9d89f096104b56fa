//! What a text may cost, and the texts that are refused before they are read.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{FileId, Span};
use std::borrow::Cow;

/// What reading one text may cost.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The longest text, in bytes.
    pub bytes: usize,
    /// How many lists and maps may stand in each other.
    pub depth: usize,
    /// How many values a text may hold.
    pub nodes: usize,
    /// How many values its aliases may copy.
    pub copies: usize,
    /// After how many syntax errors reading stops.
    pub errors: usize,
    /// How many findings are kept.
    pub findings: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            bytes: 16_000_000,
            depth: 128,
            nodes: 2_000_000,
            copies: 1_000_000,
            errors: 100,
            findings: 1000,
        }
    }
}

/// The findings about one text, up to a limit: nobody reads a million, and they would cost more than the text.
pub(super) struct Findings<'o> {
    found: &'o mut Diagnostics,
    room: usize,
}

impl<'o> Findings<'o> {
    pub(super) fn new(limits: &Limits, found: &'o mut Diagnostics) -> Self {
        Findings {
            found,
            room: limits.findings,
        }
    }

    /// Adds a finding; the last one says that there are more.
    pub(super) fn add(&mut self, finding: Diagnostic) {
        if self.room == 0 {
            return;
        }
        self.room -= 1;
        let at = finding.span();
        self.found.add(finding);
        if self.room == 0 {
            self.found.add(
                Diagnostic::note("too-many-errors", "more is wrong with this file")
                    .at(at, "nothing behind this is reported"),
            );
        }
    }
}

/// A text as messages show it: names may be as long as the file.
pub(super) fn shown(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(60) {
        Some((end, _)) => Cow::Owned(format!("{}...", text.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}

/// Why a text isn't read at all.
pub(super) fn refuse(limits: &Limits, file: FileId, text: &str) -> Option<Diagnostic> {
    if text.len() > limits.bytes {
        return Some(too_long(limits, file, text.len()));
    }
    let odd = text
        .bytes()
        .position(|byte| (byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r')) || byte == 0x7f)?;
    let code = text.as_bytes().get(odd).copied().unwrap_or_default();
    let at = span(file, odd, odd + 1);
    Some(
        Diagnostic::error(
            "control-character",
            format!("the control character U+{code:04X} may not stand in YAML"),
        )
        .at(at, "here")
        .help(format!(
            "remove it, or write it as \"\\x{code:02X}\" in double quotes"
        )),
    )
}

fn too_long(limits: &Limits, file: FileId, length: usize) -> Diagnostic {
    Diagnostic::error(
        "file-too-large",
        format!(
            "the file is too large: {} where at most {} are read",
            megabytes(length),
            megabytes(limits.bytes)
        ),
    )
    .at(span(file, 0, 0), "")
    .help("a spec is text written by people; keep data of this size elsewhere")
}

fn megabytes(bytes: usize) -> String {
    format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
}

/// A stretch of a text that is known to be shorter than 4 GB.
pub(super) fn span(file: FileId, start: usize, end: usize) -> Span {
    let small = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span {
        file,
        start: small(start),
        end: small(end),
    }
}

/// Too many values.
pub(super) fn too_many(limits: &Limits, at: Span) -> Diagnostic {
    Diagnostic::error(
        "too-many-values",
        format!("the file holds more than {} values", limits.nodes),
    )
    .at(at, "reading stops here")
}

/// Lists and maps too deep in each other.
pub(super) fn too_deep(limits: &Limits, at: Span) -> Diagnostic {
    Diagnostic::error(
        "nesting-depth",
        format!("lists and maps nest more than {} levels deep", limits.depth),
    )
    .at(at, "this is one level too many")
}
