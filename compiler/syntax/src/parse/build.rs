//! Events to nodes: a stack of open lists and maps that survives a syntax error.

use super::anchor::Anchors;
use super::key::{Key, Keys};
use super::limits::{self, Findings, Limits};
use super::{Comment, Document, Placement};
use crate::diagnostic::Diagnostics;
use crate::node::Node;
use crate::origin::{OriginId, Origins};
use crate::source::{FileId, Span};
use granit_parser::{Event, Parser, ScanError, StrInput};

/// Builds the documents of one text.
pub(super) struct Builder<'t, 'o> {
    pub(super) text: &'t str,
    pub(super) file: FileId,
    pub(super) limits: &'o Limits,
    pub(super) origins: &'o mut Origins,
    pub(super) found: Findings<'o>,
    pub(super) documents: Vec<Document>,
    pub(super) open: Option<Open<'t>>,
    /// Comments that no document has taken yet.
    pub(super) comments: Vec<Comment>,
    /// Values built so far, copies included.
    pub(super) nodes: usize,
    pub(super) copies: usize,
    /// Where the part of the text begins that the parser is reading.
    pub(super) base: usize,
    /// Where the last thing ended that was read.
    pub(super) last: usize,
}

/// The document that is being built.
#[derive(Default)]
pub(super) struct Open<'t> {
    pub(super) start: usize,
    pub(super) frames: Vec<Frame<'t>>,
    pub(super) root: Option<Node>,
    pub(super) anchors: Anchors<'t>,
    /// A syntax error broke a part of it.
    pub(super) broken: bool,
    /// The next list or map is the top-level one, going on after a syntax error.
    pub(super) resumes: bool,
}

/// A list or map that is not closed yet.
pub(super) struct Frame<'t> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) flow: bool,
    pub(super) anchor: Option<&'t str>,
    /// A tag that doesn't fit: the value becomes an error node.
    pub(super) refused: bool,
    pub(super) body: Body,
}

/// What a frame has collected.
pub(super) enum Body {
    List(Vec<Node>),
    Map(Keys),
}

/// Why the parser stopped before the end.
pub(super) enum Stop {
    /// A mistake in the syntax.
    Syntax(ScanError),
    /// Lists and maps stand too deep in each other; here.
    Depth(usize),
    /// Where a key should be, a text without a colon stands; here.
    NoKey(usize),
    /// The text costs too much to go on at all; it was said.
    Spent,
}

/// A value that is complete, and where it stands: an alias stands elsewhere than what it copies.
pub(super) struct Value {
    pub(super) node: Node,
    pub(super) span: Span,
}

/// Where an event stands in the text.
pub(super) struct Place {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) tag: Option<Span>,
}

type Events<'t> = Parser<'t, StrInput<'t>>;

impl<'t, 'o> Builder<'t, 'o> {
    pub(super) fn new(
        limits: &'o Limits,
        file: FileId,
        text: &'t str,
        origins: &'o mut Origins,
        found: &'o mut Diagnostics,
    ) -> Self {
        Builder {
            text,
            file,
            limits,
            origins,
            found: Findings::new(limits, found),
            documents: Vec::new(),
            open: None,
            comments: Vec::new(),
            nodes: 0,
            copies: 0,
            base: 0,
            last: 0,
        }
    }

    /// Reads the text from `base` to its end, or to what stops it. A document that is open goes on.
    pub(super) fn read_from(&mut self, base: usize) -> Option<Stop> {
        self.base = base;
        self.last = base;
        let options = granit_parser::options! {
            emit_anchor_events: true,
            emit_unresolved_aliases: true,
            max_buffered_comment_events: usize::MAX,
            flow_nesting_limit: self.limits.depth + 1,
            block_nesting_limit: self.limits.depth + 1,
        };
        let part = self.text.get(base..)?;
        let mut events = Parser::new_from_str_with_options(part, options);
        while let Some(event) = events.next() {
            let result = match event {
                Ok((event, at)) => {
                    let range = at.byte_range().unwrap_or_default();
                    let tag_at = at.tag_span().and_then(|tag| tag.byte_range());
                    let place = Place {
                        start: base + range.start,
                        end: base + range.end,
                        tag: tag_at.map(|tag| self.span(base + tag.start, base + tag.end)),
                    };
                    let taken = self.take(event, &place, &mut events);
                    self.last = self.last.max(place.end);
                    taken
                }
                Err(error) => Err(Stop::Syntax(error)),
            };
            if let Err(stop) = result {
                return Some(stop);
            }
        }
        None
    }

