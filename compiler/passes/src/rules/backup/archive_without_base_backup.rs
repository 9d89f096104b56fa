//! `archive-without-base-backup`: a log alone brings no database back.

use super::data::{archiver, databases, has_base_backup};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "archive-without-base-backup",
    group: Group::Backup,
    levels: Levels::all(Level::Warning),
    page: include_str!("archive-without-base-backup.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    for subject in databases(view) {
        let (id, node) = (&subject.object.id, &subject.object.node);
        // A copy of another database has that one's base backups.
        let follows = node.at(&["spec", "replica"]);
        if follows.is_some_and(|it| it.get("enabled").and_then(Node::as_bool) != Some(false)) {
            continue;
        }
        let Some(archiver) = archiver(node).filter(|_| !has_base_backup(view, id)) else {
            continue;
        };
        let finding = Finding::new(format!(
            "the log of the database `{}` is archived, and nothing makes base backups",
            id.name
        ))
        .at(archiver.origin(), "needs a base backup to start from")
        .object(id)
        .because(subject.object.because)
        .help("add a ScheduledBackup of it, with `immediate: true` for the first");
        told.add(match subject.component {
            Some(component) => finding.component(component),
            None => finding,
        });
    }
}
