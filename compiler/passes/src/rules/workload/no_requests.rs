//! `no-requests`: what says nothing of its size is put anywhere, and goes first.

use super::{amounts, pod};
use crate::rules::{Group, Level, Levels, On, Rule, Told, View};

pub const RULE: Rule = Rule {
    id: "no-requests",
    group: Group::Workload,
    levels: Levels::all(Level::Warning),
    page: include_str!("no-requests.md"),
    on: On::Cluster(check),
};

const HELP: &str = "say what it needs: `resources: { requests: { cpu: 100m, memory: 128Mi } }`";

fn check(view: &View<'_>, told: &mut Told) {
    for workload in view.workloads() {
        let spots = pod::spots(workload, |container| {
            if !amounts::are_known(workload, container) {
                return None;
            }
            let lacks = |resource| amounts::request(view, workload, container, resource).is_none();
            let label = match (lacks("cpu"), lacks("memory")) {
                (false, false) => return None,
                (true, false) => "requests no CPU",
                (false, true) => "requests no memory",
                (true, true) => "requests no CPU and no memory",
            };
            let own = amounts::of(workload, container).unwrap_or(container);
            let own = pod::stated(own, &["requests"]).unwrap_or(own);
            Some((own.origin(), label))
        });
        if !spots.is_empty() {
            let what = "nothing is kept free for {}";
            pod::tell(told, workload, &spots, what, HELP);
        }
    }
}
