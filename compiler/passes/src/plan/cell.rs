//! One cell of both outputs: what was added, removed and changed in it.

use super::because::{KEPT, Overruled, Place, Reasons};
use super::differ::{Differ, Field};
use super::effect::{Effect, Seen, effects};
use super::prose::{self, Prose};
use super::side::{Data, Index, Item, Side};
use super::subject::Subject;
use crate::emit::Leaf;
use model::object::Content;
use std::collections::{BTreeMap, BTreeSet};
use syntax::{Node, OriginId, Text};

/// The annotation by which what is no longer described stays in the cluster.
const PRUNE: [&str; 3] = [
    "metadata",
    "annotations",
    "kustomize.toolkit.fluxcd.io/prune",
];

/// What happens to a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    /// It was not there.
    Added,
    /// It was there and says something else.
    Changed,
    /// It is no longer described, and goes.
    Removed,
    /// It is no longer described, and stays in the cluster.
    Orphaned,
}

/// A document that is not what it was.
#[derive(Clone, Debug)]
pub struct Change {
    /// What it is called.
    pub subject: Subject,
    /// What it is reconciled with.
    pub unit: Text,
    /// The unit that it was part of before, where that is another one.
    pub moved_from: Option<Text>,
    /// What happens to it.
    pub verb: Verb,
    /// What in it differs, where it is a tree.
    pub fields: Vec<Field>,
    /// What in it differs, where it is a text.
    pub prose: Option<Prose>,
    /// Its ciphertext is another one.
    pub resealed: bool,
    /// What that does.
    pub effects: Vec<Effect>,
    /// The lines that decide that it is there, or is not, the first few.
    pub because: BTreeSet<Place>,
}

/// How many documents are not what they were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Objects that were not there.
    pub added: usize,
    /// Objects that say something else.
    pub changed: usize,
    /// Objects that go.
    pub removed: usize,
    /// Objects that are no longer described and stay.
    pub orphaned: usize,
    /// Files that are no objects and came, went or changed.
    pub files: usize,
}

impl Counts {
    /// Adds those of others.
    pub fn add(&mut self, other: Counts) {
        self.added += other.added;
        self.changed += other.changed;
        self.removed += other.removed;
        self.orphaned += other.orphaned;
        self.files += other.files;
    }

    /// Those of a few changes.
    #[must_use]
    pub fn of<'c>(changes: impl IntoIterator<Item = &'c Change>) -> Counts {
        let mut counts = Counts::default();
        for change in changes {
            counts.count(change);
        }
        counts
    }

    /// All objects.
    #[must_use]
    pub fn objects(&self) -> usize {
        self.added + self.changed + self.removed + self.orphaned
    }

    /// Counts a change of one cluster.
    pub(super) fn count(&mut self, change: &Change) {
        let counter = match (&change.subject, change.verb) {
            (Subject::Labels { .. } | Subject::File { .. }, _) => &mut self.files,
            (Subject::Object(_) | Subject::Machine { .. }, Verb::Added) => &mut self.added,
            (Subject::Object(_) | Subject::Machine { .. }, Verb::Changed) => &mut self.changed,
            (Subject::Object(_) | Subject::Machine { .. }, Verb::Removed) => &mut self.removed,
            (Subject::Object(_) | Subject::Machine { .. }, Verb::Orphaned) => &mut self.orphaned,
        };
        *counter += match &change.subject {
            Subject::Machine { nodes, .. } => nodes.len(),
            Subject::Labels { units } => units.len(),
            Subject::Object(_) | Subject::File { .. } => 1,
        };
    }
}

