//! Which line of the spec or of a component made a rule of the output.

use syntax::source::BUILT_IN;
use syntax::{Node, OriginId, Origins, Sources, Span};

/// The place that stated a rule: a line of the user's before one of a component, and that before a shape of the compiler's.
#[must_use]
pub fn stated(node: &Node, origins: &Origins, sources: &Sources) -> Option<Span> {
    let mut all: Vec<OriginId> = vec![node.origin()];
    all.extend(node.leaves().map(|(_, leaf)| leaf.origin()));
    let mut best: Option<(u8, Span)> = None;
    for id in all {
        for span in origins.spans(id) {
            let name = sources.get(span.file).map_or("", |source| source.name());
            let rank = match name.strip_prefix(BUILT_IN) {
                None => 0,
                Some(name) if name.starts_with("components/") => 1,
                Some(_) => 2,
            };
            if best.is_none_or(|(known, _)| rank < known) {
                best = Some((rank, span));
            }
        }
    }
    best.map(|(_, span)| span)
}
