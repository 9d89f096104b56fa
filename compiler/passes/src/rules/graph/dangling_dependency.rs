//! `dangling-dependency`: what something waits for is there.

use super::flux::{Index, named};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "dangling-dependency",
    group: Group::Graph,
    levels: Levels::all(Level::Error),
    page: include_str!("dangling-dependency.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    let index = Index::of(view);
    for kind in ["Kustomization", "HelmRelease"] {
        for subject in index.each(kind) {
            judge(&index, kind, subject, told);
        }
    }
}

fn judge(index: &Index<'_, '_>, kind: &str, subject: &Subject<'_>, told: &mut Told) {
    let id = &subject.object.id;
    let waits = subject.object.node.at(&["spec", "dependsOn"]);
    for reference in waits.map_or(&[][..], Node::items) {
        let Some((namespace, name, origin)) = named(reference, &id.namespace) else {
            continue;
        };
        if let Some(help) = index.missing((kind, namespace, name)) {
            told.add(
                Finding::new(format!(
                    "{id} waits for the {kind} `{namespace}/{name}`, which nobody makes"
                ))
                .at(origin, "never ready, so this is never applied")
                .help(help)
                .object(id)
                .because(subject.object.because),
            );
        }
    }
}
