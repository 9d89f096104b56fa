//! What runs in a cluster, and what it asks for: read from what components declare and from their plain objects.

use super::quantity;
use crate::resolve::cluster::Cluster;
use syntax::{Node, OriginId, Text};

/// A workload and what one copy of it asks for.
#[derive(Debug)]
pub struct Workload {
    /// The namespace that it runs in.
    pub namespace: Text,
    /// Its kind and name, for messages.
    pub title: String,
    /// Its copies, at most; `None` where each node has one.
    pub copies: Option<u64>,
    /// Its copies, at least, where load decides.
    pub least: Option<u64>,
    /// Whether it ends by itself: a hook or a job.
    pub ends: bool,
    /// Its containers.
    pub containers: Vec<Container>,
    /// Where it is stated, and where its copies are.
    pub reads: Vec<OriginId>,
}

/// An amount that a container states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// Requested CPU.
    Cpu,
    /// Requested memory.
    Memory,
    /// The most memory.
    Limit,
}

/// A container and what it asks for.
#[derive(Debug)]
pub struct Container {
    /// Its name.
    pub name: Text,
    /// Requested thousandths of a core.
    pub cpu: Option<u64>,
    /// Requested bytes.
    pub memory: Option<u64>,
    /// The most bytes it may use.
    pub limit: Option<u64>,
    /// Where it is stated.
    pub origin: OriginId,
    /// Where each amount stands.
    pub reads: Vec<(Amount, OriginId)>,
}

/// Every workload of a cluster's components.
pub fn of(cluster: &Cluster<'_>) -> Vec<Workload> {
    let mut workloads = Vec::new();
    for component in &cluster.components {
        let home = component.namespace_name().unwrap_or_default();
        let declared = component
            .declares
            .get("workloads")
            .map_or(&[][..], Node::items);
        workloads.extend(declared.iter().map(|workload| declared_one(workload, home)));
        let objects = component.objects.iter();
        workloads.extend(objects.filter_map(|object| {
            let workload = plain(object, home)?;
            Some(scaled(workload, object, &component.objects))
        }));
    }
    workloads
}

fn declared_one(workload: &Node, home: &str) -> Workload {
    let kind = workload.str_at(&["kind"]).unwrap_or_default();
    let hook = workload.get("hook").and_then(Node::as_bool) == Some(true);
    let replicas = workload.get("replicas");
    let containers = workload.get("containers").map_or(&[][..], Node::items);
    Workload {
        namespace: workload.str_at(&["namespace"]).unwrap_or(home).into(),
        title: format!(
            "{kind} `{}`",
            workload.str_at(&["name"]).unwrap_or_default()
        ),
        copies: copies(kind, replicas),
        least: None,
        ends: hook || matches!(kind, "Job" | "CronJob"),
        containers: containers.iter().map(|c| container(c, c)).collect(),
        reads: replicas
            .into_iter()
            .chain([workload])
            .map(Node::origin)
            .collect(),
    }
}

/// A workload that is a plain object.
fn plain(object: &Node, home: &str) -> Option<Workload> {
    let kind = object.str_at(&["kind"])?;
    let spec = object.get("spec")?;
    let pod = match kind {
        "Deployment" | "StatefulSet" | "DaemonSet" | "Job" => spec.at(&["template", "spec"])?,
        "CronJob" => spec.at(&["jobTemplate", "spec", "template", "spec"])?,
        "Pod" => spec,
        _ => return None,
    };
    let replicas = spec.get("replicas");
    let lists = ["containers", "initContainers"];
    let containers = lists
        .iter()
        .filter_map(|list| pod.get(list))
        .flat_map(Node::items);
    let none = Node::null(object.origin());
    Some(Workload {
        namespace: object
            .str_at(&["metadata", "namespace"])
            .unwrap_or(home)
            .into(),
        title: format!(
            "{kind} `{}`",
            object.str_at(&["metadata", "name"]).unwrap_or_default()
        ),
        copies: copies(kind, replicas),
        least: None,
        ends: matches!(kind, "Job" | "CronJob"),
        containers: containers
            .map(|c| container(c, c.get("resources").unwrap_or(&none)))
            .collect(),
        reads: replicas
            .into_iter()
            .chain([object])
            .map(Node::origin)
            .collect(),
    })
}

