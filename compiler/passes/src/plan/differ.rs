//! What differs between two trees, as data: the order of keys is nothing, and what came or went is named at its top.

use super::because::{Place, Reasons};
use super::list::{Pair, pairs};
use super::mask::Sight;
use ecow::eco_format;
use std::collections::BTreeSet;
use std::fmt::{self, Display, Formatter};
use syntax::{Kind, Node, OriginId, Pointer, Text};

/// A step from a tree's root to a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A key of a map.
    Key(Text),
    /// An item of a list.
    Item {
        /// Its place: in the new list, or in the old one where it went.
        index: usize,
        /// What it is called, where the list's items have names.
        name: Option<Text>,
    },
}

/// A value that differs. One of both is absent where it came or went; secrets are masked already.
#[derive(Clone, Debug)]
pub struct Field {
    /// The way to it.
    pub at: Vec<Step>,
    /// What it was.
    pub old: Option<Node>,
    /// What it is.
    pub new: Option<Node>,
    /// The lines that decide it, the first few.
    pub because: BTreeSet<Place>,
}

impl Field {
    /// Its place as a JSON pointer: in the new document, or in the old one where it went.
    #[must_use]
    pub fn pointer(&self) -> String {
        let token = |step: &Step| match step {
            Step::Key(key) => key.clone(),
            Step::Item { index, .. } => eco_format!("{index}"),
        };
        Pointer::of(self.at.iter().map(token)).to_string()
    }

    /// Its place as people write it: `spec.containers[app].image`.
    #[must_use]
    pub fn path(&self) -> String {
        Shown(&self.at).to_string()
    }

    /// Whether its place is exactly these keys.
    #[must_use]
    pub fn is_at(&self, keys: &[&str]) -> bool {
        self.at.len() == keys.len() && self.is_below(keys)
    }

    /// Whether its place is these keys or below them.
    #[must_use]
    pub fn is_below(&self, keys: &[&str]) -> bool {
        keys.len() <= self.at.len()
            && keys
                .iter()
                .zip(&self.at)
                .all(|(key, step)| matches!(step, Step::Key(had) if had == key))
    }

    /// The last key of its place.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.at.iter().rev().find_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Item { .. } => None,
        })
    }
}

struct Shown<'a>(&'a [Step]);

impl Display for Shown<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if key.is_empty() || key.contains(['.', '[', ' ']) => {
                    write!(f, "[{key:?}]")?;
                }
                Step::Key(key) if at == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Item { name, index } => match name {
                    Some(name) => write!(f, "[{name}]")?,
                    None => write!(f, "[{index}]")?,
                },
            }
        }
        Ok(())
    }
}

/// Whether two values are the same data: the order of keys and the writing of numbers don't count.
pub(super) fn same(a: &Node, b: &Node) -> bool {
    match (a.kind(), b.kind()) {
        (Kind::Map(x), Kind::Map(y)) => {
            x.len() == y.len()
                && x.is_on() == y.is_on()
                && x.entries().iter().all(|entry| {
                    y.get(&entry.key)
                        .is_some_and(|value| same(&entry.value, value))
                })
        }
        (Kind::List(x), Kind::List(y)) => pairs(x, y).iter().all(
            |pair| matches!(pair, Pair { old: Some((_, a)), new: Some((_, b)), .. } if same(a, b)),
        ),
        (Kind::Number(x), Kind::Number(y)) => {
            x == y || number(x).is_some_and(|x| number(y) == Some(x))
        }
        _ => a == b,
    }
}

/// The value of a number that doubles hold exactly enough to tell it from another.
fn number(text: &str) -> Option<f64> {
    const EXACT: usize = 15;
    text.parse().ok().filter(|_| text.len() <= EXACT)
}

/// The walk through two trees.
pub(super) struct Differ<'a> {
    /// Why a value of the old tree was there.
    pub(super) old: Reasons<'a>,
    /// Why a value of the new tree is there.
    pub(super) new: Reasons<'a>,
    at: Vec<Step>,
    fields: Vec<Field>,
}

impl<'a> Differ<'a> {
    pub(super) fn new(old: Reasons<'a>, new: Reasons<'a>) -> Self {
        Differ {
            old,
            new,
            at: Vec::new(),
            fields: Vec::new(),
        }
    }

