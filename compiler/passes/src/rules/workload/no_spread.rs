//! `no-spread`: copies that shall outlive a node are on several.

use super::beside::{AUTOSCALER, Beside, least};
use super::{pod, standard};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "no-spread",
    group: Group::Workload,
    levels: Levels::of(Level::Off, Level::Note),
    page: include_str!("no-spread.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    let nodes = view.cluster.facts.get("schedulable").and_then(Node::as_i64);
    if nodes.is_none_or(|nodes| nodes < 2) {
        return;
    }
    let autoscalers = Beside::of(view, &[AUTOSCALER]);
    for (workload, spec) in standard::pods(view) {
        let Some((copies, said)) = least(workload, &autoscalers).filter(|(least, _)| *least > 1)
        else {
            continue;
        };
        let spread = pod::stated(spec, &["topologySpreadConstraints"]);
        let apart = pod::stated(spec, &["affinity", "podAntiAffinity"]);
        if spread.or(apart).is_some() || pod::is_true(spec.get("hostNetwork")) {
            continue; // two that share a node's network and a port never share the node
        }
        let at = said.map_or_else(|| spec.origin(), Node::origin);
        let title = workload.title();
        let finding = Finding::new(format!("the copies of {title} may all be on one node"))
            .at(at, format!("{copies} copies, and nothing keeps them apart"))
            .help(
                "add `topologySpreadConstraints` over `kubernetes.io/hostname` with `maxSkew: 1`",
            );
        standard::tell(told, workload, finding);
    }
}
