//! The one tree between parse and print: values that know where they came from.

use crate::origin::OriginId;
pub use ecow::EcoString as Text;

/// A value and its origin. Two nodes are equal when their data is; origins don't count.
#[derive(Clone, Debug)]
pub struct Node {
    origin: OriginId,
    replaces: bool,
    kind: Kind,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as its source text.
    Number(Text),
    /// Text.
    String(Text),
    /// A sequence.
    List(Vec<Node>),
    /// An ordered mapping with text keys.
    Map(Map),
}

/// An ordered mapping. Keys are unique.
#[derive(Clone, Debug, Default)]
pub struct Map {
    entries: Vec<Entry>,
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

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
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

impl Node {
    /// A node of any kind.
    #[must_use]
    pub fn new(kind: Kind, origin: OriginId) -> Self {
        Node {
            origin,
            replaces: false,
            kind,
        }
    }

    /// A null.
    #[must_use]
    pub fn null(origin: OriginId) -> Self {
        Node::new(Kind::Null, origin)
    }

    /// A truth value.
    #[must_use]
    pub fn bool(value: bool, origin: OriginId) -> Self {
        Node::new(Kind::Bool(value), origin)
    }

    /// A whole number.
    #[must_use]
    pub fn integer(value: i64, origin: OriginId) -> Self {
        Node::new(Kind::Number(ecow::eco_format!("{value}")), origin)
    }

    /// A text.
    #[must_use]
    pub fn string(text: impl Into<Text>, origin: OriginId) -> Self {
        Node::new(Kind::String(text.into()), origin)
    }

    /// A sequence.
    #[must_use]
    pub fn list(items: Vec<Node>, origin: OriginId) -> Self {
        Node::new(Kind::List(items), origin)
    }

    /// A mapping.
    #[must_use]
    pub fn map(map: Map, origin: OriginId) -> Self {
        Node::new(Kind::Map(map), origin)
    }

    /// A mapping of the given keys, all with this origin.
    #[must_use]
    pub fn from_entries<K: Into<Text>>(
        entries: impl IntoIterator<Item = (K, Node)>,
        origin: OriginId,
    ) -> Self {
        let mut map = Map::default();
        for (key, value) in entries {
            map.set(key, origin, value);
        }
        Node::map(map, origin)
    }

    /// Where it came from.
    #[must_use]
    pub fn origin(&self) -> OriginId {
        self.origin
    }

    /// The same value with another origin.
    #[must_use]
    pub fn with_origin(mut self, origin: OriginId) -> Self {
        self.origin = origin;
        self
    }

    /// Whether it hides what less specific levels said, instead of merging with it: only a merge says so.
    #[must_use]
    pub fn replaces(&self) -> bool {
        self.replaces
    }

    /// The same value, hiding what less specific levels said.
    #[must_use]
    pub fn replacing(mut self, replaces: bool) -> Self {
        self.replaces = replaces;
        self
    }

    /// What it is.
    #[must_use]
    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    /// What it is, to change.
    pub fn kind_mut(&mut self) -> &mut Kind {
        &mut self.kind
    }

    /// What it is, by value.
    #[must_use]
    pub fn into_kind(self) -> Kind {
        self.kind
    }

    /// The word for its kind in messages: `a map`, `a list`, `a string` ...
    #[must_use]
    pub fn kind_name(&self) -> &'static str {
        match &self.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "a boolean",
            Kind::Number(_) => "a number",
            Kind::String(_) => "a string",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a map",
        }
    }

    /// Its text, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::List(_) | Kind::Map(_) => None,
        }
    }

    /// The text of a scalar as it would be written: strings, numbers and truth values.
    #[must_use]
    pub fn scalar_text(&self) -> Option<Text> {
        match &self.kind {
            Kind::String(text) | Kind::Number(text) => Some(text.clone()),
            Kind::Bool(value) => Some(if *value {
                "true".into()
            } else {
                "false".into()
            }),
            Kind::Null | Kind::List(_) | Kind::Map(_) => None,
        }
    }

    /// Its truth value, if it is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        if let Kind::Bool(value) = self.kind {
            Some(value)
        } else {
            None
        }
    }

    /// Its whole number, if it is one and fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        if let Kind::Number(text) = &self.kind {
            text.parse().ok()
        } else {
            None
        }
    }

    /// Its items; none where it is no list.
    #[must_use]
    pub fn items(&self) -> &[Node] {
        if let Kind::List(items) = &self.kind {
            items
        } else {
            &[]
        }
    }

    /// Its mapping, if it is one.
    #[must_use]
    pub fn as_map(&self) -> Option<&Map> {
        if let Kind::Map(map) = &self.kind {
            Some(map)
        } else {
            None
        }
    }

    /// Its mapping to change, if it is one.
    pub fn as_map_mut(&mut self) -> Option<&mut Map> {
        if let Kind::Map(map) = &mut self.kind {
            Some(map)
        } else {
            None
        }
    }

    /// Its entries; none where it is no mapping.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        self.as_map().map_or(&[], Map::entries)
    }

    /// Whether it is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// Whether it is `false` or a section that was switched off.
    #[must_use]
    pub fn is_off(&self) -> bool {
        match &self.kind {
            Kind::Bool(value) => !value,
            Kind::Map(map) => !map.is_on(),
            Kind::Null | Kind::Number(_) | Kind::String(_) | Kind::List(_) => false,
        }
    }

    /// The value of a key, where it is a mapping that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_map()?.get(key)
    }

    /// The value at a path of keys.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The text at a path of keys.
    #[must_use]
    pub fn str_at(&self, path: &[&str]) -> Option<&str> {
        self.at(path)?.as_str()
    }
}

impl Map {
    /// An empty mapping with room.
    #[must_use]
    pub fn with_capacity(room: usize) -> Self {
        Map {
            entries: Vec::with_capacity(room),
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
        &mut self.entries
    }

    /// The entries, by value.
    #[must_use]
    pub fn into_entries(self) -> Vec<Entry> {
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
        self.entries
            .iter_mut()
            .find(|entry| entry.key == key)
            .map(|entry| &mut entry.value)
    }

    /// Sets a key: in its place where it exists, else at the end.
    pub fn set(&mut self, key: impl Into<Text>, key_origin: OriginId, value: Node) {
        let key = key.into();
        match self.entries.iter_mut().find(|entry| entry.key == key) {
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
        let at = self.entries.iter().position(|entry| entry.key == key)?;
        Some(self.entries.remove(at))
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
