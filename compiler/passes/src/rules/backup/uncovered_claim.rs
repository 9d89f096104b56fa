//! `uncovered-claim`: of each claim somebody decided whether it is copied.

use super::data::{Claim, archiver, claims, databases, has_base_backup};
use super::databases_without_archive::speaks;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};

pub const RULE: Rule = Rule {
    id: "uncovered-claim",
    group: Group::Backup,
    levels: Levels::of(Level::Note, Level::Warning),
    page: include_str!("uncovered-claim.md"),
    on: On::Cluster(check),
};

/// The groups of what copies volumes in ways of its own: which of them, is not known here.
const COPIERS: [&str; 8] = [
    "config.kio.kasten.io",
    "core.kubestash.com",
    "k8up.io",
    "longhorn.io",
    "snapscheduler.backube",
    "stash.appscode.com",
    "velero.io",
    "volsync.backube",
];

fn check(view: &View<'_>, told: &mut Told) {
    for claim in claims(view) {
        let part = ["backup", claim.copier];
        if view.on(&part).is_some() || view.switched_off(&part).is_some() {
            continue;
        }
        let otherwise = match claim.copier {
            // Another rule speaks of all databases at once.
            "databases" => speaks(view).is_some() || is_archived(view, &claim),
            _ => copied_otherwise(view),
        };
        if otherwise {
            continue;
        }
        let message = format!("nothing is known to copy the {}", claim.title());
        let finding = Finding::new(message)
            .at(claim.origin(view), "kept once, and nobody said that this is enough")
            .help(format!(
                "write `backup: {{ {copier}: true }}` with a `target`, or `backup: {{ {copier}: false }}` where what is lost may stay lost",
                copier = claim.copier
            ));
        told.add(claim.about(finding));
    }
}

/// Whether a database's own object says what archives it.
fn is_archived(view: &View<'_>, claim: &Claim<'_>) -> bool {
    let name = claim.name.trim_end_matches("-*");
    let mut known = databases(view).map(|subject| subject.object);
    known.any(|it| {
        it.id.name == name
            && it.id.namespace == claim.namespace
            && (archiver(&it.node).is_some() || has_base_backup(view, &it.id))
    })
}

fn copied_otherwise(view: &View<'_>) -> bool {
    let mut objects = view.objects.iter();
    objects.any(|(_, object)| COPIERS.contains(&object.id.group.as_str()))
}
