//! Going on after a syntax error: the broken top-level part becomes an error node, the next one is read as ever.

use super::build::{Body, Builder, Frame, Open, Stop};
use super::explain::{self, Context, Explained};
use super::key::Keys;
use super::limits::{self, Limits};
use super::resume::{self, Next};
use super::{Comment, Document};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::node::Node;
use crate::origin::{OriginId, Origins};
use crate::source::FileId;
use granit_parser::ErrorKind;

/// Reads all documents of a text, whatever it holds.
pub(super) fn documents(
    limits: &Limits,
    file: FileId,
    text: &str,
    origins: &mut Origins,
    found: &mut Diagnostics,
) -> Vec<Document> {
    let mut builder = Builder::new(limits, file, text, origins, found);
    let mut effort = Effort::new(limits, text);
    let mut at = 0;
    while let Some(stop) = builder.read_from(at) {
        match builder.recover(&stop, at, &mut effort) {
            Some(next) => at = next,
            None => break,
        }
    }
    builder.finish()
}

/// What broken texts may cost: each error lets the parser begin again, which some texts would repay with a square.
struct Effort {
    errors: usize,
    bytes: usize,
}

impl Effort {
    fn new(limits: &Limits, text: &str) -> Self {
        Effort {
            errors: limits.errors,
            bytes: text.len().max(1 << 16).saturating_mul(8),
        }
    }

    fn spend(&mut self, bytes: usize) -> bool {
        self.errors = self.errors.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub(bytes);
        self.errors > 0 && self.bytes > 0
    }
}

impl Builder<'_, '_> {
    /// Reports what stopped the parser, and finds where it can begin again.
    fn recover(&mut self, stop: &Stop, base: usize, effort: &mut Effort) -> Option<usize> {
        let (finding, culprit, read) = match stop {
            Stop::Spent => {
                self.abandon();
                return None;
            }
            Stop::Depth(at) => {
                let span = self.character(*at);
                (limits::too_deep(self.limits, span), *at, at - base)
            }
            Stop::NoKey(at) => {
                let Explained { finding, culprit } =
                    self.explain(&ErrorKind::SimpleKeyExpected, *at);
                (finding, culprit, at - base)
            }
            Stop::Syntax(error) => self.syntax(error, base),
        };
        if self.open.is_none() && !self.documents.is_empty() {
            // The document before is complete; what follows it belongs to none.
            self.found.add(finding);
            let next = resume::next(self.text, culprit, 0, None)?;
            return effort.spend(read).then_some(next.place());
        }
        let start = self.open.get_or_insert_with(|| Open::at(base)).start;
        let column = resume::column(self.text, start);
        self.break_part(start, culprit, column);
        self.found.add(finding);
        let next = self.next_part(culprit, column);
        if next.is_some() && !effort.spend(read) {
            self.found.add(
                Diagnostic::note("too-many-errors", "too many syntax errors to read on")
                    .at(self.span(culprit, culprit), "reading stops here"),
            );
            self.finish_document();
            return None;
        }
        next
    }

    /// The finding for a syntax error, the place to blame, and how much was read for it.
    fn syntax(&self, error: &granit_parser::ScanError, base: usize) -> (Diagnostic, usize, usize) {
        let marker = error.marker();
        let at = base + marker.byte_offset().unwrap_or(marker.index());
        let at = self.text.floor_char_boundary(at.min(self.text.len()));
        if *error.kind() == ErrorKind::RecursionLimitExceeded {
            let span = self.character(at);
            return (limits::too_deep(self.limits, span), at, at - base);
        }
        let Explained { finding, culprit } = self.explain(error.kind(), at);
        let unclosed = matches!(
            error.kind(),
            ErrorKind::UnclosedQuotedScalar | ErrorKind::UnclosedFlowCollection { .. }
        );
        let reached = if unclosed { self.text.len() } else { at };
        (finding, culprit, reached - base)
    }

    fn explain(&self, kind: &ErrorKind, at: usize) -> Explained {
        let start = self.open.as_ref().map_or(self.base, |open| open.start);
        let context = Context {
            text: self.text,
            file: self.file,
            start,
            column: resume::column(self.text, start),
            last: self.last,
            open: self.open_brackets(at),
        };
        explain::explain(&context, kind, at)
    }

    /// Where brackets and braces stand open.
    fn open_brackets(&self, at: usize) -> Vec<usize> {
        let frames = self.open.iter().flat_map(|open| &open.frames);
        let open = frames.filter(|frame| frame.flow);
        let mut open: Vec<usize> = open.map(|frame| frame.start).collect();
        // The parser looks ahead further than it tells.
        resume::brackets(self.text, self.last, at, &mut open);
        open
    }

    /// Makes the top-level part that holds the culprit an error node.
    fn break_part(&mut self, start: usize, culprit: usize, column: usize) {
        let key = resume::part(self.text, start, culprit, column);
        let key = key.map(|(name, at)| {
            let end = at + name.len();
            (name, self.origins.span(limits::span(self.file, at, end)))
        });
        let Some(open) = &mut self.open else { return };
        open.broken = true;
        open.frames.truncate(1);
        if open.frames.first().is_some_and(|root| root.flow) {
            open.frames.clear();
        }
        if open.frames.is_empty() && key.is_some() {
            open.frames.push(Frame::root(start));
        }
        open.root = None;
        match open.frames.first_mut().map(|root| &mut root.body) {
            Some(Body::List(items)) => items.push(Node::null(OriginId(0))),
            Some(Body::Map(keys)) => match key {
                Some((name, origin)) => keys.break_key(name, origin),
                None => keys.forget_key(),
            },
            None => {}
        }
    }

    fn next_part(&mut self, culprit: usize, column: usize) -> Option<usize> {
        let open = self.open.as_mut()?;
        let list = open.frames.first().map(|root| match root.body {
            Body::List(_) => true,
            Body::Map(_) => false,
        });
        match resume::next(self.text, culprit, column, list) {
            Some(Next::Part(at)) => {
                open.resumes = true;
                Some(at)
            }
            Some(Next::Document(at)) => {
                self.finish_document();
                Some(at)
            }
            None => None,
        }
    }

    /// Gives up on the open document.
    fn abandon(&mut self) {
        if let Some(open) = &mut self.open {
            open.frames.clear();
            open.root = None;
        }
        self.finish_document();
    }

    fn finish(mut self) -> Vec<Document> {
        self.finish_document();
        let rest: Vec<Comment> = std::mem::take(&mut self.comments);
        if let Some(last) = self.documents.last_mut() {
            last.comments.extend(rest);
        }
        self.documents
    }
}

impl Open<'_> {
    fn at(start: usize) -> Self {
        Open {
            start,
            ..Open::default()
        }
    }
}

impl Frame<'_> {
    /// The top-level map of a document whose first part is broken.
    fn root(start: usize) -> Self {
        Frame {
            start,
            end: start,
            flow: false,
            anchor: None,
            refused: false,
            body: Body::Map(Keys::default()),
        }
    }
}
