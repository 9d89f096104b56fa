//! What changed: between two texts for people to read, between two trees leaf by leaf.

use crate::node::{Kind, Node};
use crate::pointer::{Pointer, index_text};
use similar::TextDiff;

#[cfg(test)]
mod tests;

/// Lines around a change that stay to show where it is.
const CONTEXT: usize = 2;

/// A unified diff of two texts under their names; empty where they are the same.
#[must_use]
pub fn text(old: &str, new: &str, old_name: &str, new_name: &str) -> String {
    TextDiff::from_lines(old, new)
        .unified_diff()
        .context_radius(CONTEXT)
        .header(old_name, new_name)
        .to_string()
}

/// A leaf that differs: where it is and what it was and is. One of both is absent where it came or went.
#[derive(Clone, Debug, PartialEq)]
pub struct Change<'a> {
    /// Its place: in the new tree where it still exists, else in the old one.
    pub at: Pointer,
    /// What it was.
    pub old: Option<&'a Node>,
    /// What it is.
    pub new: Option<&'a Node>,
}

/// Every leaf that differs between two trees, in the order of the new one, what went beside what stayed.
///
/// Items of lists are matched by their `name` where all have one of their own and none moved, else from both ends inwards, so that an
/// item more or less is one change and not a change of all that follow.
#[must_use]
pub fn nodes<'a>(old: &'a Node, new: &'a Node) -> Vec<Change<'a>> {
    let mut changes = Vec::new();
    compare(&mut Pointer::root(), old, new, &mut changes);
    changes
}

fn compare<'a>(at: &mut Pointer, old: &'a Node, new: &'a Node, changes: &mut Vec<Change<'a>>) {
    match (old.kind(), new.kind()) {
        (Kind::Map(_), Kind::Map(_)) if old.is_off() == new.is_off() => {
            if !new.is_off() {
                compare_maps(at, old, new, changes);
            }
        }
        (Kind::List(before), Kind::List(after)) => compare_lists(at, before, after, changes),
        _ if old == new || (old.is_off() && new.is_off()) => {}
        _ if old.is_leaf() && new.is_leaf() => changes.push(Change {
            at: at.clone(),
            old: Some(old),
            new: Some(new),
        }),
        _ => {
            all(at, Some(old), None, changes);
            all(at, None, Some(new), changes);
        }
    }
}

fn compare_maps<'a>(at: &mut Pointer, old: &'a Node, new: &'a Node, changes: &mut Vec<Change<'a>>) {
    for entry in old.entries() {
        if new.get(&entry.key).is_none() {
            below(at, entry.key.clone(), |at| {
                all(at, Some(&entry.value), None, changes)
            });
        }
    }
    for entry in new.entries() {
        below(at, entry.key.clone(), |at| match old.get(&entry.key) {
            Some(before) => compare(at, before, &entry.value, changes),
            None => all(at, None, Some(&entry.value), changes),
        });
    }
}

fn compare_lists<'a>(
    at: &mut Pointer,
    old: &'a [Node],
    new: &'a [Node],
    changes: &mut Vec<Change<'a>>,
) {
    for (before, after) in matched(old, new) {
        let index = after.or(before).map_or(0, |(index, _)| index);
        let (before, after) = (before.map(|(_, node)| node), after.map(|(_, node)| node));
        below(at, index_text(index), |at| match (before, after) {
            (Some(before), Some(after)) => compare(at, before, after, changes),
            (before, after) => all(at, before, after, changes),
        });
    }
}

type Item<'a> = Option<(usize, &'a Node)>;

/// Which item of one list is which of the other.
fn matched<'a>(old: &'a [Node], new: &'a [Node]) -> Vec<(Item<'a>, Item<'a>)> {
    // A text more or less is one change; where as many texts are there as before, those that differ were changed.
    let texts = old.len() != new.len();
    let names = |items: &'a [Node]| -> Option<Vec<&'a str>> {
        let name = |item: &'a Node| match item.as_str() {
            Some(text) => Some(text).filter(|_| texts),
            None => item.str_at(&["name"]),
        };
        let names: Vec<&str> = items.iter().map(name).collect::<Option<_>>()?;
        let mut sorted = names.clone();
        sorted.sort_unstable();
        sorted.dedup();
        (sorted.len() == names.len()).then_some(names)
    };
    match (names(old), names(new)) {
        (Some(old_names), Some(new_names)) if in_one_order(&old_names, &new_names) => {
            by_name(old, &old_names, new, &new_names)
        }
        _ => by_place(old, new),
    }
}

/// Whether the names that both lists have stand in one order: else something moved, which is a change too.
fn in_one_order(old: &[&str], new: &[&str]) -> bool {
    let stayed = old.iter().filter(|name| new.contains(name));
    stayed.eq(new.iter().filter(|name| old.contains(name)))
}

fn by_name<'a>(
    old: &'a [Node],
    old_names: &[&str],
    new: &'a [Node],
    new_names: &[&str],
) -> Vec<(Item<'a>, Item<'a>)> {
    let gone = old
        .iter()
        .enumerate()
        .zip(old_names)
        .filter(|(_, name)| !new_names.contains(name));
    let here = new.iter().enumerate().zip(new_names).map(|(item, name)| {
        let before = old_names.iter().position(|had| had == name);
        (
            before.and_then(|index| Some((index, old.get(index)?))),
            Some(item),
        )
    });
    gone.map(|(item, _)| (Some(item), None))
        .chain(here)
        .collect()
}

fn by_place<'a>(old: &'a [Node], new: &'a [Node]) -> Vec<(Item<'a>, Item<'a>)> {
    let shorter = old.len().min(new.len());
    let same = |(before, after): &(&Node, &Node)| before == after;
    let head = old.iter().zip(new).take_while(same).count();
    let tail = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take_while(same)
        .count()
        .min(shorter - head);
    let (old_end, new_end) = (old.len() - tail, new.len() - tail);
    (head..old_end.max(new_end))
        .map(|index| {
            let item = |items: &'a [Node], end: usize| {
                items
                    .get(index)
                    .filter(|_| index < end)
                    .map(|node| (index, node))
            };
            (item(old, old_end), item(new, new_end))
        })
        .collect()
}

fn below(at: &mut Pointer, token: crate::node::Text, visit: impl FnOnce(&mut Pointer)) {
    at.push(token);
    visit(at);
    at.pop();
}

/// All leaves of what came or went.
fn all<'a>(
    at: &Pointer,
    old: Option<&'a Node>,
    new: Option<&'a Node>,
    changes: &mut Vec<Change<'a>>,
) {
    let place = |leaf: &Pointer| Pointer::of(at.tokens().iter().chain(leaf.tokens()).cloned());
    for (leaf, node) in old.iter().flat_map(|node| node.leaves()) {
        changes.push(Change {
            at: place(&leaf),
            old: Some(node),
            new: None,
        });
    }
    for (leaf, node) in new.iter().flat_map(|node| node.leaves()) {
        changes.push(Change {
            at: place(&leaf),
            old: None,
            new: Some(node),
        });
    }
}
