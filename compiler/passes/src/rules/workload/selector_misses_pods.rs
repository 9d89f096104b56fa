//! `selector-misses-pods`: a workload finds the pods that it makes.

use super::{pod, selector};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, Workload};

pub const RULE: Rule = Rule {
    id: "selector-misses-pods",
    group: Group::Workload,
    levels: Levels::all(Level::Error),
    page: include_str!("selector-misses-pods.md"),
    on: On::Workload(check),
};

fn check(workload: &Workload<'_>, told: &mut Told) {
    let known = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"];
    if workload.pod.is_none() || !known.contains(&workload.id.kind.as_str()) {
        return;
    }
    let Some(wanted) = pod::stated(workload.node, &["spec", "selector"]) else {
        return;
    };
    if selector::takes(wanted, workload.labels, true) != Some(false) {
        return;
    }
    let title = workload.title();
    let labels = workload
        .node
        .at(&["spec", "template", "metadata", "labels"]);
    let template = workload.node.at(&["spec", "template"]);
    let mut finding = Finding::new(format!(
        "the selector of {title} does not choose its own pods"
    ))
    .at(wanted.origin(), "these labels");
    if let Some(labels) = labels.or(template) {
        finding = finding.at(labels.origin(), "and these are what its pods have");
    }
    told.add(
        finding.help("the API server refuses it: give its pods the labels that it selects by"),
    );
}
