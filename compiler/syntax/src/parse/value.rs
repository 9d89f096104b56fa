//! Scalars, lists and maps as they begin and end.

use super::build::{Body, Builder, Frame, Place, Stop, Value};
use super::key::{self, Key};
use super::scalar::{self, Plain};
use super::tag;
use crate::node::{Kind, Node, Text};
use crate::origin::OriginId;
use crate::source::Span;
use granit_parser::{ScalarStyle, StructureStyle, Tag};
use std::borrow::Cow;

impl<'t> Builder<'t, '_> {
    pub(super) fn scalar(
        &mut self,
        text: Cow<'t, str>,
        style: ScalarStyle,
        anchor: Option<&'t str>,
        tag: Option<&Tag>,
        place: &Place,
    ) -> Result<(), Stop> {
        if self.open.as_ref().is_some_and(|open| open.resumes) {
            return Err(Stop::NoKey(place.start));
        }
        let plain = style == ScalarStyle::Plain;
        let span = match style {
            ScalarStyle::Plain | ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                self.flow_scalar(place)
            }
            ScalarStyle::Literal | ScalarStyle::Folded => self.block_scalar(place),
        };
        // An empty value is delivered as `~`.
        let empty = plain && place.start == place.end;
        let text = if empty { Cow::Borrowed("") } else { text };
        if self.wants_key() {
            return self.scalar_key(&text, plain, anchor, tag, span, place);
        }
        let node = match tag {
            Some(tag) => self.tagged(tag, &text, plain, span, place),
            None if plain => self.plain(&text, span),
            None => Node::string(Text::from(&*text), self.origins.span(span)),
        };
        self.count(1, span)?;
        if let Some(name) = anchor {
            self.define(name, &node)?;
        }
        self.place(Value { node, span });
        Ok(())
    }

    pub(super) fn tagged(
        &mut self,
        tag: &Tag,
        text: &str,
        plain: bool,
        span: Span,
        place: &Place,
    ) -> Node {
        let origin = self.origins.span(span);
        let tag_at = place.tag.unwrap_or(span);
        match tag::scalar(tag, text, plain, span, tag_at) {
            Ok(kind) => Node::new(kind, origin),
            Err(refusal) => {
                self.found.add(refusal);
                Node::null(OriginId(0))
            }
        }
    }

    fn plain(&mut self, text: &str, span: Span) -> Node {
        let origin = self.origins.span(span);
        match scalar::read(text) {
            Plain::Null => Node::null(origin),
            Plain::Bool(value) => Node::bool(value, origin),
            Plain::Number(number) => {
                if let Some(warning) = scalar::doubt(text, &number, span) {
                    self.found.add(warning);
                }
                Node::new(Kind::Number(number), origin)
            }
            Plain::String => Node::string(Text::from(text), origin),
            Plain::NoNumber => {
                self.found.add(scalar::no_number(text, span));
                Node::null(OriginId(0))
            }
        }
    }

    pub(super) fn enter(
        &mut self,
        body: Body,
        style: StructureStyle,
        anchor: Option<&'t str>,
        tag: Option<&Tag>,
        place: &Place,
    ) -> Result<(), Stop> {
        self.count(1, self.span(place.start, place.end))?;
        let refusal = tag.and_then(|tag| {
            let at = place.tag.unwrap_or(self.span(place.start, place.end));
            tag::collection(tag, matches!(body, Body::List(_)), at)
        });
        let refused = refusal.is_some();
        if let Some(refusal) = refusal {
            self.found.add(refusal);
        }
        if self.open.as_mut().is_some_and(|open| open.resuming(&body)) {
            return Ok(());
        }
        if self.wants_key() {
            self.complex_key(place.start);
        }
        let start = match body {
            Body::List(_) => self.list_start(style == StructureStyle::Flow, place.start),
            Body::Map(_) => place.start,
        };
        let depth = self.limits.depth;
        let Some(open) = &mut self.open else {
            return Ok(());
        };
        if open.frames.len() >= depth {
            return Err(Stop::Depth(place.start));
        }
        if let Some(name) = anchor {
            open.anchors.begin(name);
        }
        open.frames.push(Frame {
            start,
            end: place.end,
            flow: style == StructureStyle::Flow,
            anchor,
            refused,
            body,
        });
        Ok(())
    }

    /// A list or map stands as a key: it is read and dropped, and the map that it stands in is unusable.
    fn complex_key(&mut self, at: usize) {
        let refusal = key::complex(self.character(at));
        let before = at
            .checked_sub(1)
            .and_then(|at| self.text.as_bytes().get(at));
        self.found.add(match before {
            Some(b'{') => refusal.help("if this is a template, put it in quotes: \"{{ ... }}\""),
            Some(_) | None => {
                refusal.help("if brackets or braces belong to the text, put all of it in quotes")
            }
        });
        if let Some(frame) = self.open.as_mut().and_then(|open| open.frames.last_mut()) {
            frame.refused = true;
        }
        self.set_key(Key::Building);
    }

    pub(super) fn leave(&mut self, place: &Place) -> Result<(), Stop> {
        let Some(frame) = self.open.as_mut().and_then(|open| open.frames.pop()) else {
            return Ok(());
        };
        let end = if frame.flow { place.end } else { frame.end };
        let span = self.span(frame.start, end);
        let (anchor, refused) = (frame.anchor, frame.refused);
        let node = self.close(frame.body, span);
        let node = if refused {
            Node::null(OriginId(0))
        } else {
            node
        };
        if let Some(name) = anchor {
            self.define(name, &node)?;
        }
        self.place(Value { node, span });
        Ok(())
    }
}
