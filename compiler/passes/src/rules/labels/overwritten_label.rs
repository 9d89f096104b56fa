//! `overwritten-label`: what a label says is what is applied.

use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "overwritten-label",
    group: Group::Labels,
    levels: Levels::all(Level::Warning),
    page: include_str!("overwritten-label.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    for subject in view.subjects(&[]) {
        let labels = subject.object.node.at(&["metadata", "labels"]);
        for label in labels.map_or(&[][..], Node::entries) {
            let Some(value) = label.value.as_str() else {
                continue;
            };
            let wanted = given(view, subject, &label.key);
            let Some(wanted) = wanted.filter(|wanted| *wanted != value) else {
                continue;
            };
            let (key, id) = (&label.key, &subject.object.id);
            told.about(subject);
            told.add(
                Finding::new(format!("the label `{key}` of {id} is written over"))
                    .at(label.value.origin(), format!("applied as `{wanted}`"))
                    .help("take it out: its folder gives this label to all of its objects; or use a key of your own"),
            );
        }
    }
}

/// What the folder of an object gives to a label of it, whatever it says itself.
fn given<'v>(view: &'v View<'_>, subject: &Subject<'_>, key: &str) -> Option<&'v str> {
    let cluster = view.cluster;
    match key {
        "app.kubernetes.io/managed-by" => return Some("formwork"),
        "app.kubernetes.io/part-of" => return Some(&cluster.platform.name),
        "formwork.dev/cluster" => return Some(&cluster.name),
        "formwork.dev/tier" => return cluster.at(&["tier"])?.as_str(),
        _ => {}
    }
    let name = key.starts_with("app.kubernetes.io/") || key.starts_with("formwork.dev/");
    let owner = view.component(subject.component.filter(|_| name)?)?;
    match (&owner.app, key) {
        (None, "formwork.dev/component") => Some(&owner.name),
        (None, _) => None,
        (Some(app), "app.kubernetes.io/name" | "app.kubernetes.io/instance") => {
            app.at(&["labels", key])?.as_str()
        }
        (Some(app), _) => app.at(&["owners", key])?.as_str(),
    }
}
