//! `two-disruption-budgets`: one budget holds a pod, for with two it is never evicted.

use super::beside::{BUDGET, Beside};
use super::standard;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told, View};

pub const RULE: Rule = Rule {
    id: "two-disruption-budgets",
    group: Group::Workload,
    levels: Levels::of(Level::Warning, Level::Error),
    page: include_str!("two-disruption-budgets.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    let budgets = Beside::of(view, &[BUDGET]);
    for workload in view.workloads() {
        let mut own = budgets.budgets(workload);
        let (Some(one), Some(other)) = (own.next(), own.next()) else {
            continue;
        };
        // Of an app's own and one beside it, that which a person wrote is the one too many.
        let (one, other) = match (is_written(view, one), is_written(view, other)) {
            (false, true) => (other, one),
            _ => (one, other),
        };
        let (first, second) = (&one.object.id.name, &other.object.id.name);
        let title = workload.title();
        let finding = Finding::new(format!("two budgets hold the pods of {title}"))
            .at(one.object.node.origin(), format!("`{first}` is one"))
            .at(other.object.node.origin(), format!("`{second}` is one"))
            .help("the API server evicts no pod that two budgets hold, so its node is never emptied: take one out");
        standard::tell(told, workload, finding);
    }
}

/// Whether an object stands in a file of the project, as it is.
fn is_written(view: &View<'_>, subject: &Subject<'_>) -> bool {
    let place = view.origins.place(subject.object.node.origin());
    place.is_some_and(|place| view.cluster.platform.is_editable(place))
}