/// Everything that differs between two cells, by unit and name.
#[must_use]
pub fn compare(old: &Side<'_>, new: &Side<'_>) -> Vec<Change> {
    if is_same(old, new) {
        return Vec::new();
    }
    let (before, after) = (old.index(), new.index());
    let overruled = Overruled::by(new);
    let mut changes = Vec::new();
    for (subject, item) in &before {
        if !after.contains_key(subject) && !is_listing(subject) {
            let mut change = Change::of(subject, item, gone(item));
            let reasons = Reasons::new(old, item.because).unless(&overruled);
            change.because = reasons.why_document();
            changes.push(change);
        }
    }
    for (subject, item) in &after {
        match before.get(subject) {
            Some(was) => {
                changes.extend(changed(subject, (was, old), (item, new), &overruled));
            }
            None if is_listing(subject) => {}
            None => {
                let mut change = Change::of(subject, item, Verb::Added);
                change.because = Reasons::new(new, item.because).why_document();
                changes.push(change);
            }
        }
    }
    let mut changes = together(changes);
    for change in &mut changes {
        change.effects = effects_of(change, &before, &after);
    }
    changes.sort_by(|a, b| (&a.unit, &a.subject).cmp(&(&b.unit, &b.subject)));
    changes
}

/// The labels of a unit that comes or goes come and go with it.
fn is_listing(subject: &Subject) -> bool {
    matches!(subject, Subject::Labels { .. })
}

fn effects_of(change: &Change, before: &Index<'_>, after: &Index<'_>) -> Vec<Effect> {
    effects(&Seen {
        subject: &change.subject,
        verb: change.verb,
        old: before.get(&change.subject).and_then(Item::node),
        new: after.get(&change.subject).and_then(Item::node),
        fields: &change.fields,
        before,
        after,
    })
}

/// What happens to an object that is no longer described.
fn gone(item: &Item<'_>) -> Verb {
    let stays = item.node().and_then(|node| node.str_at(&PRUNE)) == Some("disabled");
    if stays { Verb::Orphaned } else { Verb::Removed }
}

fn changed(
    subject: &Subject,
    (old, old_side): (&Item<'_>, &Side<'_>),
    (new, new_side): (&Item<'_>, &Side<'_>),
    overruled: &Overruled,
) -> Option<Change> {
    let mut change = Change::of(subject, new, Verb::Changed);
    if old.unit != new.unit {
        change.moved_from = Some(old.unit.into());
    }
    match (old.data, new.data) {
        (Data::Node(before), Data::Node(after)) if before == after => {}
        (Data::Node(before), Data::Node(after)) => {
            let was = Reasons::new(old_side, old.because).unless(overruled);
            let differ = Differ::new(was, Reasons::new(new_side, new.because));
            change.fields = differ.fields(before, after);
        }
        (Data::Text(before), Data::Text(after)) => change.prose = prose::differ(before, after),
        (Data::Sealed(before), Data::Sealed(after)) => change.resealed = before != after,
        // A file that was sealed and is not, or the other way round.
        (Data::Node(_) | Data::Text(_) | Data::Sealed(_), _) => change.resealed = true,
    }
    let differs = !change.fields.is_empty() || change.prose.is_some() || change.resealed;
    (differs || change.moved_from.is_some()).then_some(change)
}

impl Change {
    fn of(subject: &Subject, item: &Item<'_>, verb: Verb) -> Self {
        Change {
            subject: subject.clone(),
            unit: item.unit.into(),
            moved_from: None,
            verb,
            fields: Vec::new(),
            prose: None,
            resealed: false,
            effects: Vec::new(),
            because: BTreeSet::new(),
        }
    }

    /// The same with every text changed.
    #[must_use]
    pub(super) fn map(&self, f: &impl Fn(&str) -> Text) -> Change {
        let value = |node: &Option<Node>| node.as_ref().map(|node| map(node, f));
        let text = |text: &String| f(text).to_string();
        Change {
            subject: self.subject.map(f),
            unit: self.unit.clone(),
            fields: self
                .fields
                .iter()
                .map(|field| Field {
                    at: field.at.clone(),
                    old: value(&field.old),
                    new: value(&field.new),
                    because: field.because.clone(),
                })
                .collect(),
            prose: self.prose.as_ref().map(|prose| Prose {
                diff: text(&prose.diff),
                ..prose.clone()
            }),
            ..self.clone()
        }
    }

