//! `autoscaler-fights-replicas`: one decides how many copies there are, load or Git.

use super::beside::{AUTOSCALER, Beside};
use super::standard;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};

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
        let Some(replicas) = workload.replicas.filter(|it| !it.is_null()) else {
            continue;
        };
        let Some(scaler) = autoscalers.autoscaler(workload) else {
            continue;
        };
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
