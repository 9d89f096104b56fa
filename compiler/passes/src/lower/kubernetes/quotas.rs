//! Quotas and limits: where every container says what it asks for and the most it may use, and nowhere else.

use super::namespaces::Namespace;
use super::workloads::{Amount, Amounts, Workload};
use super::{is_system, quantity};
use crate::lower::Cx;
use crate::resolve::cluster::Cluster;
use std::collections::BTreeMap;
use syntax::{Node, OriginId, Text};

/// Whether a namespace can have a quota.
#[derive(Debug)]
pub enum Quota {
    /// It holds.
    Held(Limits),
    /// It can't: why, and what says so.
    None {
        /// Why not, in words.
        why: String,
        /// What says so.
        reads: Vec<OriginId>,
    },
}

/// What the containers of a namespace may ask for together and each.
#[derive(Debug)]
pub struct Limits {
    cpu: Node,
    memory: Node,
    limit: Node,
    least_cpu: Node,
    least_memory: Node,
    most: Node,
    /// What it was counted from.
    pub because: OriginId,
}

/// Decides for each namespace that is not the system's, where `security.quotas` is on.
pub fn decide(
    cluster: &Cluster<'_>,
    namespaces: &BTreeMap<Text, Namespace>,
    workloads: &[Workload],
    cx: &mut Cx<'_>,
) -> BTreeMap<Text, Quota> {
    let mut quotas = BTreeMap::new();
    let Some(wanted) = cluster.at(&["security", "quotas"]) else {
        return quotas;
    };
    if wanted.as_bool() != Some(true) {
        return quotas;
    }
    for (name, namespace) in namespaces.iter().filter(|(name, _)| !is_system(name)) {
        let own: Vec<&Workload> = workloads.iter().filter(|w| w.namespace == *name).collect();
        let quota = match obstacle(cluster, namespace, &own) {
            Some((why, mut reads)) => {
                reads.push(wanted.origin());
                Quota::None { why, reads }
            }
            None => Quota::Held(limits(cluster, &own, wanted.origin(), cx)),
        };
        quotas.insert(name.clone(), quota);
    }
    quotas
}

/// Why a quota could not hold in a namespace.
fn obstacle(
    cluster: &Cluster<'_>,
    namespace: &Namespace,
    own: &[&Workload],
) -> Option<(String, Vec<OriginId>)> {
    if let Some(level) = namespace.privileged() {
        return Some((
            "what runs in it is privileged".to_owned(),
            vec![level.origin()],
        ));
    }
    let here = namespace
        .components
        .iter()
        .filter_map(|at| cluster.components.get(*at));
    let blind = here.clone().find(|component| {
        let installs = !component.chart.is_null() || !component.git.is_null();
        installs && component.declares.get("workloads").is_none()
    });
    if let Some(blind) = blind {
        let why = format!("`{}` does not declare what it runs", blind.name);
        return Some((why, vec![blind.because]));
    }
    for workload in own {
        let missing = workload.containers.iter().find_map(|container| {
            let what = match (container.cpu, container.memory, container.limit) {
                (None, ..) => "CPU request",
                (_, None, _) => "memory request",
                (.., None) => "memory limit",
                _ => return None,
            };
            Some((container, what))
        });
        if let Some((container, what)) = missing {
            let why = format!(
                "container `{}` of {} declares no {what}",
                container.name, workload.title
            );
            return Some((why, workload.origins().collect()));
        }
    }
    if own.iter().all(|workload| workload.containers.is_empty()) {
        return Some((
            "nothing is declared to run in it".to_owned(),
            vec![namespace.because],
        ));
    }
    None
}

/// Half as much again as all that is declared, and room for one more copy of the largest: an update starts it first.
fn limits(cluster: &Cluster<'_>, own: &[&Workload], wanted: OriginId, cx: &mut Cx<'_>) -> Limits {
    let count = |key: &str| cluster.facts.get(key).and_then(Node::as_i64).unwrap_or(0);
    let nodes = u64::try_from(count("controlPlanes") + count("workers")).unwrap_or(1);
    let mut sum = Amounts::default();
    let mut largest = Amounts::default();
    for workload in own {
        let one = workload.one();
        sum.add(one, workload.count(nodes));
        largest.cpu = largest.cpu.max(one.cpu);
        largest.memory = largest.memory.max(one.memory);
        largest.limit = largest.limit.max(one.limit);
    }
    let half_more = |sum: u64, one: u64| sum.saturating_add((sum / 2).max(one));
    let containers = || own.iter().flat_map(|workload| &workload.containers);
    let least = |of: fn(&super::workloads::Container) -> Option<u64>| {
        containers().filter_map(of).min().unwrap_or(0)
    };
    let all = own.iter().flat_map(|workload| workload.places());
    let all: Vec<OriginId> = all.chain([wanted]).collect();
    let mut origin = |what, copies| {
        let mut reads = reads_of(cluster, own, what, copies);
        reads.push(wanted);
        cx.origins.rule("quotas/declared", &reads)
    };
    let cpu = |milli: u64, origin| Node::string(quantity::show_cpu(milli), origin);
    let memory = |bytes: u64, origin| Node::string(quantity::show_memory(bytes), origin);
    let most = containers().filter_map(|container| container.limit).max();
    Limits {
        cpu: cpu(half_more(sum.cpu, largest.cpu), origin(Amount::Cpu, true)),
        memory: memory(
            half_more(sum.memory, largest.memory),
            origin(Amount::Memory, true),
        ),
        limit: memory(
            half_more(sum.limit, largest.limit),
            origin(Amount::Limit, true),
        ),
        least_cpu: cpu(least(|c| c.cpu), origin(Amount::Cpu, false)),
        least_memory: memory(least(|c| c.memory), origin(Amount::Memory, false)),
        most: memory(most.unwrap_or(0), origin(Amount::Limit, false)),
        because: cx.origins.rule("quotas/declared", &all),
    }
}

/// Where an amount of all workloads stands, and with `copies` how often each runs.
fn reads_of(cluster: &Cluster<'_>, own: &[&Workload], what: Amount, copies: bool) -> Vec<OriginId> {
    let each = own.iter();
    let mut reads: Vec<OriginId> = each
        .flat_map(|workload| workload.origins_of(what, copies))
        .collect();
    if copies && own.iter().any(|workload| workload.copies.is_none()) {
        let counts = ["controlPlanes", "workers"].iter();
        reads.extend(counts.filter_map(|key| Some(cluster.facts.get(key)?.origin())));
    }
    reads.sort_unstable();
    reads.dedup();
    reads
}

impl Limits {
    /// What `quota` means in the shapes.
    pub fn facts(self, namespace: &Node) -> Node {
        let origin = namespace.origin();
        let least = [("cpu", self.least_cpu), ("memory", self.least_memory)];
        Node::from_entries(
            [
                ("namespace", namespace.clone()),
                ("cpu", self.cpu),
                ("memory", self.memory),
                ("limit", self.limit),
                ("least", Node::from_entries(least, origin)),
                ("most", self.most),
            ],
            origin,
        )
    }
}
