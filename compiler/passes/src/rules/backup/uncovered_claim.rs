//! `uncovered-claim`: of each claim somebody decided whether it is copied.

use super::data::claims;
use super::databases_without_archive::speaks;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};

pub const RULE: Rule = Rule {
    id: "uncovered-claim",
    group: Group::Backup,
    levels: Levels::of(Level::Note, Level::Warning),
    page: include_str!("uncovered-claim.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    for claim in claims(view) {
        let part = ["backup", claim.copier];
        if view.on(&part).is_some() || view.switched_off(&part).is_some() {
            continue;
        }
        // Another rule speaks of all databases at once.
        if claim.copier == "databases" && speaks(view).is_some() {
            continue;
        }
        let message = format!("nothing copies the {}", claim.title());
        let finding = Finding::new(message)
            .at(claim.origin(view), "kept once, and nobody said that this is enough")
            .help(format!(
                "write `backup: {{ {copier}: true }}` with a `target`, or `backup: {{ {copier}: false }}` where what is lost may stay lost",
                copier = claim.copier
            ));
        told.add(claim.about(finding));
    }
}
