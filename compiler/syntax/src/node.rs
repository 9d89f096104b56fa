//! The one tree between parse and print: values that know where they came from.

use crate::origin::OriginId;
pub use ecow::EcoString as Text;
use ecow::EcoVec;
pub use map::{Entry, Map, Notes};

mod map;

/// A value and its origin. Two nodes are equal when their data is; origins don't count.
///
/// A copy shares what is below it until one of the two is changed, so copying a tree costs as much as copying a number.
#[derive(Clone, Debug)]
pub struct Node {
    pub(crate) origin: OriginId,
    replaces: bool,
    pub(crate) kind: Kind,
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
    List(EcoVec<Node>),
    /// An ordered mapping with text keys.
    Map(Map),
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
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
    pub fn list(items: impl IntoIterator<Item = Node>, origin: OriginId) -> Self {
        Node::new(Kind::List(items.into_iter().collect()), origin)
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

    /// Its items to change; none where it is no list.
    pub fn items_mut(&mut self) -> &mut [Node] {
        if let Kind::List(items) = &mut self.kind {
            items.make_mut()
        } else {
            &mut []
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
