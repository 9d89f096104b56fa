//! `forced-replacement`: what can't be changed is not removed and made anew by itself.

use super::flux;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told};

pub const RULE: Rule = Rule {
    id: "forced-replacement",
    group: Group::Gitops,
    levels: Levels::of(Level::Note, Level::Warning),
    page: include_str!("forced-replacement.md"),
    on: On::Object(&["HelmRelease", "Kustomization"], check),
};

fn check(subject: &Subject<'_>, told: &mut Told) {
    let force = flux::kustomization(subject)
        .and_then(|spec| spec.get("force"))
        .or_else(|| flux::release(subject).and_then(|spec| spec.at(&["upgrade", "force"])));
    let Some(force) = force.filter(|force| force.as_bool() == Some(true)) else {
        return;
    };
    let id = &subject.object.id;
    let (label, help) = match id.kind.as_str() {
        "Kustomization" => (
            "a change of an immutable field removes the object first",
            "take it out, and annotate the one object that needs it with `kustomize.toolkit.fluxcd.io/force: enabled`",
        ),
        _ => (
            "Helm replaces objects instead of changing them",
            "take it out, and remove by hand what can't be changed",
        ),
    };
    told.add(
        Finding::new(format!("{id} may remove what it can't change"))
            .at(force.origin(), label)
            .help(help),
    );
}
