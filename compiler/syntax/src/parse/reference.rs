//! Keys, anchors and aliases as they are read.

use super::anchor;
use super::build::{Builder, Place, Stop, Value};
use super::key::{self, Key};
use super::limits;
use crate::node::{Node, Text};
use crate::origin::OriginId;
use crate::source::Span;
use granit_parser::Tag;

impl<'t> Builder<'t, '_> {
    pub(super) fn scalar_key(
        &mut self,
        text: &str,
        plain: bool,
        anchor: Option<&'t str>,
        tag: Option<&Tag>,
        span: Span,
        place: &Place,
    ) -> Result<(), Stop> {
        let key = if plain && tag.is_none() && span.start == span.end {
            self.found.add(key::missing(span));
            Key::Refused
        } else {
            self.key(text, plain && tag.is_none(), span)
        };
        if let Some(tag) = tag {
            self.tagged(tag, text, plain, span, place);
        }
        if let (Some(name), Key::Named(text, origin)) = (anchor, &key) {
            let node = Node::string(text.clone(), *origin);
            self.define(name, &node)?;
        }
        self.set_key(key);
        Ok(())
    }

    fn key(&mut self, text: &str, plain: bool, span: Span) -> Key {
        let origin = self.origins.span(span);
        if let Some(frame) = self.open.as_mut().and_then(|open| open.frames.last_mut()) {
            frame.end = frame.end.max(span.end as usize);
        }
        if plain && text == "<<" {
            return Key::Merge(span);
        }
        let first = self.keys().and_then(|keys| keys.origin_of(text));
        match first {
            None => Key::Named(Text::from(text), origin),
            Some(first) => {
                let first = self.origins.place(first);
                self.found.add(key::duplicate(text, first, span));
                Key::Refused
            }
        }
    }

    pub(super) fn alias(&mut self, place: &Place) -> Result<(), Stop> {
        let name = self
            .text
            .get(place.start + 1..place.end)
            .unwrap_or_default();
        let span = self.span(place.start, place.end);
        let node = self.resolve(name, span)?;
        if !self.wants_key() {
            self.place(Value { node, span });
            return Ok(());
        }
        let key = match node.scalar_text() {
            Some(text) => self.key(&text, false, span),
            None if node.origin() == OriginId(0) => Key::Refused,
            None => {
                self.found.add(key::complex(span));
                Key::Refused
            }
        };
        self.set_key(key);
        Ok(())
    }

    /// What an alias stands for; an error node where that can't be had.
    fn resolve(&mut self, name: &'t str, span: Span) -> Result<Node, Stop> {
        let Some(open) = &self.open else {
            return Ok(Node::null(OriginId(0)));
        };
        let room = self.limits.copies.saturating_sub(self.copies);
        let depth = self.limits.depth.saturating_sub(open.frames.len());
        match open.anchors.get(name, span, room, depth) {
            Ok((node, size)) => {
                self.copies += size;
                self.count(size, span)?;
                Ok(node)
            }
            // The anchor may stand in the part that a syntax error broke.
            Err(anchor::Refusal::Unknown(_)) if open.broken => Ok(Node::null(OriginId(0))),
            Err(anchor::Refusal::Unknown(refusal) | anchor::Refusal::Loop(refusal)) => {
                self.found.add(refusal);
                Ok(Node::null(OriginId(0)))
            }
            Err(anchor::Refusal::Limit(refusal)) => {
                self.found.add(refusal);
                Err(Stop::Spent)
            }
        }
    }

    pub(super) fn define(&mut self, name: &'t str, node: &Node) -> Result<(), Stop> {
        let span = self.origins.place(node.origin());
        let Some(open) = &mut self.open else {
            return Ok(());
        };
        let size = open.anchors.define(name, node, span);
        self.count(size, span.unwrap_or(limits::span(self.file, 0, 0)))
    }

    /// Counts values; too many end it.
    pub(super) fn count(&mut self, more: usize, at: Span) -> Result<(), Stop> {
        self.nodes = self.nodes.saturating_add(more);
        if self.nodes <= self.limits.nodes {
            return Ok(());
        }
        self.found.add(limits::too_many(self.limits, at));
        Err(Stop::Spent)
    }
}
