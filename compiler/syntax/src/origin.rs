//! Where a value comes from: small numbers into a table that loading fills and each cell extends.

use crate::source::Span;
use std::sync::Arc;

/// The number of an [`Origin`]; 0 is [`Origin::Unknown`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct OriginId(pub u32);

/// The origins that a value was computed from.
pub type Reads = Box<[OriginId]>;

/// What decided a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nothing is known: only tests and internal scaffolding make such values.
    Unknown,
    /// It stands in a text, as it is.
    Span(Span),
    /// The compiler decided it, by the rule of this name, from what it read.
    Rule {
        /// The rule's name, `area/what`, as `explain` shows it.
        name: &'static str,
        /// What it looked at.
        reads: Reads,
    },
    /// A template's expression, from what it read.
    Expr {
        /// The expression in its template.
        at: Span,
        /// What it looked at.
        reads: Reads,
    },
    /// A more specific level replaced what others said.
    Merged {
        /// The statement that holds.
        winner: OriginId,
        /// The statements that it replaced, most specific first.
        losers: Reads,
    },
}

/// The table of origins: a frozen part that is shared, and a part of one's own.
#[derive(Clone, Debug)]
pub struct Origins {
    base: Option<Arc<Origins>>,
    first: u32,
    own: Vec<Origin>,
}

impl Default for Origins {
    fn default() -> Self {
        Origins {
            base: None,
            first: 0,
            own: vec![Origin::Unknown],
        }
    }
}

impl Origins {
    /// A table that starts where a frozen one ends.
    #[must_use]
    pub fn extending(base: &Arc<Origins>) -> Self {
        Origins {
            first: base.len(),
            base: Some(Arc::clone(base)),
            own: Vec::new(),
        }
    }

    /// How many origins there are, the frozen ones included.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.first
            .saturating_add(u32::try_from(self.own.len()).unwrap_or(u32::MAX))
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds an origin.
    pub fn add(&mut self, origin: Origin) -> OriginId {
        let id = OriginId(self.len());
        self.own.push(origin);
        id
    }

    /// Adds a table of places that was filled by itself. Gives what its numbers grow by; 0 stays unknown.
    pub(crate) fn append(&mut self, other: Origins) -> u32 {
        let by = self.len().saturating_sub(1);
        self.own.extend(other.own.into_iter().skip(1));
        by
    }

    /// Adds origins that were numbered before: the first gets the next number.
    pub(crate) fn extend(&mut self, origins: Vec<Origin>) {
        self.own.extend(origins);
    }

    /// A place in a text.
    pub fn span(&mut self, span: Span) -> OriginId {
        self.add(Origin::Span(span))
    }

    /// A decision of the compiler's own.
    pub fn rule(&mut self, name: &'static str, reads: &[OriginId]) -> OriginId {
        self.add(Origin::Rule {
            name,
            reads: reads.into(),
        })
    }

    /// The origin of a number; an unknown number is [`Origin::Unknown`].
    #[must_use]
    pub fn get(&self, id: OriginId) -> &Origin {
        match id.0.checked_sub(self.first) {
            Some(at) => self.own.get(at as usize).unwrap_or(&Origin::Unknown),
            None => self
                .base
                .as_deref()
                .map_or(&Origin::Unknown, |base| base.get(id)),
        }
    }

    /// The text to point at for a value: its own place, its expression's, or its winner's.
    #[must_use]
    pub fn place(&self, id: OriginId) -> Option<Span> {
        match self.get(id) {
            Origin::Span(span) | Origin::Expr { at: span, .. } => Some(*span),
            Origin::Merged { winner, .. } => self.place(*winner),
            Origin::Rule { reads, .. } => reads.iter().find_map(|read| self.place(*read)),
            Origin::Unknown => None,
        }
    }

    /// Calls `visit` for this origin and everything it was computed from, each once, breadth first.
    pub fn walk(&self, id: OriginId, mut visit: impl FnMut(OriginId, &Origin)) {
        let mut queue = vec![id];
        let mut at = 0;
        while let Some(next) = queue.get(at).copied() {
            at += 1;
            let origin = self.get(next);
            visit(next, origin);
            let more: &[OriginId] = match origin {
                Origin::Rule { reads, .. } | Origin::Expr { reads, .. } => reads,
                Origin::Merged { winner, losers } => {
                    if !queue.contains(winner) {
                        queue.push(*winner);
                    }
                    losers
                }
                Origin::Span(_) | Origin::Unknown => &[],
            };
            for read in more {
                if !queue.contains(read) {
                    queue.push(*read);
                }
            }
        }
    }

    /// Every text place that this value depends on, in the order they are found.
    #[must_use]
    pub fn spans(&self, id: OriginId) -> Vec<Span> {
        let mut spans = Vec::new();
        self.walk(id, |_, origin| {
            if let Origin::Span(span) | Origin::Expr { at: span, .. } = origin {
                spans.push(*span);
            }
        });
        spans
    }
}
