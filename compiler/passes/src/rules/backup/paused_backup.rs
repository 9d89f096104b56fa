//! `paused-backup`: what makes copies is not switched off at the object.

use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "paused-backup",
    group: Group::Backup,
    levels: Levels::all(Level::Warning),
    page: include_str!("paused-backup.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    for subject in view.subjects(&["CronJob", "Schedule", "ScheduledBackup"]) {
        let id = &subject.object.id;
        let key = match (id.group.as_str(), id.kind.as_str()) {
            ("velero.io", "Schedule") => "paused",
            ("postgresql.cnpg.io", "ScheduledBackup") => "suspend",
            ("batch", "CronJob") if makes_backups(view, subject) => "suspend",
            _ => continue,
        };
        let Some(paused) = subject.object.node.at(&["spec", key]) else {
            continue;
        };
        if paused.as_bool() != Some(true) {
            continue;
        }
        let finding = Finding::new(format!("{} `{}` makes no copies", id.kind, id.name))
            .at(paused.origin(), "paused")
            .object(id)
            .because(subject.object.because)
            .help("take it out; where no copies are wanted, switch that part of `backup` off");
        told.add(match subject.component {
            Some(component) => finding.component(component),
            None => finding,
        });
    }
}

/// Whether an object belongs to what serves a part of `backup`.
fn makes_backups(view: &View<'_>, subject: &Subject<'_>) -> bool {
    let paused = subject.object.node.at(&["spec", "suspend"]);
    if paused.and_then(Node::as_bool) != Some(true) {
        return false;
    }
    let component = subject.component.and_then(|name| view.component(name));
    component.is_some_and(|component| {
        let mut provides = component.component.provides.iter();
        provides.any(|it| it.capability.starts_with("backup."))
    })
}
