//! Where a value comes from: small numbers into a table that loading fills and each cell extends.

use crate::source::{FileId, Span};
use std::borrow::Cow;
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
    /// The places of packed texts, by their numbers: they are read where they lie.
    runs: Vec<Run>,
}

/// The places of one packed text, numbered one after the other.
#[derive(Clone, Copy, Debug)]
struct Run {
    first: u32,
    /// How many places are in this run and those before it.
    until: u32,
    file: FileId,
    places: &'static [PackedPlace],
}

/// Where a place begins and ends, each as four bytes, the lowest first.
pub(crate) type PackedPlace = [u8; 8];

impl Default for Origins {
    fn default() -> Self {
        Origins {
            base: None,
            first: 0,
            own: vec![Origin::Unknown],
            runs: Vec::new(),
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
            runs: Vec::new(),
        }
    }

    /// How many origins there are, the frozen ones included.
    #[must_use]
    pub fn len(&self) -> u32 {
        let own = u32::try_from(self.own.len()).unwrap_or(u32::MAX);
        self.first
            .saturating_add(own)
            .saturating_add(self.in_runs())
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

    /// Adds the places of a packed text: the first gets the next number.
    pub(crate) fn run(&mut self, file: FileId, places: &'static [PackedPlace]) {
        let count = u32::try_from(places.len()).unwrap_or(u32::MAX);
        self.runs.push(Run {
            first: self.len(),
            until: self.in_runs().saturating_add(count),
            file,
            places,
        });
    }

    fn in_runs(&self) -> u32 {
        self.runs.last().map_or(0, |run| run.until)
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
    pub fn get(&self, id: OriginId) -> Cow<'_, Origin> {
        let Some(at) = id.0.checked_sub(self.first) else {
            let base = self.base.as_deref();
            return base.map_or(Cow::Owned(Origin::Unknown), |base| base.get(id));
        };
        let run = self.runs.partition_point(|run| run.first <= id.0);
        let run = run.checked_sub(1).and_then(|run| self.runs.get(run));
        if let Some(span) = run.and_then(|run| run.get(id)) {
            return Cow::Owned(Origin::Span(span));
        }
        let at = at.saturating_sub(run.map_or(0, |run| run.until));
        let own = self.own.get(at as usize);
        own.map_or(Cow::Owned(Origin::Unknown), Cow::Borrowed)
    }

    /// The text to point at for a value: its own place, its expression's, or its winner's.
    #[must_use]
    pub fn place(&self, id: OriginId) -> Option<Span> {
        match &*self.get(id) {
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
            visit(next, &origin);
            let more: &[OriginId] = match &*origin {
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

impl Run {
    fn get(&self, id: OriginId) -> Option<Span> {
        let at = id.0.checked_sub(self.first)?;
        let [a, b, c, d, ends @ ..] = *self.places.get(at as usize)?;
        Some(Span {
            file: self.file,
            start: u32::from_le_bytes([a, b, c, d]),
            end: u32::from_le_bytes(ends),
        })
    }
}
