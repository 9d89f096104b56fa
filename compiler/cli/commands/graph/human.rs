//! The graph for people: each cluster's units level by level, what each waits for, and the longest chain.

use super::{Graph, about, count, machines};
use passes::graph::{ClusterGraph, DEPTH};
use std::fmt::Write as _;

pub(super) fn render(graph: &Graph) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "platform {}: {}",
        graph.platform,
        count(graph.clusters.len(), "cluster")
    );
    for cluster in &graph.clusters {
        text.push('\n');
        one(cluster, &mut text);
    }
    text
}

fn one(cluster: &ClusterGraph, text: &mut String) {
    let _ = write!(text, "{} ({})", cluster.name, about(cluster));
    if let Some(manager) = &cluster.managed_by {
        let _ = write!(text, ", managed by {manager}");
    }
    let _ = writeln!(text, ": {}", machines(cluster));
    let mut level = None;
    let width = cluster
        .units
        .iter()
        .map(|unit| unit.name.len())
        .max()
        .unwrap_or(0);
    for unit in &cluster.units {
        let mark = match level.replace(unit.level) == Some(unit.level) {
            true => "   ".to_owned(),
            false => format!("{:>3}", unit.level + 1),
        };
        let after: Vec<String> = unit
            .after
            .iter()
            .map(|edge| format!("{} ({})", edge.unit, edge.because.join(", ")))
            .collect();
        let objects = count(unit.objects, "object");
        let line = match after.is_empty() {
            true => format!("{mark}  {:<width$}  {objects}", unit.name),
            false => format!(
                "{mark}  {:<width$}  {objects:<11}  after {}",
                unit.name,
                after.join(", ")
            ),
        };
        let _ = writeln!(text, "{}", line.trim_end());
    }
    let _ = writeln!(
        text,
        "  longest path: {}: {}",
        count(cluster.longest.len(), "unit"),
        cluster.longest.join(" -> ")
    );
    let _ = writeln!(
        text,
        "  a change all along it takes at least {} s: Flux looks every {} s whether the unit before is ready",
        cluster.floor(),
        cluster.requeue
    );
    if cluster.longest.len() > DEPTH {
        let _ = writeln!(
            text,
            "  longer than {DEPTH}: see what its last units wait for"
        );
    }
}