    /// Every value that differs, in the order of the new tree, what went first.
    pub(super) fn fields(mut self, old: &Node, new: &Node) -> Vec<Field> {
        self.compare(old, new, Sight::default());
        self.fields
    }

    fn compare(&mut self, old: &Node, new: &Node, sight: Sight) {
        self.old.enter(old.origin());
        self.new.enter(new.origin());
        match (old.kind(), new.kind()) {
            (Kind::Map(before), Kind::Map(after))
                if before.is_on() == after.is_on() && !before.is_empty() && !after.is_empty() =>
            {
                self.maps(old, new, sight);
            }
            (Kind::List(before), Kind::List(after)) if !before.is_empty() && !after.is_empty() => {
                self.lists(before, after, sight);
            }
            _ if same(old, new) => {}
            _ => self.add(Some(old), Some(new), sight),
        }
        self.old.leave();
        self.new.leave();
    }

    fn maps(&mut self, old: &Node, new: &Node, sight: Sight) {
        let gone = old
            .entries()
            .iter()
            .filter(|entry| new.get(&entry.key).is_none());
        for entry in gone {
            self.at.push(Step::Key(entry.key.clone()));
            self.step(Some(&entry.value), None, sight.below(old, &entry.key));
            self.at.pop();
        }
        for entry in new.entries() {
            let before = old.get(&entry.key);
            // What either side calls a secret is one.
            let sight = sight
                .below(new, &entry.key)
                .max(sight.below(old, &entry.key));
            self.at.push(Step::Key(entry.key.clone()));
            self.step(before, Some(&entry.value), sight);
            self.at.pop();
        }
    }

    fn lists(&mut self, old: &[Node], new: &[Node], sight: Sight) {
        let pairs = pairs(old, new);
        if self.in_order() {
            let moved = |pair: &Pair<'_>| Some((pair.old?.0, pair.new?.0, pair.name.clone()?));
            let mut stayed: Vec<_> = pairs.iter().filter_map(moved).collect();
            stayed.sort_by_key(|(before, ..)| *before);
            if !stayed.is_sorted_by_key(|(_, now, _)| *now) {
                let names = |items: &mut Vec<(usize, usize, Text)>| {
                    let names = items.iter().map(|(.., name)| name.clone());
                    let names = names.map(|name| Node::string(name, OriginId::default()));
                    Node::list(names, OriginId::default())
                };
                let before = names(&mut stayed);
                stayed.sort_by_key(|(_, now, _)| *now);
                self.add(Some(&before), Some(&names(&mut stayed)), sight);
            }
        }
        for Pair { old, new, name } in pairs {
            let index = new.or(old).map_or(0, |(index, _)| index);
            self.at.push(Step::Item { index, name });
            let node = |(_, node)| node;
            self.step(old.map(node), new.map(node), sight);
            self.at.pop();
        }
    }

    /// Whether the order of the list at this place counts although its items have names.
    fn in_order(&self) -> bool {
        matches!(self.at.last(), Some(Step::Key(key)) if key == "initContainers")
    }

    fn step(&mut self, old: Option<&Node>, new: Option<&Node>, sight: Sight) {
        match (old, new) {
            (Some(old), Some(new)) => self.compare(old, new, sight),
            (old, new) => self.add(old, new, sight),
        }
    }

    fn add(&mut self, old: Option<&Node>, new: Option<&Node>, sight: Sight) {
        // What took a value's old reason away decides it as well as what gave it a new one.
        let edit = new.and_then(|new| self.new.edit(new));
        let edit = edit.or_else(|| old.and_then(|old| self.old.edit(old)));
        let why = match (edit, old, new) {
            (Some(edit), _, _) => BTreeSet::from([edit]),
            (None, _, Some(new)) => self.new.rest(new),
            (None, Some(old), None) => self.old.rest(old),
            (None, None, None) => BTreeSet::new(),
        };
        self.fields.push(Field {
            at: self.at.clone(),
            old: old.map(|node| sight.shown(node)),
            new: new.map(|node| sight.shown(node)),
            because: why,
        });
    }
}
