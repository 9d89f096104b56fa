//! `unlabelled-pods`: a pod says by the common label whose it is.

use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, Workload};

pub const RULE: Rule = Rule {
    id: "unlabelled-pods",
    group: Group::Labels,
    levels: Levels::all(Level::Note),
    page: include_str!("unlabelled-pods.md"),
    on: On::Workload(check),
};

/// The label that tools know a program by.
const NAME: &str = "app.kubernetes.io/name";

fn check(workload: &Workload<'_>, told: &mut Told) {
    let mut labels = workload.labels.iter();
    // Labels of a folder reach its objects, and not what is in their templates.
    let (Some(pod), None) = (workload.pod, labels.find(|label| label.key == NAME)) else {
        return;
    };
    if workload.id.kind == "Pod" {
        return; // an object by itself
    }
    let stated = workload
        .node
        .at(&["spec", "template", "metadata", "labels"]);
    let name = workload.node.at(&["metadata", "name"]);
    let title = workload.title();
    told.add(
        Finding::new(format!("the pods of {title} have no label `{NAME}`"))
            .at(
                stated.or(name).unwrap_or(pod).origin(),
                "logs, metrics and policies know them by other names",
            )
            .help(format!(
                "add `{NAME}: NAME` to the labels of its template; its selector can stay as it is"
            )),
    );
}
