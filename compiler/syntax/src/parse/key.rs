//! The keys of a map while it is read: each once, and what `<<` merges in.

use super::build::Value;
use super::limits::{Findings, shown};
use crate::diagnostic::Diagnostic;
use crate::node::{Entry, Kind, Map, Node, Text};
use crate::origin::{OriginId, Origins};
use crate::source::Span;
use ecow::EcoVec;
use std::collections::{BTreeMap, BTreeSet};

/// From how many keys on a map is searched by index.
const MANY: usize = 16;

/// A map that is being read.
#[derive(Default)]
pub(super) struct Keys {
    map: Map,
    index: BTreeMap<Text, usize>,
    merges: Vec<Merge>,
    pub(super) pending: Key,
}

/// The key whose value is read next.
#[derive(Default)]
pub(super) enum Key {
    /// None yet: a key is read next.
    #[default]
    None,
    Named(Text, OriginId),
    /// `<<`.
    Merge(Span),
    /// It was refused; its value will be dropped.
    Refused,
    /// A list or map that stands as a key is being read, to be dropped.
    Building,
}

struct Merge {
    before: usize,
    key: Span,
    value: Value,
}

impl Keys {
    pub(super) fn wants_key(&self) -> bool {
        matches!(self.pending, Key::None)
    }

    /// Where a key stands already.
    pub(super) fn origin_of(&self, key: &str) -> Option<OriginId> {
        let entry = match self.map.len() {
            ..=MANY => self.map.entry(key),
            _ => self
                .index
                .get(key)
                .and_then(|at| self.map.entries().get(*at)),
        };
        entry.map(|entry| entry.key_origin)
    }

    /// Takes the value of the pending key.
    pub(super) fn value(&mut self, value: Value) {
        match std::mem::take(&mut self.pending) {
            Key::Named(key, key_origin) => self.push(key, key_origin, value.node),
            Key::Merge(key) => self.merges.push(Merge {
                before: self.map.len(),
                key,
                value,
            }),
            Key::Building => self.pending = Key::Refused,
            Key::None | Key::Refused => {}
        }
    }

    fn push(&mut self, key: Text, key_origin: OriginId, value: Node) {
        let at = self.map.len();
        if at == MANY {
            let known = self.map.entries().iter().enumerate();
            self.index = known.map(|(i, entry)| (entry.key.clone(), i)).collect();
        }
        if at >= MANY {
            self.index.insert(key.clone(), at);
        }
        self.map.push(Entry {
            key,
            key_origin,
            value,
        });
    }

    /// Makes the value of a key an error node, the key being added where it is new.
    pub(super) fn break_key(&mut self, key: &str, key_origin: OriginId) {
        self.pending = Key::None;
        match self.map.get_mut(key) {
            Some(value) => *value = Node::null(OriginId(0)),
            None => self.push(Text::from(key), key_origin, Node::null(OriginId(0))),
        }
    }

    /// Drops the key that waits for its value.
    pub(super) fn forget_key(&mut self) {
        self.pending = Key::None;
    }

    /// The finished map.
    pub(super) fn finish(self, origins: &Origins, found: &mut Findings<'_>) -> Map {
        if self.merges.is_empty() {
            return self.map;
        }
        let mut said: BTreeSet<Text> = self.map.entries().iter().map(|e| e.key.clone()).collect();
        let mut merges = self.merges.into_iter().peekable();
        let mut first: Option<Span> = None;
        let mut map = Map::with_capacity(self.map.len());
        let count = self.map.len();
        let mut entries = self.map.into_entries().into_iter();
        for at in 0..=count {
            while let Some(merge) = merges.next_if(|merge| merge.before == at) {
                if let Some(first) = first {
                    found.add(
                        duplicate("<<", Some(first), merge.key)
                            .help("merge several maps with a list: `<<: [*a, *b]`"),
                    );
                    continue;
                }
                first = Some(merge.key);
                for entry in merged(merge, origins, found) {
                    if said.insert(entry.key.clone()) {
                        map.push(entry);
                    }
                }
            }
            if let Some(entry) = entries.next() {
                map.push(entry);
            }
        }
        map
    }
}

/// What a `<<` merges in, the more important entries first.
fn merged(merge: Merge, origins: &Origins, found: &mut Findings<'_>) -> EcoVec<Entry> {
    let span = merge.value.span;
    let node = merge.value.node;
    let name = node.kind_name();
    let unusable = node.origin() == OriginId(0);
    match node.into_kind() {
        Kind::Map(map) => map.into_entries(),
        Kind::List(items) => {
            let mut entries = EcoVec::new();
            for item in items {
                let (at, name) = (item.origin(), item.kind_name());
                match item.into_kind() {
                    Kind::Map(map) => entries.extend(map.into_entries()),
                    Kind::Null if at == OriginId(0) => {}
                    Kind::Null
                    | Kind::Bool(_)
                    | Kind::Number(_)
                    | Kind::String(_)
                    | Kind::List(_) => {
                        found.add(misused(name, merge.key).at(origins.place(at), name));
                    }
                }
            }
            entries
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {
            if !unusable {
                found.add(misused(name, span).at(merge.key, "merged in by this"));
            }
            EcoVec::new()
        }
    }
}

fn misused(name: &str, at: Span) -> Diagnostic {
    Diagnostic::error("merge-key", format!("`<<` merges maps, and this is {name}"))
        .at(at, "expected a map, an alias of one, or a list of them")
        .help("for a key that is called `<<`, write it in quotes")
}

/// A key that stands twice.
pub(super) fn duplicate(key: &str, first: Option<Span>, again: Span) -> Diagnostic {
    Diagnostic::error(
        "duplicate-key",
        format!("the key `{}` stands twice", shown(key)),
    )
    .at(again, "again here")
    .at(first, "first here")
    .help("keep one of them")
}

/// A list or map as a key.
pub(super) fn complex(at: Span) -> Diagnostic {
    Diagnostic::error("complex-key", "a key must be a text, not a list or a map")
        .at(at, "used as a key")
}

/// A value without a key.
pub(super) fn missing(at: Span) -> Diagnostic {
    Diagnostic::error("missing-key", "there is no key before this `:`").at(at, "a key belongs here")
}
