//! `suspended`: what Git says is what runs.

use super::flux;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told};

pub const RULE: Rule = Rule {
    id: "suspended",
    group: Group::Gitops,
    levels: Levels::of(Level::Note, Level::Warning),
    page: include_str!("suspended.md"),
    on: On::Object(
        &[
            "Bucket",
            "GitRepository",
            "HelmRelease",
            "HelmRepository",
            "ImagePolicy",
            "ImageRepository",
            "ImageUpdateAutomation",
            "Kustomization",
            "OCIRepository",
            "Receiver",
        ],
        check,
    ),
};

fn check(subject: &Subject<'_>, told: &mut Told) {
    let (id, node) = (&subject.object.id, &subject.object.node);
    if !id.group.ends_with(".toolkit.fluxcd.io") {
        return;
    }
    let Some(spec) = node
        .get("spec")
        .filter(|spec| flux::is_true(spec, "suspend"))
    else {
        return;
    };
    let suspend = spec.get("suspend").unwrap_or(spec);
    told.add(
        Finding::new(format!("Flux does not look at {id}"))
            .at(suspend.origin(), "suspended in Git, it stays so")
            .help("take it out; to stop it for an hour, `flux suspend` does so without a commit"),
    );
}
