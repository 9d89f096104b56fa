//! `shared-path`: what a folder holds has one owner.

use super::paths::{Folders, added, path};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told, View};
use std::collections::BTreeMap;
use syntax::{Node, OriginId};

pub const RULE: Rule = Rule {
    id: "shared-path",
    group: Group::Graph,
    levels: Levels::all(Level::Error),
    page: include_str!("shared-path.md"),
    on: On::Cluster(check),
};

/// What makes other objects of the same folder.
const CHANGES: [&str; 8] = [
    "components",
    "images",
    "kubeConfig",
    "namePrefix",
    "nameSuffix",
    "patches",
    "postBuild",
    "targetNamespace",
];

fn check(view: &View<'_>, told: &mut Told) {
    let mut added = added(view).peekable();
    if added.peek().is_none() {
        return;
    }
    let folders = Folders::of(view);
    let mut seen: BTreeMap<&str, &Subject<'_>> = BTreeMap::new();
    for subject in added.filter(|subject| is_plain(subject)) {
        let Some(path) = path(subject) else {
            continue;
        };
        let below = |unit: &str| {
            unit.strip_prefix(path)
                .is_some_and(|rest| path.is_empty() || rest.is_empty() || rest.starts_with('/'))
        };
        let unit = folders.units.iter().find(|(unit, _)| below(unit));
        let other = unit
            .map(|(_, unit)| *unit)
            .or_else(|| seen.insert(path, subject));
        if let Some(other) = other {
            tell(subject, other, told);
        }
    }
}

/// Whether a Kustomization applies a folder as it is.
fn is_plain(subject: &Subject<'_>) -> bool {
    let spec = subject.object.node.get("spec");
    spec.is_some_and(|spec| CHANGES.iter().all(|key| spec.get(key).is_none()))
}

fn tell(subject: &Subject<'_>, other: &Subject<'_>, told: &mut Told) {
    let (id, other_id) = (&subject.object.id, &other.object.id);
    let place = |subject: &Subject<'_>| -> OriginId {
        let path = subject.object.node.at(&["spec", "path"]);
        path.map(Node::origin).unwrap_or_default()
    };
    told.add(
        Finding::new(format!("{id} and {other_id} apply the same folder"))
            .at(
                place(subject),
                "what is in it has two owners: when one goes, it goes",
            )
            .at(place(other), "applied here already")
            .help("leave the folder to one of them")
            .object(id)
            .because(subject.object.because),
    );
}
