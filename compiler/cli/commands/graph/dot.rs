//! The graph for Graphviz.

use super::{Graph, about, count, machines};
use passes::graph::ClusterGraph;
use std::fmt::Write as _;

pub(super) fn render(graph: &Graph) -> String {
    let mut text = format!("digraph {} {{\n", quoted(&graph.platform));
    text.push_str("  rankdir=LR;\n  compound=true;\n  fontname=\"sans-serif\";\n");
    text.push_str("  node [shape=box, style=rounded, fontname=\"sans-serif\", fontsize=11];\n");
    text.push_str("  edge [fontname=\"sans-serif\", fontsize=9];\n");
    for cluster in &graph.clusters {
        one(cluster, &mut text);
    }
    for cluster in &graph.clusters {
        for unit in &cluster.units {
            for edge in &unit.after {
                let bold = match cluster.is_on_longest(&edge.unit, &unit.name) {
                    true => ", penwidth=2.5",
                    false => "",
                };
                let _ = writeln!(
                    text,
                    "  {} -> {} [label={}{bold}];",
                    id(&cluster.name, &edge.unit),
                    id(&cluster.name, &unit.name),
                    quoted(&edge.because.join("\n"))
                );
            }
        }
        let known = |name: &&String| graph.clusters.iter().any(|other| other.name == **name);
        if let Some(manager) = cluster.managed_by.as_ref().filter(known) {
            let _ = writeln!(
                text,
                "  {} -> {} [label=\"manages\", style=dashed, ltail={}, lhead={}];",
                id(manager, ""),
                id(&cluster.name, ""),
                group(manager),
                group(&cluster.name)
            );
        }
    }
    text.push_str("}\n");
    text
}

fn one(cluster: &ClusterGraph, text: &mut String) {
    let mut title = format!("{} ({})", cluster.name, about(cluster));
    if let Some(manager) = &cluster.managed_by {
        let _ = write!(title, ", managed by {manager}");
    }
    let _ = writeln!(text, "  subgraph {} {{", group(&cluster.name));
    let _ = writeln!(text, "    label={};", quoted(&title));
    let mut lines: Vec<String> = cluster
        .machines
        .iter()
        .map(|machine| format!("{} {}", machine.name, machine.role))
        .collect();
    if lines.is_empty() {
        lines.push(machines(cluster));
    }
    let _ = writeln!(
        text,
        "    {} [shape=box3d, style=solid, label={}];",
        id(&cluster.name, ""),
        quoted(&lines.join("\n"))
    );
    for unit in &cluster.units {
        let label = format!("{}\n{}", unit.name, count(unit.objects, "object"));
        let _ = writeln!(
            text,
            "    {} [label={}];",
            id(&cluster.name, &unit.name),
            quoted(&label)
        );
    }
    text.push_str("  }\n");
}

/// A cluster's subgraph: Graphviz draws those whose names begin like this as boxes.
fn group(cluster: &str) -> String {
    quoted(&format!("cluster_{cluster}"))
}

/// A unit; without a name, the cluster's machines.
fn id(cluster: &str, unit: &str) -> String {
    quoted(&format!("{cluster}/{unit}"))
}

fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", text.replace('\n', "\\n"))
}
