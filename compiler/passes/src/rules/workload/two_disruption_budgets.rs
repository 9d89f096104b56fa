//! `two-disruption-budgets`: one budget holds a pod, for with two it is never evicted.

use super::beside::{BUDGET, Beside};
use super::standard;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};

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
        // What was made last in the order of names is as good a guess as any at the one too many.
        let names = [&one.object.id.name, &other.object.id.name];
        let [first, second] = names;
        let title = workload.title();
        let finding = Finding::new(format!("two budgets hold the pods of {title}"))
            .at(one.object.node.origin(), format!("`{first}` is one"))
            .at(other.object.node.origin(), format!("`{second}` is one"))
            .help("the API server evicts no pod that two budgets hold, so its node is never emptied: take one out");
        standard::tell(told, workload, finding);
    }
}
