//! Whether what is declared fits into the machines of the cluster's size.

use super::quantity;
use super::workloads::{Amounts, Workload};
use crate::lower::Cx;
use crate::resolve::cluster::Cluster;
use syntax::{Diagnostic, Node};

/// Warns where the declared requests are more than the nodes have that take workloads.
pub fn check(cluster: &Cluster<'_>, workloads: &[Workload], cx: &mut Cx<'_>) {
    let Some(size) = cluster.at(&["size"]) else {
        return;
    };
    let name = size.as_str().unwrap_or_default();
    let nodes = cluster.facts.get("schedulable").and_then(Node::as_i64);
    let nodes = nodes
        .and_then(|nodes| u64::try_from(nodes).ok())
        .unwrap_or(1);
    let mut sum = Amounts::default();
    for workload in workloads.iter().filter(|workload| !workload.ends) {
        sum.add(workload.one(), workload.floor(nodes));
    }
    let of = |key: &str| cluster.at(&["sizes", name, key])?.scalar_text();
    let there = |one: Option<u64>| one.map(|one| one.saturating_mul(nodes));
    let cpu = there(of("cpu").and_then(|text| quantity::cpu(&text)));
    let memory = there(of("memory").and_then(|text| quantity::memory(&text)));
    let lacks = [
        lack("CPU", sum.cpu, cpu, quantity::show_cpu),
        lack("memory", sum.memory, memory, quantity::show_memory),
    ];
    let lacks: Vec<String> = lacks.into_iter().flatten().collect();
    if lacks.is_empty() {
        return;
    }
    let what = if nodes == 1 {
        "node takes"
    } else {
        "nodes take"
    };
    cx.found.add(
        Diagnostic::warning(
            "too-small",
            format!(
                "the components and apps of cluster `{}` ask for more than its {nodes} {what} ({})",
                cluster.name,
                lacks.join("; ")
            ),
        )
        .at(cx.origins.place(size.origin()), format!("size `{name}`"))
        .help("choose a larger `size`, let control planes take workloads (`allowSchedulingOnControlPlanes: true`), or switch components off"),
    );
}

/// What is missing of a resource, in words.
fn lack(what: &str, wanted: u64, there: Option<u64>, show: fn(u64) -> String) -> Option<String> {
    let there = there.filter(|there| wanted > *there)?;
    Some(format!(
        "{what}: {} requested, {} there",
        show(wanted),
        show(there)
    ))
}
