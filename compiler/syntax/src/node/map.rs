//! Ordered mappings, and what they remember beside their entries.

use super::{Node, Text};
use crate::origin::OriginId;
use ecow::EcoVec;

/// An ordered mapping. Keys are unique.
#[derive(Clone, Debug, Default)]
pub struct Map {
    entries: EcoVec<Entry>,
    notes: Option<Box<Notes>>,
}

/// A key, where it stands, and its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key's text.
    pub key: Text,
    /// Where the key stands.
    pub key_origin: OriginId,
    /// Its value.
    pub value: Node,
}

/// What a mapping remembers beside its entries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Notes {
    /// A more specific level said `false` (or `true` again): the flag beside the content.
    pub switch: Option<(bool, OriginId)>,
    /// Keys that a condition left out, and what decided it.
    pub absent: Vec<(Text, OriginId)>,
}

impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        self.entries.len() == other.entries.len()
            && self.is_on() == other.is_on()
            && self
                .entries
                .iter()
                .zip(&other.entries)
                .all(|(a, b)| a.key == b.key && a.value == b.value)
    }
}

impl Map {
    /// An empty mapping with room.
    #[must_use]
    pub fn with_capacity(room: usize) -> Self {
        Map {
            entries: EcoVec::with_capacity(room),
            notes: None,
        }
    }

    /// The entries in their order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entries, to change values in place.
    pub fn entries_mut(&mut self) -> &mut [Entry] {
        self.entries.make_mut()
    }

    /// The entries, by value.
    #[must_use]
    pub fn into_entries(self) -> EcoVec<Entry> {
        self.entries
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entry of a key.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The value of a key, to change.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        let at = self.position(key)?;
        let entry = self.entries.make_mut().get_mut(at);
        entry.map(|entry| &mut entry.value)
    }

    /// Sets a key: in its place where it exists, else at the end.
    pub fn set(&mut self, key: impl Into<Text>, key_origin: OriginId, value: Node) {
        let key = key.into();
        let at = self.position(&key);
        match at.and_then(|at| self.entries.make_mut().get_mut(at)) {
            Some(entry) => {
                entry.key_origin = key_origin;
                entry.value = value;
            }
            None => self.entries.push(Entry {
                key,
                key_origin,
                value,
            }),
        }
    }

    /// Adds an entry whose key is known to be new; for builders that checked already.
    pub fn push(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// Takes a key out.
    pub fn remove(&mut self, key: &str) -> Option<Entry> {
        let at = self.position(key)?;
        Some(self.entries.remove(at))
    }

    fn position(&self, key: &str) -> Option<usize> {
        self.entries.iter().position(|entry| entry.key == key)
    }

    /// Whether the section is on: it is unless some level switched it off last.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.switch().is_none_or(|(on, _)| on)
    }

    /// The last switch that was stated beside the content.
    #[must_use]
    pub fn switch(&self) -> Option<(bool, OriginId)> {
        self.notes.as_ref()?.switch
    }

    /// What is remembered beside the entries.
    #[must_use]
    pub fn notes(&self) -> Option<&Notes> {
        self.notes.as_deref()
    }

    /// What is remembered beside the entries, to change.
    pub fn notes_mut(&mut self) -> &mut Notes {
        self.notes.get_or_insert_default()
    }
}
