//! `blocking-disruption-budget`: a budget lets some pod go, or no node is ever emptied.

use super::beside::{AUTOSCALER, BUDGET, Beside, holds, least};
use super::pod;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "blocking-disruption-budget",
    group: Group::Workload,
    levels: Levels::of(Level::Warning, Level::Error),
    page: include_str!("blocking-disruption-budget.md"),
    on: On::Cluster(check),
};

/// How many, as a budget says it.
#[derive(Clone, Copy)]
enum Amount {
    Count(i64),
    Percent(i64),
}

fn check(view: &View<'_>, told: &mut Told) {
    let mut autoscalers = None;
    for budget in view.subjects(&[BUDGET]) {
        let node = &budget.object.node;
        let most = pod::stated(node, &["spec", "maxUnavailable"]);
        let least = pod::stated(node, &["spec", "minAvailable"]);
        let (Some(said), Some(amount)) = (most.or(least), most.or(least).and_then(amount)) else {
            continue;
        };
        let blocks = match (most.is_some(), amount) {
            (true, Amount::Count(count) | Amount::Percent(count)) => count == 0,
            (false, Amount::Percent(100..)) => true,
            (false, _) => {
                let scalers = autoscalers.get_or_insert_with(|| Beside::of(view, &[AUTOSCALER]));
                copies(view, budget, scalers).is_some_and(|copies| all_of(amount, copies))
            }
        };
        if blocks {
            told.about(budget);
            told.add(finding(budget, said));
        }
    }
}

fn finding(budget: &Subject<'_>, said: &Node) -> Finding {
    let name = &budget.object.id.name;
    Finding::new(format!("budget `{name}` never lets a pod go"))
        .at(said.origin(), "nothing is left that may be away")
        .help(
            "write `maxUnavailable: 1`: an upgrade waits for ever to empty the node of such a pod",
        )
}

fn amount(node: &Node) -> Option<Amount> {
    match node.as_str() {
        Some(text) => Some(Amount::Percent(text.strip_suffix('%')?.parse().ok()?)),
        None => Some(Amount::Count(node.as_i64()?)),
    }
}

/// Whether an amount is all of the copies; shares are rounded up.
fn all_of(amount: Amount, copies: i64) -> bool {
    copies > 0
        && match amount {
            Amount::Count(count) => count >= copies,
            Amount::Percent(percent) => percent * copies > 100 * (copies - 1),
        }
}

/// The fewest copies that a budget holds together; `None` where nobody says it of one of them.
fn copies<'v>(view: &'v View<'v>, budget: &Subject<'_>, autoscalers: &Beside<'v>) -> Option<i64> {
    let mut sum = None;
    let within = |namespace: &str| namespace == budget.object.id.namespace;
    for workload in view
        .workloads()
        .iter()
        .filter(|it| within(&it.id.namespace))
    {
        if workload.ends() || !holds(budget, workload)? {
            continue;
        }
        let (fewest, _) = least(workload, autoscalers)?;
        sum = Some(sum.unwrap_or(0) + fewest);
    }
    sum
}
