//! `wrong-source`: what something is made from is there, and of the right kind.

use super::flux::{Index, OWN, named};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told, View};

pub const RULE: Rule = Rule {
    id: "wrong-source",
    group: Group::Graph,
    levels: Levels::all(Level::Error),
    page: include_str!("wrong-source.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    let index = Index::of(view);
    for subject in index.each("Kustomization") {
        judge(&index, subject, &["spec", "sourceRef"], told);
    }
    for subject in index.each("HelmRelease") {
        judge(
            &index,
            subject,
            &["spec", "chart", "spec", "sourceRef"],
            told,
        );
        judge(&index, subject, &["spec", "chartRef"], told);
    }
}

fn judge(index: &Index<'_, '_>, subject: &Subject<'_>, path: &[&str], told: &mut Told) {
    let id = &subject.object.id;
    let reference = subject.object.node.at(path);
    let kind = reference.and_then(|it| it.str_at(&["kind"]));
    let (Some(reference), Some(kind)) = (reference, kind) else {
        return;
    };
    let Some((namespace, name, origin)) = named(reference, &id.namespace) else {
        return;
    };
    // Flux makes its own source, and generators make artifacts.
    if kind == "ExternalArtifact" || (namespace, name) == (OWN, OWN) {
        return;
    }
    if let Some(help) = index.missing((kind, namespace, name)) {
        told.add(
            Finding::new(format!(
                "{id} is made from the {kind} `{namespace}/{name}`, which nobody makes"
            ))
            .at(origin, "there is nothing to apply")
            .help(help)
            .object(id)
            .because(subject.object.because),
        );
    }
}
