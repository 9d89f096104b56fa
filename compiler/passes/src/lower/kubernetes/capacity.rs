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
    let of = |key: &str| {
        cluster
            .at(&["sizes", name, key])
            .and_then(Node::scalar_text)
    };
    let cpu = of("cpu").and_then(|text| quantity::cpu(&text));
    let memory = of("memory").and_then(|text| quantity::memory(&text));
    let mut sum = Amounts::default();
    for workload in workloads.iter().filter(|workload| !workload.ends) {
        sum.add(workload.one(), workload.count(nodes));
    }
    let mut over = Vec::new();
    if let Some(has) = cpu
        .map(|one| one.saturating_mul(nodes))
        .filter(|has| sum.cpu > *has)
    {
        over.push(format!(
            "CPU: {} requested, {} there",
            quantity::show_cpu(sum.cpu),
            quantity::show_cpu(has)
        ));
    }
    if let Some(has) = memory
        .map(|one| one.saturating_mul(nodes))
        .filter(|has| sum.memory > *has)
    {
        over.push(format!(
            "memory: {} requested, {} there",
            quantity::show_memory(sum.memory),
            quantity::show_memory(has)
        ));
    }
    if over.is_empty() {
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
                "the components of cluster `{}` ask for more than its {nodes} {what} ({})",
                cluster.name,
                over.join("; ")
            ),
        )
        .at(cx.origins.place(size.origin()), format!("size `{name}`"))
        .help("choose a larger `size`, let control planes take workloads (`allowSchedulingOnControlPlanes: true`), or switch components off"),
    );
}
