//! One JSON document with a version of its own, for programs: `docs/plan.md` describes it.

use super::base::Base;
use super::{Shown, words};
use passes::plan::{Change, Counts, Field, Place, Subject, Verb};
use serde_json::{Map, Number, Value, json};
use std::collections::BTreeSet;
use syntax::{Kind, Node, Text};

/// The version of the document: it moves where a reader of the old one would be wrong.
const VERSION: u32 = 1;

/// A plan as a program reads it.
pub fn render(shown: &Shown<'_>) -> String {
    let plan = shown.plan;
    let whole = |clusters: &[(Text, Counts)]| -> Value {
        let one = |(name, counts): &(Text, Counts)| json!({ "name": name.as_str(), "objects": counts.objects(), "files": counts.files });
        clusters.iter().map(one).collect()
    };
    let effects = plan.effects.iter().map(|(effect, places)| {
        json!({
            "class": effect.class.word(),
            "text": effect.text,
            "subject": effect.subject,
            "clusters": names(places),
        })
    });
    let changes = plan.groups.iter().flat_map(|group| {
        let one = |change| self::change(shown, change, &group.clusters);
        group.changes.iter().map(one)
    });
    let counts = plan.counts;
    let document = json!({
        "version": VERSION,
        "kind": "Plan",
        "platform": shown.platform,
        "base": base(shown.base),
        "summary": {
            "added": counts.added,
            "changed": counts.changed,
            "removed": counts.removed,
            "orphaned": counts.orphaned,
            "files": counts.files,
            "clusters": { "compared": plan.clusters, "touched": plan.touched },
        },
        "effects": effects.collect::<Value>(),
        "clusters": { "added": whole(&plan.added), "removed": whole(&plan.removed) },
        "changes": changes.collect::<Value>(),
    });
    format!("{document:#}\n")
}

fn base(base: &Base) -> Value {
    match base {
        Base::Commit(commit) => json!({
            "revision": commit.name, "commit": commit.id, "mergeBase": commit.is_merge_base,
        }),
        Base::Folder { path, .. } => json!({ "folder": path.to_string_lossy() }),
        Base::Nothing { why } => json!({ "nothing": why }),
    }
}

fn names(names: &[Text]) -> Value {
    names
        .iter()
        .map(|name| Value::from(name.as_str()))
        .collect()
}

fn change(shown: &Shown<'_>, change: &Change, clusters: &[Text]) -> Value {
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
    put("clusters", names(clusters));
    put("unit", change.unit.as_str().into());
    put("verb", verb(change.verb).into());
    put("subject", subject(change, clusters));
    if let Some(from) = &change.moved_from {
        put("movedFrom", from.as_str().into());
    }
    put("because", because(shown, &change.because));
    let fields = change.fields.iter().map(|field| self::field(shown, field));
    put("fields", fields.collect());
    if let Some(prose) = &change.prose {
        put(
            "text",
            json!({ "added": prose.added, "removed": prose.removed, "diff": prose.diff, "more": prose.more }),
        );
    }
    if change.resealed {
        put("ciphertext", "changed".into());
    }
    Value::Object(object)
}

fn because(shown: &Shown<'_>, places: &BTreeSet<Place>) -> Value {
    let place = |place| Value::from(words::place(place, shown.base));
    places.iter().map(place).collect()
}

fn verb(verb: Verb) -> &'static str {
    match verb {
        Verb::Added => "added",
        Verb::Changed => "changed",
        Verb::Removed => "removed",
        Verb::Orphaned => "orphaned",
    }
}

fn subject(change: &Change, clusters: &[Text]) -> Value {
    let (text, derived) = (
        words::subject(change, clusters),
        change.subject.is_derived(),
    );
    match &change.subject {
        Subject::Object(id) => json!({
            "type": "object",
            "group": id.group.as_str(),
            "kind": id.kind.as_str(),
            "namespace": id.namespace.as_str(),
            "name": id.name.as_str(),
        }),
        Subject::Machine { nodes, kind, name } => json!({
            "type": "machine", "nodes": names(nodes), "kind": kind.as_str(), "name": name.as_str(),
        }),
        Subject::Labels { units } => json!({ "type": "labels", "units": names(units) }),
        Subject::File { .. } => json!({ "type": "file", "path": text, "derived": derived }),
    }
}

fn field(shown: &Shown<'_>, field: &Field) -> Value {
    let mut object = Map::new();
    object.insert("pointer".to_owned(), field.pointer().into());
    object.insert("path".to_owned(), field.path().into());
    for (key, node) in [("old", &field.old), ("new", &field.new)] {
        if let Some(node) = node {
            object.insert(key.to_owned(), value(node));
        }
    }
    object.insert("because".to_owned(), because(shown, &field.because));
    Value::Object(object)
}

/// A value as JSON; a number that JSON can't hold exactly keeps its text.
fn value(node: &Node) -> Value {
    match node.kind() {
        Kind::Null => Value::Null,
        Kind::Bool(value) => Value::from(*value),
        Kind::Number(text) => text
            .parse::<Number>()
            .map_or_else(|_| Value::from(text.as_str()), Value::Number),
        Kind::String(text) => Value::from(text.as_str()),
        Kind::List(items) => items.iter().map(value).collect(),
        Kind::Map(map) => {
            let entries = map.entries().iter();
            let entries = entries.map(|entry| (entry.key.to_string(), value(&entry.value)));
            Value::Object(entries.collect())
        }
    }
}
