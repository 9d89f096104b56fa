//! `no-disruption-budget`: nodes are emptied without taking every copy at once.

use super::beside::{AUTOSCALER, BUDGET, Beside, least};
use super::standard;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "no-disruption-budget",
    group: Group::Workload,
    levels: Levels::of(Level::Off, Level::Warning),
    page: include_str!("no-disruption-budget.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    let autoscalers = Beside::of(view, &[AUTOSCALER]);
    let budgets = Beside::of(view, &[BUDGET]);
    for (workload, spec) in standard::pods(view) {
        let Some((copies, said)) = least(workload, &autoscalers).filter(|(least, _)| *least > 1)
        else {
            continue;
        };
        if budgets.may_be_held(workload) {
            continue;
        }
        let at = said.map_or_else(|| spec.origin(), Node::origin);
        let title = workload.title();
        let finding = Finding::new(format!(
            "nothing keeps a copy of {title} while nodes are emptied"
        ))
        .at(at, format!("{copies} copies, and all may be taken at once"))
        .help(
            "put a PodDisruptionBudget beside it: `maxUnavailable: 1` and the labels of its pods",
        );
        standard::tell(told, workload, finding);
    }
}
