//! `claim-outside-schedule`: what must not be lost is in a namespace that a schedule copies.

use super::data::{claims, schedules};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use model::object::Object;
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "claim-outside-schedule",
    group: Group::Backup,
    levels: Levels::all(Level::Warning),
    page: include_str!("claim-outside-schedule.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    let schedules: Vec<&Object> = schedules(view).map(|subject| subject.object).collect();
    if schedules.is_empty() {
        return;
    }
    for claim in claims(view) {
        if claim.copier != "volumes" {
            continue;
        }
        let mut left_out = None;
        let covered = schedules.iter().any(|schedule| {
            let decides = leaves_out(&schedule.node, claim.namespace);
            left_out = left_out.or(decides.map(|decides| (schedule, decides)));
            decides.is_none()
        });
        let Some((schedule, decides)) = left_out.filter(|_| !covered) else {
            continue;
        };
        let message = format!(
            "no schedule copies the {}: `{}` leaves namespace `{}` out",
            claim.title(),
            schedule.id.name,
            claim.namespace
        );
        let finding = Finding::new(message)
            .at(view.users_origin(decides.origin()), "leaves it out")
            .at(claim.origin(view), "kept once")
            .help("let the schedule take the namespace in; what may be lost says so: `data: cache` or `data: derived`");
        told.add(claim.about(finding));
    }
}

/// What makes a schedule leave a namespace out, if it does; a pattern may mean any.
fn leaves_out<'a>(schedule: &'a Node, namespace: &str) -> Option<&'a Node> {
    let list = |key: &str| schedule.at(&["spec", "template", key]);
    let excluded = list("excludedNamespaces").map_or(&[][..], Node::items);
    let excluded = excluded.iter().find(|it| it.as_str() == Some(namespace));
    excluded.or_else(|| {
        let included = list("includedNamespaces").filter(|it| !it.items().is_empty())?;
        let takes = |it: &Node| {
            it.as_str()
                .is_none_or(|it| it == namespace || it.contains('*'))
        };
        (!included.items().iter().any(takes)).then_some(included)
    })
}
