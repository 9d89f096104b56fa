//! `no-prune`: what is taken out of Git goes.

use super::flux;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told};

pub const RULE: Rule = Rule {
    id: "no-prune",
    group: Group::Gitops,
    levels: Levels::all(Level::Note),
    page: include_str!("no-prune.md"),
    on: On::Object(&["Kustomization"], check),
};

fn check(subject: &Subject<'_>, told: &mut Told) {
    let Some(spec) = flux::kustomization(subject) else {
        return;
    };
    let Some(prune) = spec.get("prune").filter(|it| it.as_bool() == Some(false)) else {
        return;
    };
    if is_meant(subject) || spec.get("kubeConfig").is_some() {
        return;
    }
    let id = &subject.object.id;
    told.add(
        Finding::new(format!("what is taken out of {id} stays in the cluster"))
            .at(prune.origin(), "nothing is ever removed")
            .help("say `prune: true`, and annotate what must stay with `kustomize.toolkit.fluxcd.io/prune: disabled`"),
    );
}

/// Whether it holds what must never go: kinds, or something that says so of itself.
fn is_meant(subject: &Subject<'_>) -> bool {
    let object = &subject.object.node;
    let path = object.str_at(&["spec", "path"]).unwrap_or_default();
    let names_kinds = |text: &str| text.to_ascii_lowercase().contains("crd");
    flux::is_kept(object) || names_kinds(&subject.object.id.name) || names_kinds(path)
}
