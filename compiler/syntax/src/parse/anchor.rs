//! Anchors and what aliases copy of them, within limits.

use super::limits::shown;
use crate::diagnostic::Diagnostic;
use crate::node::{Kind, Node};
use crate::source::Span;
use crate::suggest;
use std::collections::BTreeMap;

/// The anchors of one document. A name may be defined again; the last definition holds.
#[derive(Default)]
pub(super) struct Anchors<'t> {
    named: BTreeMap<&'t str, Anchor>,
}

enum Anchor {
    /// Its list or map is still being read.
    Open,
    Done {
        node: Node,
        size: usize,
        height: usize,
        span: Option<Span>,
    },
}

/// Why an alias can't be followed.
pub(super) enum Refusal {
    Unknown(Diagnostic),
    Loop(Diagnostic),
    Limit(Diagnostic),
}

impl<'t> Anchors<'t> {
    /// A list or map with this anchor begins.
    pub(super) fn begin(&mut self, name: &'t str) {
        self.named.insert(name, Anchor::Open);
    }

    /// A value with this anchor is complete. Returns how many values are kept for it.
    pub(super) fn define(&mut self, name: &'t str, node: &Node, span: Option<Span>) -> usize {
        let (size, height) = measure(node);
        let node = node.clone();
        self.named.insert(
            name,
            Anchor::Done {
                node,
                size,
                height,
                span,
            },
        );
        size
    }

    /// What an alias stands for and how many values that are, where it is no more than `room` and `depth` allow.
    pub(super) fn get(
        &self,
        name: &str,
        at: Span,
        room: usize,
        depth: usize,
    ) -> Result<(Node, usize), Refusal> {
        match self.named.get(name) {
            None => Err(Refusal::Unknown(self.unknown(name, at))),
            Some(Anchor::Open) => Err(Refusal::Loop(
                Diagnostic::error(
                    "alias-loop",
                    format!(
                        "the alias `*{}` stands inside the value that it copies",
                        shown(name)
                    ),
                )
                .at(at, "this would never end"),
            )),
            Some(Anchor::Done {
                node,
                size,
                height,
                span,
            }) => {
                if *size > room {
                    return Err(Refusal::Limit(
                        Diagnostic::error(
                            "alias-expansion",
                            "the aliases of this file copy too many values",
                        )
                        .at(at, format!("this one copies {size} more"))
                        .at(*span, "of these")
                        .help("write fewer aliases of aliases; reading stops here"),
                    ));
                }
                if *height > depth {
                    return Err(Refusal::Limit(
                        Diagnostic::error("nesting-depth", "aliases nest too deep in each other")
                            .at(at, format!("this one is {height} levels deep"))
                            .at(*span, "of this"),
                    ));
                }
                Ok((node.clone(), *size))
            }
        }
    }

    fn unknown(&self, name: &str, at: Span) -> Diagnostic {
        let name = shown(name);
        let finding = Diagnostic::error(
            "unknown-anchor",
            format!("the alias `*{name}` has no anchor `&{name}` before it"),
        )
        .at(at, "nothing to copy");
        match suggest::nearest(&name, self.named.keys().copied()) {
            Some(near) => finding
                .help(format!("did you mean `*{near}`?"))
                .fix(at, format!("*{near}")),
            None => finding.help("if the `*` belongs to the text, put it in quotes"),
        }
    }
}

/// How many values a value holds, itself included, and how deep lists and maps stand in it.
fn measure(node: &Node) -> (usize, usize) {
    let below = |children: &mut dyn Iterator<Item = &Node>| {
        children
            .map(measure)
            .fold((1, 0), |(size, height), (s, h)| (size + s, height.max(h)))
    };
    match node.kind() {
        Kind::List(items) => {
            let (size, height) = below(&mut items.iter());
            (size, height + 1)
        }
        Kind::Map(map) => {
            let (size, height) = below(&mut map.entries().iter().map(|entry| &entry.value));
            (size, height + 1)
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => (1, 0),
    }
}
