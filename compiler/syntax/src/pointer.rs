//! JSON pointers (RFC 6901): the name of a place in a tree.

use crate::node::{Entry, Kind, Node, Text};
use std::fmt::{self, Display, Formatter, Write};
use std::str::FromStr;

#[cfg(test)]
mod tests;

/// The keys and indices that lead from the root of a tree to a place in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer {
    tokens: Vec<Text>,
}

/// What is wrong with the text of a pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointerError {
    /// It is neither empty nor does it start with `/`.
    NoSlash,
    /// A `~` is followed by neither `0` nor `1`.
    BadEscape,
}

impl Pointer {
    /// The place of the whole tree.
    #[must_use]
    pub fn root() -> Self {
        Pointer::default()
    }

    /// The place that these keys and indices lead to.
    pub fn of<T: Into<Text>>(tokens: impl IntoIterator<Item = T>) -> Self {
        Pointer {
            tokens: tokens.into_iter().map(Into::into).collect(),
        }
    }

    /// Reads `/a/b~1c/0`.
    ///
    /// # Errors
    /// A text that doesn't start with `/`, and a `~` that escapes nothing.
    pub fn parse(text: &str) -> Result<Self, PointerError> {
        if text.is_empty() {
            return Ok(Pointer::root());
        }
        let rest = text.strip_prefix('/').ok_or(PointerError::NoSlash)?;
        let tokens = rest.split('/').map(unescape).collect::<Result<_, _>>()?;
        Ok(Pointer { tokens })
    }

    /// The keys and indices, from the root.
    #[must_use]
    pub fn tokens(&self) -> &[Text] {
        &self.tokens
    }

    /// Whether it is the whole tree.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The last key or index.
    #[must_use]
    pub fn last(&self) -> Option<&Text> {
        self.tokens.last()
    }

    /// Goes one step down.
    pub fn push(&mut self, token: impl Into<Text>) {
        self.tokens.push(token.into());
    }

    /// Goes one step up; `None` at the root.
    pub fn pop(&mut self) -> Option<Text> {
        self.tokens.pop()
    }

    /// The place one step down.
    #[must_use]
    pub fn join(&self, token: impl Into<Text>) -> Self {
        let mut tokens = Vec::with_capacity(self.tokens.len() + 1);
        tokens.extend_from_slice(&self.tokens);
        tokens.push(token.into());
        Pointer { tokens }
    }

    /// The place one step up; `None` at the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let (_, tokens) = self.tokens.split_last()?;
        Some(Pointer {
            tokens: tokens.to_vec(),
        })
    }

    /// Whether `other` is this place or lies above it.
    #[must_use]
    pub fn starts_with(&self, other: &Pointer) -> bool {
        self.tokens.starts_with(&other.tokens)
    }

    /// The place as people write it: `clusters.lab.nodes[2].disk`.
    ///
    /// Digits are taken for indices only where `root` has a list.
    #[must_use]
    pub fn in_words(&self, root: &Node) -> String {
        let mut words = String::new();
        let mut at = Some(root);
        for token in &self.tokens {
            if at.is_some_and(|node| matches!(node.kind(), Kind::List(_))) {
                let _ = write!(words, "[{token}]");
            } else {
                if !words.is_empty() {
                    words.push('.');
                }
                words.push_str(token);
            }
            at = at.and_then(|node| node.step(token));
        }
        words
    }
}

impl Display for Pointer {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for token in &self.tokens {
            f.write_char('/')?;
            for c in token.chars() {
                match c {
                    '~' => f.write_str("~0")?,
                    '/' => f.write_str("~1")?,
                    c => f.write_char(c)?,
                }
            }
        }
        Ok(())
    }
}

impl FromStr for Pointer {
    type Err = PointerError;

    fn from_str(text: &str) -> Result<Self, PointerError> {
        Pointer::parse(text)
    }
}

impl Display for PointerError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PointerError::NoSlash => "a pointer starts with `/`",
            PointerError::BadEscape => "`~` stands for nothing unless `0` or `1` follows",
        })
    }
}

impl std::error::Error for PointerError {}

/// A token as it stands in a pointer's text: `~` as `~0`, `/` as `~1`.
#[must_use]
pub fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

