//! The graph as a Mermaid flowchart: every label quoted, ids made of names, so that a change stays small in a diff.

use super::{Graph, about, count, machines};
use passes::graph::ClusterGraph;
use std::fmt::Write as _;

pub(super) fn render(graph: &Graph) -> String {
    let mut text = String::from("flowchart LR\n");
    let mut bold: Vec<usize> = Vec::new();
    let mut links = 0;
    for cluster in &graph.clusters {
        one(cluster, &mut text);
        for unit in &cluster.units {
            for edge in &unit.after {
                let from = id(&cluster.name, &edge.unit);
                let to = id(&cluster.name, &unit.name);
                let why = quoted(&edge.because.join(", "));
                let _ = writeln!(text, "  {from} -->|{why}| {to}");
                if cluster.is_on_longest(&edge.unit, &unit.name) {
                    bold.push(links);
                }
                links += 1;
            }
        }
    }
    for cluster in &graph.clusters {
        let known = |name: &&String| graph.clusters.iter().any(|other| other.name == **name);
        if let Some(manager) = cluster.managed_by.as_ref().filter(known) {
            let (from, to) = (group(manager), group(&cluster.name));
            let _ = writeln!(text, "  {from} -.->|\"manages\"| {to}");
        }
    }
    if !bold.is_empty() {
        let bold: Vec<String> = bold.iter().map(usize::to_string).collect();
        let _ = writeln!(text, "  linkStyle {} stroke-width:3px", bold.join(","));
    }
    text
}

fn one(cluster: &ClusterGraph, text: &mut String) {
    let title = format!("{} ({})", cluster.name, about(cluster));
    let _ = writeln!(
        text,
        "  subgraph {}[{}]",
        group(&cluster.name),
        quoted(&title)
    );
    let mut lines: Vec<String> = cluster
        .machines
        .iter()
        .map(|machine| format!("{} {}", machine.name, machine.role))
        .collect();
    if lines.is_empty() {
        lines.push(machines(cluster));
    }
    let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
    let _ = writeln!(
        text,
        "    {}[[\"{}\"]]",
        id(&cluster.name, "-machines"),
        lines.join("<br/>")
    );
    for unit in &cluster.units {
        let _ = writeln!(
            text,
            "    {}[\"{}<br/>{}\"]",
            id(&cluster.name, &unit.name),
            escaped(&unit.name),
            count(unit.objects, "object")
        );
    }
    text.push_str("  end\n");
}

/// The id of a cluster: names are DNS labels, and no word of Mermaid begins like this.
fn group(cluster: &str) -> String {
    format!("c_{}", cluster.replace('-', "_"))
}

/// The id of a unit.
fn id(cluster: &str, unit: &str) -> String {
    format!("{}___{}", group(cluster), unit.replace('-', "_"))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// A text in quotes: what ends them, and what Mermaid takes for markup, as entities.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("#quot;"),
            '#' => out.push_str("#35;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '`' => out.push_str("#96;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_cannot_break_out() {
        assert_eq!(
            quoted("a \"b\" <c> #1 `d`"),
            "\"a #quot;b#quot; #lt;c#gt; #35;1 #96;d#96;\""
        );
        assert_eq!(id("end", "x-y"), "c_end___x_y");
    }
}
