//! `too-small`: what is declared fits into the machines of the cluster's size.

use super::promise::count;
use crate::lower::kubernetes::quantity;
use crate::lower::kubernetes::workloads::{self, Amounts};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "too-small",
    group: Group::Clusters,
    levels: Levels::all(Level::Warning),
    page: include_str!("too-small.md"),
    on: On::Cluster(check),
};

/// Memory of each node that the kubelet never gives away: it evicts before less is left.
const KEPT_FREE: u64 = 100 << 20;

fn check(view: &View<'_>, told: &mut Told) {
    let cluster = view.cluster;
    let Some(size) = cluster.at(&["size"]) else {
        return;
    };
    // A node of Kind, or one that is a container, has whatever its host has.
    let contained = cluster.at(&["infrastructure", "docker"]).is_some();
    if contained || cluster.provider() == "kind" {
        return;
    }
    let name = size.as_str().unwrap_or_default();
    let workers = |key: &str| cluster.at(&["workers", key]);
    let own = ["cpu", "memory"].iter().any(|key| workers(key).is_some());
    let nodes = count(view, "schedulable").and_then(|(_, nodes)| u64::try_from(nodes).ok());
    // Workers of a size of their own beside control planes that take workloads too: nodes of two sizes.
    let Some(nodes) = nodes.filter(|_| !own || only_workers(view)) else {
        return;
    };
    let of = |key: &str| {
        let stated = workers(key).or_else(|| cluster.at(&["sizes", name, key]))?;
        stated.scalar_text()
    };
    let cpu = of("cpu").and_then(|text| quantity::cpu(&text));
    let memory = of("memory").and_then(|text| quantity::memory(&text));
    if cpu.is_none() && memory.is_none() {
        return;
    }
    let there = |one: Option<u64>| one.map(|one| one.saturating_mul(nodes));
    let sum = asked(view, nodes);
    let kept = memory.map(|memory| memory.saturating_sub(KEPT_FREE));
    let lacks = [
        lack("CPU", sum.cpu, there(cpu), quantity::show_cpu),
        lack("memory", sum.memory, there(kept), quantity::show_memory),
    ];
    let lacks: Vec<String> = lacks.into_iter().flatten().collect();
    if !lacks.is_empty() {
        tell(size, nodes, &lacks, told);
    }
}

/// Whether only workers take workloads.
fn only_workers(view: &View<'_>) -> bool {
    let of = |what: &str| count(view, what).map(|(_, count)| count);
    of("schedulable") == of("workers")
}

/// What all workloads that stay ask for at least. Those that state nothing may ask for more.
fn asked(view: &View<'_>, nodes: u64) -> Amounts {
    let mut sum = Amounts::default();
    for workload in workloads::of(view.cluster) {
        if !workload.ends {
            sum.add(workload.one(), workload.floor(nodes));
        }
    }
    sum
}

fn tell(size: &Node, nodes: u64, lacks: &[String], told: &mut Told) {
    let what = if nodes == 1 {
        "node takes"
    } else {
        "nodes take"
    };
    let message = format!(
        "components and apps ask for more than {nodes} {what} ({})",
        lacks.join("; ")
    );
    told.add(
        Finding::new(message)
            .at(
                size.origin(),
                format!("size `{}`", size.as_str().unwrap_or_default()),
            )
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
