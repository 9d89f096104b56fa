//! `unlimited-archive`: somebody removes old backups of a database.

use super::data::databases;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "unlimited-archive",
    group: Group::Backup,
    levels: Levels::all(Level::Note),
    page: include_str!("unlimited-archive.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    for subject in view.subjects(&["ObjectStore"]) {
        let node = &subject.object.node;
        if subject.object.id.group == "barmancloud.cnpg.io"
            && let Some(store) = node.at(&["spec", "configuration"])
            && node.at(&["spec", "retentionPolicy"]).is_none()
        {
            tell(subject, store, told);
        }
    }
    for subject in databases(view) {
        let backup = subject.object.node.at(&["spec", "backup"]);
        if let Some(backup) = backup.filter(|it| it.get("retentionPolicy").is_none())
            && let Some(store) = backup.get("barmanObjectStore")
        {
            tell(subject, store, told);
        }
    }
}

fn tell(subject: &Subject<'_>, store: &Node, told: &mut Told) {
    let id = &subject.object.id;
    let at = store.get("destinationPath").unwrap_or(store).origin();
    let finding = Finding::new(format!("{} `{}` keeps every backup for ever", id.kind, id.name))
        .at(at, "only grows")
        .object(id)
        .because(subject.object.because)
        .help("state `retentionPolicy: 30d`, say; where the bucket itself expires what is old, say so in an exception");
    told.add(match subject.component {
        Some(component) => finding.component(component),
        None => finding,
    });
}
