//! Which item of one list is which of the other: by name where items have names, else by what is alike.

use super::differ::same;
use similar::{Algorithm, DiffOp, capture_diff_slices};
use syntax::{Node, Text};

/// The keys that name an item of a list, the first that all items have winning. Kubernetes merges lists by them, Talos'
/// documents by the last two.
const NAMES: [&[&str]; 7] = [
    &["name"],
    &["mountPath"],
    &["containerPort", "protocol"],
    &["containerPort"],
    &["port"],
    &["interface"],
    &["deviceSelector"],
];

/// Longer lists are matched from both ends only.
const LONGEST: usize = 2_000;

/// An item and its place.
pub(super) type Item<'a> = Option<(usize, &'a Node)>;

/// An item in both lists, or in one.
#[derive(Debug)]
pub(super) struct Pair<'a> {
    /// Its place and value in the old list.
    pub(super) old: Item<'a>,
    /// Its place and value in the new list.
    pub(super) new: Item<'a>,
    /// What it is called.
    pub(super) name: Option<Text>,
}

/// The items of two lists, matched: what went stands before what took its place.
pub(super) fn pairs<'a>(old: &'a [Node], new: &'a [Node]) -> Vec<Pair<'a>> {
    if let Some((old_names, new_names)) = names(old, new) {
        return by_name(old, &old_names, new, &new_names);
    }
    if old.len().max(new.len()) > LONGEST {
        return by_ends(old, new);
    }
    by_likeness(old, new)
}

/// The names of all items, where each has one of its own.
fn names(old: &[Node], new: &[Node]) -> Option<(Vec<Text>, Vec<Text>)> {
    NAMES.iter().find_map(|keys| {
        let named = |items: &[Node]| -> Option<Vec<Text>> {
            let names: Vec<Text> = items
                .iter()
                .map(|item| name(item, keys))
                .collect::<Option<_>>()?;
            let mut sorted = names.clone();
            sorted.sort_unstable();
            sorted.dedup();
            (sorted.len() == names.len()).then_some(names)
        };
        Some((named(old)?, named(new)?))
    })
}

fn name(item: &Node, keys: &[&str]) -> Option<Text> {
    let parts = keys
        .iter()
        .map(|key| item.get(key)?.scalar_text())
        .collect::<Option<Vec<Text>>>()?;
    Some(parts.join("/").into())
}

fn by_name<'a>(
    old: &'a [Node],
    old_names: &[Text],
    new: &'a [Node],
    new_names: &[Text],
) -> Vec<Pair<'a>> {
    let mut pairs = Vec::with_capacity(new.len());
    for (item, name) in old.iter().enumerate().zip(old_names) {
        if !new_names.contains(name) {
            pairs.push(Pair {
                old: Some(item),
                new: None,
                name: Some(name.clone()),
            });
        }
    }
    for (item, name) in new.iter().enumerate().zip(new_names) {
        let before = old_names.iter().position(|had| had == name);
        pairs.push(Pair {
            old: before.and_then(|at| Some((at, old.get(at)?))),
            new: Some(item),
            name: Some(name.clone()),
        });
    }
    pairs
}

/// What both have stays, in the longest order that both share; of what lies between, as many as possible are changed.
fn by_likeness<'a>(old: &'a [Node], new: &'a [Node]) -> Vec<Pair<'a>> {
    let mut kinds: Vec<&Node> = Vec::new();
    let mut numbers = |items: &'a [Node]| -> Vec<usize> {
        let number = |item: &'a Node| {
            kinds
                .iter()
                .position(|kind| same(kind, item))
                .unwrap_or_else(|| {
                    kinds.push(item);
                    kinds.len() - 1
                })
        };
        items.iter().map(number).collect()
    };
    let (before, after) = (numbers(old), numbers(new));
    let mut pairs = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &before, &after) {
        let (old_range, new_range) = match op {
            DiffOp::Equal { .. }
            | DiffOp::Delete { .. }
            | DiffOp::Insert { .. }
            | DiffOp::Replace { .. } => (op.old_range(), op.new_range()),
        };
        let (olds, news) = (old_range.len(), new_range.len());
        let start = (old_range.start, new_range.start);
        pairs.extend(side_by_side(old, new, start, (olds, news)));
    }
    pairs
}

/// Items at the same distance from where two stretches begin.
fn side_by_side<'a>(
    old: &'a [Node],
    new: &'a [Node],
    (old_start, new_start): (usize, usize),
    (olds, news): (usize, usize),
) -> impl Iterator<Item = Pair<'a>> {
    let item = |items: &'a [Node], at: usize| items.get(at).map(|node| (at, node));
    (0..olds.max(news)).map(move |at| Pair {
        old: item(old, old_start + at).filter(|_| at < olds),
        new: item(new, new_start + at).filter(|_| at < news),
        name: None,
    })
}

fn by_ends<'a>(old: &'a [Node], new: &'a [Node]) -> Vec<Pair<'a>> {
    let alike = |(a, b): &(&Node, &Node)| same(a, b);
    let head = old.iter().zip(new).take_while(alike).count();
    let most = old.len().min(new.len()) - head;
    let ends = old.iter().rev().zip(new.iter().rev());
    let tail = ends.take_while(alike).count().min(most);
    let (olds, news) = (old.len() - tail, new.len() - tail);
    let mut pairs: Vec<Pair<'a>> = side_by_side(old, new, (0, 0), (olds, news)).collect();
    pairs.extend(side_by_side(old, new, (olds, news), (tail, tail)));
    pairs
}
