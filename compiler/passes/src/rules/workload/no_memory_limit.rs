//! `no-memory-limit`: what leaks takes itself down, and not its neighbours.

use super::{amounts, pod, standard};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};

pub const RULE: Rule = Rule {
    id: "no-memory-limit",
    group: Group::Workload,
    levels: Levels::of(Level::Note, Level::Warning),
    page: include_str!("no-memory-limit.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    for workload in view.workloads() {
        for container in workload.all_containers() {
            if !amounts::are_known(workload, container)
                || amounts::limit(view, workload, container, "memory").is_some()
            {
                continue;
            }
            let title = pod::title(container, workload);
            let own = amounts::of(workload, container).unwrap_or(container);
            let own = pod::stated(own, &["limits"]).unwrap_or(own);
            let finding = Finding::new(format!("{title} may take all memory of its node"))
                .at(own.origin(), "no limit of memory")
                .help("say the most that it may take: `resources: { limits: { memory: 256Mi } }`; a limit of CPU is not asked for");
            standard::tell(told, workload, finding);
        }
    }
}
