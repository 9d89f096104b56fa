//! `shared-release`: a Helm release has one owner.

use super::flux::is_flux;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told, View};
use std::borrow::Cow;
use std::collections::BTreeMap;
use syntax::{Node, OriginId};

pub const RULE: Rule = Rule {
    id: "shared-release",
    group: Group::Graph,
    levels: Levels::all(Level::Error),
    page: include_str!("shared-release.md"),
    on: On::Cluster(check),
};

/// Where Helm keeps a release: the cluster, by the Secret that opens it, the namespace and the name.
type Key<'a> = (&'a str, &'a str, Cow<'a, str>);

fn check(view: &View<'_>, told: &mut Told) {
    let mut seen: BTreeMap<Key<'_>, &Subject<'_>> = BTreeMap::new();
    for subject in view.subjects(&["HelmRelease"]).filter(|it| is_flux(it)) {
        let Some(key) = key(subject) else {
            continue;
        };
        let name = key.2.clone();
        if let Some(other) = seen.insert(key, subject) {
            let (id, other_id) = (&subject.object.id, &other.object.id);
            told.add(
                Finding::new(format!(
                    "{id} and {other_id} are both the Helm release `{name}`"
                ))
                .at(place(subject), "each upgrade undoes the other's")
                .at(place(other), "the other one")
                .help("give one of them another `releaseName`, or another namespace")
                .object(id)
                .because(subject.object.because),
            );
        }
    }
}

fn key<'s>(subject: &'s Subject<'_>) -> Option<Key<'s>> {
    let id = &subject.object.id;
    let spec = subject.object.node.get("spec")?;
    let text = |key: &str| spec.str_at(&[key]);
    let cluster = spec
        .str_at(&["kubeConfig", "secretRef", "name"])
        .unwrap_or_default();
    let namespace = text("storageNamespace").unwrap_or(&id.namespace);
    let name = match (text("releaseName"), text("targetNamespace")) {
        (Some(name), _) => Cow::Borrowed(name),
        (None, Some(target)) => Cow::Owned(format!("{target}-{}", id.name)),
        (None, None) => Cow::Borrowed(id.name.as_str()),
    };
    (!name.contains("${")).then_some((cluster, namespace, name))
}

/// Where an object says what its release is called.
fn place(subject: &Subject<'_>) -> OriginId {
    let node = &subject.object.node;
    let name = node
        .at(&["spec", "releaseName"])
        .or_else(|| node.at(&["metadata", "name"]));
    name.map(Node::origin).unwrap_or_default()
}
