//! `single-replica-autoscaler`: what must be there is there twice, however little is asked of it.

use super::{beside, pod};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "single-replica-autoscaler",
    group: Group::Workload,
    levels: Levels::of(Level::Off, Level::Warning),
    page: include_str!("single-replica-autoscaler.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    let objective = view.cluster.at(&["objectives", "availability"]);
    let nodes = view.cluster.facts.get("schedulable").and_then(Node::as_i64);
    // With one node a second copy goes with the first.
    let (Some(objective), true) = (objective, nodes.is_some_and(|nodes| nodes > 1)) else {
        return;
    };
    for subject in view.subjects(&[beside::AUTOSCALER]) {
        let fewest = pod::stated(&subject.object.node, &["spec", "minReplicas"]);
        let least = fewest.map_or(Some(1), Node::as_i64);
        if least.is_none_or(|least| least > 1) {
            continue;
        }
        let at = fewest.map_or_else(|| subject.object.node.origin(), Node::origin);
        let wanted = objective.scalar_text().unwrap_or_default();
        let name = &subject.object.id.name;
        told.about(subject);
        told.add(
            Finding::new(format!("autoscaler `{name}` goes down to a single copy"))
                .at(at, "when its node is emptied, nothing is there")
                .at(
                    objective.origin(),
                    format!("{wanted} of the time is asked for"),
                )
                .help("keep two at least: `minReplicas: 2`, of an app `scale: { min: 2, ... }`"),
        );
    }
}
