//! `unarchived-database`: where databases are archived, each of them is.

use super::data::{archiver, databases, has_base_backup};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};

pub const RULE: Rule = Rule {
    id: "unarchived-database",
    group: Group::Backup,
    levels: Levels::all(Level::Warning),
    page: include_str!("unarchived-database.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    if view.on(&["backup", "databases"]).is_none() {
        return;
    }
    for subject in databases(view) {
        let (id, node) = (&subject.object.id, &subject.object.node);
        let said = node.str_at(&["metadata", "annotations", "formwork.dev/backup"]);
        if said == Some("none") || archiver(node).is_some() || has_base_backup(view, id) {
            continue;
        }
        let at = node.at(&["metadata", "name"]).unwrap_or(node).origin();
        let finding = Finding::new(format!("nothing archives the database `{}`", id.name))
            .at(at, "has no `plugins` entry with `isWALArchiver: true`")
            .object(id)
            .because(subject.object.because)
            .help("give it an ObjectStore, the plug-in and a ScheduledBackup, or the annotation `formwork.dev/backup: none`");
        told.add(match subject.component {
            Some(component) => finding.component(component),
            None => finding,
        });
    }
}
