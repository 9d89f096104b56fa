//! What a place is called, and where to point.

use super::Explain;
use syntax::pointer::Pointer;
use syntax::{Kind, Node, Span};

impl Explain<'_> {
    /// What a place is called: its path, or the layer itself.
    pub(super) fn name(&self, at: &Pointer) -> String {
        if at.is_root() {
            self.root.to_owned()
        } else {
            format!("`{}`", at.in_words(self.layer))
        }
    }

    /// Where to point for a value: at itself, or at its key where it spans lines.
    pub(super) fn value_place(&self, at: &Pointer, node: &Node) -> Option<Span> {
        match node.kind() {
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {
                let own = self.origins.place(node.origin());
                own.filter(|span| span.start < span.end)
                    .or_else(|| self.key_place(at, node))
            }
            Kind::List(_) | Kind::Map(_) if self.source(node).is_some() => {
                self.origins.place(node.origin())
            }
            Kind::List(_) | Kind::Map(_) => self.key_place(at, node),
        }
    }

    /// Where to point for a place: at its key; for the whole layer at its first key; for an item of a list at its first line.
    pub(super) fn key_place(&self, at: &Pointer, node: &Node) -> Option<Span> {
        if let Some(entry) = self.layer.find_entry(at) {
            return self.origins.place(entry.key_origin);
        }
        let own = self.origins.place(node.origin());
        let first = node
            .entries()
            .first()
            .and_then(|entry| self.origins.place(entry.key_origin));
        if let Some(first) = first {
            return Some(first);
        }
        let span = own?;
        let text = self
            .sources
            .get(span.file)?
            .text()
            .get(span.start as usize..span.end as usize)?;
        let line = text.lines().next().map_or(0, str::len);
        Some(Span {
            end: span.start + u32::try_from(line).unwrap_or(0),
            ..span
        })
    }

    /// Whether a key stands at a place by itself: the columns of tables are longer, their cells something else.
    pub(super) fn stands(&self, span: Span, key: &str) -> bool {
        let text = self
            .sources
            .get(span.file)
            .and_then(|source| source.text().get(span.start as usize..span.end as usize));
        text.is_some_and(|text| text.trim_matches(['"', '\'']) == key)
    }

    /// A value as it stands in its text, on one line.
    pub(super) fn source(&self, node: &Node) -> Option<String> {
        let span = self.origins.place(node.origin())?;
        let text = self
            .sources
            .get(span.file)?
            .text()
            .get(span.start as usize..span.end as usize)?;
        (!text.contains('\n')).then(|| text.to_owned())
    }
}