fn unescape(token: &str) -> Result<Text, PointerError> {
    let mut parts = token.split('~');
    let mut text = Text::from(parts.next().unwrap_or_default());
    for part in parts {
        let (c, rest) = match (part.strip_prefix('0'), part.strip_prefix('1')) {
            (Some(rest), _) => ('~', rest),
            (_, Some(rest)) => ('/', rest),
            (None, None) => return Err(PointerError::BadEscape),
        };
        text.push(c);
        text.push_str(rest);
    }
    Ok(text)
}

impl Node {
    /// One step down: by key in a map, by index in a list.
    #[must_use]
    pub fn step(&self, token: &str) -> Option<&Node> {
        match self.kind() {
            Kind::Map(map) => map.get(token),
            Kind::List(items) => items.get(index(token)?),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => None,
        }
    }

    /// The node at a pointer's text, where there is one.
    #[must_use]
    pub fn pointer(&self, pointer: &str) -> Option<&Node> {
        self.find(&Pointer::parse(pointer).ok()?)
    }

    /// The node at a pointer, where there is one.
    #[must_use]
    pub fn find(&self, pointer: &Pointer) -> Option<&Node> {
        pointer
            .tokens
            .iter()
            .try_fold(self, |node, token| node.step(token))
    }

    /// The node at a pointer, to change.
    pub fn find_mut(&mut self, pointer: &Pointer) -> Option<&mut Node> {
        pointer
            .tokens
            .iter()
            .try_fold(self, |node, token| match node.kind_mut() {
                Kind::Map(map) => map.get_mut(token),
                Kind::List(items) => items.make_mut().get_mut(index(token)?),
                Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => None,
            })
    }

    /// The node at a pointer or, where there is none, the nearest one above it: what to point at when a part is missing.
    #[must_use]
    pub fn find_nearest(&self, pointer: &Pointer) -> &Node {
        let mut node = self;
        for token in &pointer.tokens {
            match node.step(token) {
                Some(child) => node = child,
                None => break,
            }
        }
        node
    }

    /// The entry that a pointer names, with its key; `None` for the root and for items of lists.
    #[must_use]
    pub fn find_entry(&self, pointer: &Pointer) -> Option<&Entry> {
        let (key, above) = pointer.tokens.split_last()?;
        above
            .iter()
            .try_fold(self, |node, token| node.step(token))?
            .as_map()?
            .entry(key)
    }

    /// Every leaf with its place, in the order of the text: scalars, empty maps and lists, sections that are off.
    #[must_use]
    pub fn leaves(&self) -> Leaves<'_> {
        Leaves {
            open: vec![(Pointer::root(), self)],
        }
    }
}

/// The leaves of a tree: see [`Node::leaves`].
#[derive(Clone, Debug)]
pub struct Leaves<'a> {
    open: Vec<(Pointer, &'a Node)>,
}

impl<'a> Iterator for Leaves<'a> {
    type Item = (Pointer, &'a Node);

    fn next(&mut self) -> Option<(Pointer, &'a Node)> {
        loop {
            let (at, node) = self.open.pop()?;
            if node.is_leaf() {
                return Some((at, node));
            }
            for entry in node.entries().iter().rev() {
                self.open.push((at.join(entry.key.clone()), &entry.value));
            }
            for (index, item) in node.items().iter().enumerate().rev() {
                self.open.push((at.join(index_text(index)), item));
            }
        }
    }
}

impl Node {
    /// Whether nothing is below it, or nothing that counts: a section that is off is the leaf `false`.
    #[must_use]
    pub fn is_leaf(&self) -> bool {
        match self.kind() {
            Kind::Map(map) => map.is_empty() || !map.is_on(),
            Kind::List(items) => items.is_empty(),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => true,
        }
    }
}

/// An index as RFC 6901 has it: `0`, or digits that don't start with one.
fn index(token: &str) -> Option<usize> {
    let is_canonical = token == "0" || !token.starts_with(['0', '+']);
    token.parse().ok().filter(|_| is_canonical)
}

pub(crate) fn index_text(index: usize) -> Text {
    let mut text = Text::new();
    let _ = write!(text, "{index}");
    text
}
