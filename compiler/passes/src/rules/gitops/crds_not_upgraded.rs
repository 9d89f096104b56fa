//! `crds-not-upgraded`: who lets a chart install its kinds also lets it renew them.

use super::flux;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "crds-not-upgraded",
    group: Group::Gitops,
    levels: Levels::all(Level::Note),
    page: include_str!("crds-not-upgraded.md"),
    on: On::Object(&["HelmRelease"], check),
};

fn check(subject: &Subject<'_>, told: &mut Told) {
    let Some(spec) = flux::release(subject) else {
        return;
    };
    let Some(install) = spec.at(&["install", "crds"]) else {
        return;
    };
    // `Create` is what Helm does anyway; `CreateReplace` says that somebody cares.
    if install.as_str() != Some("CreateReplace") {
        return;
    }
    let upgrade = spec.at(&["upgrade", "crds"]);
    if upgrade
        .and_then(Node::as_str)
        .is_some_and(|policy| policy != "Skip")
    {
        return;
    }
    let id = &subject.object.id;
    told.add(
        Finding::new(format!(
            "the kinds of {id} stay as they were first installed"
        ))
        .at(
            upgrade.unwrap_or(install).origin(),
            "an upgrade leaves them out",
        )
        .help("say `upgrade: { crds: CreateReplace }` as well"),
    );
}