    fn take(
        &mut self,
        event: Event<'t>,
        place: &Place,
        events: &mut Events<'t>,
    ) -> Result<(), Stop> {
        match event {
            Event::DocumentStart(explicit, _) => {
                self.begin(if explicit { place.end } else { place.start });
            }
            Event::DocumentEnd => self.finish_document(),
            Event::Comment(text, placement) => self.comment(&text, placement, place),
            Event::Scalar(text, style, anchor, tag) => {
                let anchor = self.anchor_name(anchor, events);
                self.scalar(text, style, anchor, tag.as_deref(), place)?;
            }
            Event::SequenceStart(style, anchor, tag) => {
                let anchor = self.anchor_name(anchor, events);
                let body = Body::List(Vec::new());
                self.enter(body, style, anchor, tag.as_deref(), place)?;
            }
            Event::MappingStart(style, anchor, tag) => {
                let anchor = self.anchor_name(anchor, events);
                let body = Body::Map(Keys::default());
                self.enter(body, style, anchor, tag.as_deref(), place)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.leave(place)?,
            Event::Alias(_) | Event::UnresolvedAlias(_) => self.alias(place)?,
            Event::StreamStart | Event::StreamEnd | Event::Anchor(..) => {}
            _ => {}
        }
        Ok(())
    }

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        limits::span(self.file, start, end.max(start))
    }

    /// The name of the anchor on the node whose event was just taken; its own event is the next.
    fn anchor_name(&self, id: usize, events: &mut Events<'t>) -> Option<&'t str> {
        if id == 0 {
            return None;
        }
        let (_, at) = events.next()?.ok()?;
        let range = at.byte_range()?;
        self.text
            .get(self.base + range.start + 1..self.base + range.end)
    }

    fn begin(&mut self, start: usize) {
        if self.open.is_none() {
            self.open = Some(Open {
                start,
                ..Open::default()
            });
        }
    }

    /// Closes the open document.
    pub(super) fn finish_document(&mut self) {
        let Some(mut open) = self.open.take() else {
            return;
        };
        // Only a syntax error leaves the top level open.
        open.frames.truncate(1);
        let rest = open.frames.pop().map(|root| {
            let span = self.span(root.start, root.end);
            self.close(root.body, span)
        });
        let node = open.root.or(rest);
        let node = node.unwrap_or_else(|| Node::null(OriginId(0)));
        self.documents.push(Document {
            node,
            comments: std::mem::take(&mut self.comments),
        });
    }

    fn comment(&mut self, text: &str, placement: granit_parser::Placement, place: &Place) {
        self.comments.push(Comment {
            span: self.span(place.start, place.end),
            text: text.to_owned(),
            placement: match placement {
                granit_parser::Placement::Above => Placement::Above,
                granit_parser::Placement::Right => Placement::Right,
                granit_parser::Placement::Last => Placement::Last,
                granit_parser::Placement::Free | _ => Placement::Free,
            },
        });
    }

    /// A finished list or map.
    pub(super) fn close(&mut self, body: Body, span: Span) -> Node {
        let origin = self.origins.span(span);
        match body {
            Body::List(items) => Node::list(items, origin),
            Body::Map(keys) => Node::map(keys.finish(self.origins, &mut self.found), origin),
        }
    }

    /// Puts a finished value where the innermost open list or map expects it.
    pub(super) fn place(&mut self, value: Value) {
        let Some(open) = &mut self.open else { return };
        let Some(frame) = open.frames.last_mut() else {
            open.root = Some(value.node);
            return;
        };
        frame.end = frame.end.max(value.span.end as usize);
        match &mut frame.body {
            Body::List(items) => items.push(value.node),
            Body::Map(keys) => keys.value(value),
        }
    }

    pub(super) fn wants_key(&self) -> bool {
        let frame = self.open.as_ref().and_then(|open| open.frames.last());
        matches!(frame, Some(Frame { body: Body::Map(keys), .. }) if keys.wants_key())
    }

    /// The keys of the innermost open map.
    pub(super) fn keys(&mut self) -> Option<&mut Keys> {
        match &mut self.open.as_mut()?.frames.last_mut()?.body {
            Body::Map(keys) => Some(keys),
            Body::List(_) => None,
        }
    }

    pub(super) fn set_key(&mut self, key: Key) {
        if let Some(keys) = self.keys() {
            keys.pending = key;
        }
    }
}

impl<'t> Open<'t> {
    /// Whether a list or map that begins is the top-level one, going on after a syntax error.
    pub(super) fn resuming(&mut self, body: &Body) -> bool {
        if !std::mem::take(&mut self.resumes) {
            return false;
        }
        let same = match (self.frames.first().map(|root| &root.body), body) {
            (Some(Body::List(_)), Body::List(_)) | (Some(Body::Map(_)), Body::Map(_)) => true,
            (Some(Body::List(_) | Body::Map(_)) | None, Body::List(_) | Body::Map(_)) => false,
        };
        if !same {
            self.frames.clear();
        }
        same
    }
}
