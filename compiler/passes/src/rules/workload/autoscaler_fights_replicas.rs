//! `autoscaler-fights-replicas`: one decides how many copies there are, load or Git.

use super::beside::{AUTOSCALER, Beside};
use super::standard;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View, Workload};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "autoscaler-fights-replicas",
    group: Group::Workload,
    levels: Levels::of(Level::Warning, Level::Error),
    page: include_str!("autoscaler-fights-replicas.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    let autoscalers = Beside::of(view, &[AUTOSCALER]);
    for (workload, _) in standard::pods(view) {
        // With none at all an autoscaler is off.
        let stated = |it: &&Node| it.as_i64().is_some_and(|count| count > 0);
        let Some(replicas) = workload.replicas.filter(stated) else {
            continue;
        };
        let Some(scaler) = autoscalers.autoscaler(workload) else {
            continue;
        };
        if is_left_alone(view, workload) {
            continue;
        }
        let name = &scaler.object.id.name;
        let message = format!(
            "autoscaler `{name}` and {} both say how many copies there are",
            workload.title()
        );
        let finding = Finding::new(message)
            .at(replicas.origin(), "set again at every reconciliation")
            .at(scaler.object.node.origin(), "decided by load here")
            .help("take `replicas` out: the autoscaler's `minReplicas` is the fewest");
        standard::tell(told, workload, finding);
    }
}

/// Whether the engine is told to leave fields of an object, or all of it, as it finds them.
fn is_left_alone(view: &View<'_>, workload: &Workload<'_>) -> bool {
    let notes = workload.node.at(&["metadata", "annotations"]);
    let mut notes = notes.map_or(&[][..], Node::entries).iter();
    let kept = notes.any(|note| {
        let value = note.value.as_str();
        note.key.starts_with("kustomize.toolkit.fluxcd.io/")
            && matches!(value, Some("IfNotPresent" | "Ignore" | "disabled"))
    });
    let ignores = |spec: &Node| spec.entries().iter().any(|it| it.key.contains("gnore"));
    let mut units = view.subjects(&["Kustomization"]);
    kept || units.any(|unit| unit.object.node.get("spec").is_some_and(ignores))
}