/// A workload whose copies an autoscaler beside it decides.
fn scaled(mut workload: Workload, object: &Node, beside: &[Node]) -> Workload {
    let name = object.str_at(&["metadata", "name"]);
    let target = |path: &str, scaler: &Node, wanted: Option<&str>| {
        scaler.str_at(&["spec", "scaleTargetRef", path]) == wanted
    };
    let scaler = beside.iter().find(|other| {
        other.str_at(&["kind"]) == Some("HorizontalPodAutoscaler")
            && target("kind", other, object.str_at(&["kind"]))
            && target("name", other, name)
    });
    let Some(spec) = scaler.and_then(|scaler| scaler.get("spec")) else {
        return workload;
    };
    let number = |key: &str| u64::try_from(spec.get(key)?.as_i64()?).ok();
    workload.copies = number("maxReplicas");
    workload.least = number("minReplicas");
    workload
        .reads
        .extend(spec.get("maxReplicas").map(Node::origin));
    workload
}

fn copies(kind: &str, replicas: Option<&Node>) -> Option<u64> {
    if kind == "DaemonSet" {
        return None;
    }
    Some(
        replicas
            .and_then(Node::as_i64)
            .and_then(|n| u64::try_from(n).ok())
            .unwrap_or(1),
    )
}

fn container(named: &Node, resources: &Node) -> Container {
    let mut reads = Vec::new();
    let mut read = |what: Amount, path: &[&str], parse: fn(&str) -> Option<u64>| {
        let node = resources.at(path)?;
        reads.push((what, node.origin()));
        parse(&node.scalar_text()?)
    };
    Container {
        name: named.str_at(&["name"]).unwrap_or_default().into(),
        cpu: read(Amount::Cpu, &["requests", "cpu"], quantity::cpu),
        memory: read(Amount::Memory, &["requests", "memory"], quantity::memory),
        limit: read(Amount::Limit, &["limits", "memory"], quantity::memory),
        origin: resources.origin(),
        reads,
    }
}

impl Workload {
    /// How many copies there are on this many nodes.
    #[must_use]
    pub fn count(&self, nodes: u64) -> u64 {
        self.copies.unwrap_or(nodes)
    }

    /// How many copies there are at least on this many nodes.
    #[must_use]
    pub fn floor(&self, nodes: u64) -> u64 {
        self.least.unwrap_or_else(|| self.count(nodes))
    }

    /// What one copy asks for: CPU, memory, and the most memory.
    #[must_use]
    pub fn one(&self) -> Amounts {
        let mut sum = Amounts::default();
        for container in &self.containers {
            sum.cpu += container.cpu.unwrap_or(0);
            sum.memory += container.memory.unwrap_or(0);
            sum.limit += container.limit.unwrap_or(0);
        }
        sum
    }

    /// Where all of it stands.
    pub fn origins(&self) -> impl Iterator<Item = OriginId> {
        let amounts = self.containers.iter().flat_map(|c| &c.reads);
        let containers = self.containers.iter().map(|c| c.origin);
        let own = self.reads.iter().copied().chain(containers);
        own.chain(amounts.map(|(_, origin)| *origin))
    }

    /// Where it and its containers are stated.
    pub fn places(&self) -> impl Iterator<Item = OriginId> {
        let containers = self.containers.iter().map(|c| c.origin);
        self.reads.iter().copied().chain(containers)
    }

    /// Where one of its amounts stands, and with `copies` where their number does.
    pub fn origins_of(&self, what: Amount, copies: bool) -> impl Iterator<Item = OriginId> {
        let amounts = self.containers.iter().flat_map(|c| &c.reads);
        let amounts = amounts.filter(move |(of, _)| *of == what);
        let copies = self.reads.iter().copied().filter(move |_| copies);
        amounts.map(|(_, origin)| *origin).chain(copies)
    }
}

/// Amounts that are added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    /// Requested thousandths of a core.
    pub cpu: u64,
    /// Requested bytes.
    pub memory: u64,
    /// The most bytes.
    pub limit: u64,
}

impl Amounts {
    /// Adds another so many times.
    pub fn add(&mut self, other: Amounts, times: u64) {
        self.cpu = self.cpu.saturating_add(other.cpu.saturating_mul(times));
        self.memory = self
            .memory
            .saturating_add(other.memory.saturating_mul(times));
        self.limit = self.limit.saturating_add(other.limit.saturating_mul(times));
    }
}
