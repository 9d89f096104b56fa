//! `no-requests`: what says nothing of its size is put anywhere, and goes first.

use super::{amounts, pod, standard};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};

pub const RULE: Rule = Rule {
    id: "no-requests",
    group: Group::Workload,
    levels: Levels::all(Level::Warning),
    page: include_str!("no-requests.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    for workload in view.workloads() {
        for container in workload.all_containers() {
            if !amounts::are_known(workload, container) {
                continue;
            }
            let lacks = |resource| amounts::request(view, workload, container, resource).is_none();
            let what = match (lacks("cpu"), lacks("memory")) {
                (false, false) => continue,
                (true, false) => "CPU",
                (false, true) => "memory",
                (true, true) => "CPU and no memory",
            };
            let title = pod::title(container, workload);
            let own = amounts::of(workload, container).unwrap_or(container);
            let own = pod::stated(own, &["requests"]).unwrap_or(own);
            let finding = Finding::new(format!("{title} requests no {what}"))
                .at(own.origin(), "nothing is kept free for it")
                .help("say what it needs: `resources: { requests: { cpu: 100m, memory: 128Mi } }`");
            standard::tell(told, workload, finding);
        }
    }
}