    /// All that makes it this change, without its reasons and effects: equal texts are equal changes.
    pub(super) fn key(&self) -> String {
        let value = |node: &Option<Node>| node.as_ref().map(syntax::print::print);
        let fields: Vec<_> = self
            .fields
            .iter()
            .map(|field| (field.path(), value(&field.old), value(&field.new)))
            .collect();
        format!("{:?}", (self.name(), fields, &self.prose, self.resealed))
    }

    /// What it is about and what happens to that.
    pub(super) fn name(&self) -> (&Text, &Subject, Verb, &Option<Text>) {
        (&self.unit, &self.subject, self.verb, &self.moved_from)
    }

    /// One change for each of its fields, so that fields which other clusters don't share keep none apart that they do.
    pub(super) fn split(mut self) -> Vec<Change> {
        if self.fields.len() < 2 || self.moved_from.is_some() {
            return vec![self];
        }
        let fields = std::mem::take(&mut self.fields);
        let one = |field| Change {
            fields: vec![field],
            ..self.clone()
        };
        fields.into_iter().map(one).collect()
    }

    /// Takes over the reasons of an equal change.
    pub(super) fn absorb(&mut self, other: Change) {
        take(&mut self.because, other.because);
        for (field, same) in self.fields.iter_mut().zip(other.fields) {
            take(&mut field.because, same.because);
        }
    }
}

/// The first few reasons of both, whatever the order they come in.
fn take(mine: &mut BTreeSet<Place>, theirs: BTreeSet<Place>) {
    mine.extend(theirs);
    while mine.len() > KEPT {
        mine.pop_last();
    }
}

/// A tree with every text changed.
fn map(node: &Node, f: &impl Fn(&str) -> Text) -> Node {
    if let Some(text) = node.as_str() {
        return Node::string(f(text), OriginId::default());
    }
    if !node.items().is_empty() {
        let items = node.items().iter().map(|item| map(item, f));
        return Node::list(items, OriginId::default());
    }
    if !node.entries().is_empty() {
        let entries = node.entries().iter();
        let entries = entries.map(|entry| (f(&entry.key), map(&entry.value, f)));
        return Node::from_entries(entries.collect::<Vec<_>>(), OriginId::default());
    }
    node.clone()
}

/// Machines, and units' labels, that change alike are one change.
fn together(changes: Vec<Change>) -> Vec<Change> {
    let mut alike: BTreeMap<String, usize> = BTreeMap::new();
    let mut kept: Vec<Change> = Vec::new();
    for change in changes {
        let mut plain = change.clone();
        let several = match &mut plain.subject {
            Subject::Machine { nodes: names, .. } | Subject::Labels { units: names } => {
                std::mem::take(names)
            }
            Subject::Object(_) | Subject::File { .. } => {
                kept.push(change);
                continue;
            }
        };
        let known = alike.get(&plain.key()).and_then(|at| kept.get_mut(*at));
        let Some(known) = known else {
            alike.insert(plain.key(), kept.len());
            kept.push(change);
            continue;
        };
        if let Subject::Machine { nodes: names, .. } | Subject::Labels { units: names } =
            &mut known.subject
        {
            names.extend(several);
        }
        known.absorb(change);
    }
    kept
}

/// Whether two sides hold the same documents in the same order: the quick way out.
fn is_same(old: &Side<'_>, new: &Side<'_>) -> bool {
    let is_same = |(old, new): (&Leaf, &Leaf)| {
        old.path == new.path
            && match (&old.content, &new.content) {
                (Content::Yaml(old), Content::Yaml(new)) => old == new,
                (Content::Text { text: old, .. }, Content::Text { text: new, .. }) => old == new,
                (Content::Copied(old), Content::Copied(new)) => old == new,
                (Content::Yaml(_) | Content::Text { .. } | Content::Copied(_), _) => false,
            }
    };
    old.leaves.len() == new.leaves.len() && old.leaves.iter().zip(new.leaves).all(is_same)
}
