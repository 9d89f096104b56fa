//! `no-memory-limit`: what leaks takes itself down, and not its neighbours.

use super::{amounts, pod};
use crate::rules::{Group, Level, Levels, On, Rule, Told, View};

pub const RULE: Rule = Rule {
    id: "no-memory-limit",
    group: Group::Workload,
    levels: Levels::of(Level::Note, Level::Warning),
    page: include_str!("no-memory-limit.md"),
    on: On::Cluster(check),
};

const HELP: &str = "say the most that it may take: `resources: { limits: { memory: 256Mi } }`; a limit of CPU is not asked for";

fn check(view: &View<'_>, told: &mut Told) {
    for workload in view.workloads() {
        let spots = pod::spots(workload, |container| {
            let unknown = !amounts::are_known(workload, container);
            if unknown || amounts::limit(view, workload, container, "memory").is_some() {
                return None;
            }
            let own = amounts::of(workload, container).unwrap_or(container);
            let own = pod::stated(own, &["limits"]).unwrap_or(own);
            Some((own.origin(), "no limit of memory"))
        });
        if !spots.is_empty() {
            let what = "{} may take all memory of the node";
            pod::tell(told, workload, &spots, what, HELP);
        }
    }
}
