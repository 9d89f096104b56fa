//! The unit `namespaces`: each with the Pod Security level that its components need, and its quota.

use super::quotas::{Limits, Quota};
use super::{NAMESPACES, is_system, object};
use crate::lower::Cx;
use crate::lower::units::Unit;
use crate::resolve::cluster::Cluster;
use model::object::Object;
use std::collections::BTreeMap;
use syntax::{Map, Node, OriginId, Text};

/// The levels of Pod Security, the strictest first.
const LEVELS: [&str; 3] = ["restricted", "baseline", "privileged"];

/// The capability whose component reads the metrics of others.
const METRICS: &str = "observability.metrics";

/// A namespace and what is known of it.
#[derive(Debug)]
pub struct Namespace {
    /// Where its name was stated.
    pub name: Node,
    /// What its components say of its level: the level, why, and who says so.
    claims: Vec<Claim>,
    /// Whether one of its components reads the metrics of others.
    metrics: Option<OriginId>,
    /// The components in it, by their place in the cluster's list.
    pub components: Vec<usize>,
    /// Why it is there.
    pub because: OriginId,
}

#[derive(Debug)]
struct Claim {
    level: Node,
    because: Option<Node>,
    /// Why who says so is there.
    by: OriginId,
}

impl Namespace {
    fn new(name: Node, because: OriginId) -> Self {
        Namespace {
            name,
            claims: Vec::new(),
            metrics: None,
            components: Vec::new(),
            because,
        }
    }

    /// The claims of the highest level.
    fn highest(&self) -> impl Iterator<Item = &Claim> {
        let top = self.claims.iter().map(|claim| rank(&claim.level)).max();
        self.claims
            .iter()
            .filter(move |claim| Some(rank(&claim.level)) == top)
    }

    /// What needs the highest level, where that is `privileged`.
    pub fn privileged(&self) -> Option<&Node> {
        self.highest()
            .map(|claim| &claim.level)
            .find(|level| level.as_str() == LEVELS.last().copied())
    }
}

fn rank(level: &Node) -> usize {
    let level = level.as_str().unwrap_or_default();
    LEVELS.iter().position(|known| *known == level).unwrap_or(0)
}

/// Every namespace that something is put into, unless a component makes the object itself.
pub fn collect(
    cluster: &Cluster<'_>,
    units: &[Unit],
    cx: &mut Cx<'_>,
) -> BTreeMap<Text, Namespace> {
    let mut all: BTreeMap<Text, Namespace> = BTreeMap::new();
    for (at, component) in cluster.components.iter().enumerate() {
        let Some(name) = component.namespace.get("name") else {
            continue;
        };
        let reads = [component.because, name.origin()];
        let because = cx.origins.rule("namespaces/namespace", &reads);
        let entry = add(&mut all, name, because);
        entry.components.push(at);
        if let Some(level) = component.namespace.get("podSecurity") {
            entry.claims.push(Claim {
                level: level.clone(),
                because: component.namespace.get("because").cloned(),
                by: component.because,
            });
        }
        if component.component.provides(METRICS).is_some() {
            entry.metrics = Some(component.because);
        }
    }
    let objects = units.iter().flat_map(|unit| &unit.objects);
    for object in objects.clone() {
        if let Some(name) = object.node.at(&["metadata", "namespace"]) {
            add(&mut all, name, object.because);
        }
    }
    for sealed in cluster
        .platform
        .sealed
        .get(&cluster.name)
        .into_iter()
        .flatten()
    {
        let name = Node::string(sealed.namespace.clone(), cluster.because);
        add(&mut all, &name, cluster.because);
    }
    for made in objects.filter(|object| object.id.group.is_empty() && object.id.kind == "Namespace")
    {
        all.remove(&made.id.name);
    }
    all
}

fn add<'a>(
    all: &'a mut BTreeMap<Text, Namespace>,
    name: &Node,
    because: OriginId,
) -> &'a mut Namespace {
    all.entry(name.as_str().unwrap_or_default().into())
        .or_insert_with(|| Namespace::new(name.clone(), because))
}

/// The unit of all namespaces and their quotas.
pub fn unit(
    cluster: &Cluster<'_>,
    namespaces: &BTreeMap<Text, Namespace>,
    mut quotas: BTreeMap<Text, Quota>,
    cx: &mut Cx<'_>,
) -> Unit {
    let because = cx.origins.rule("namespaces/unit", &[cluster.because]);
    let mut unit = Unit::new(NAMESPACES, because);
    for (name, namespace) in namespaces {
        let quota = quotas.remove(name);
        let facts = facts(cluster, name, namespace, quota.as_ref(), cx);
        let made = object(
            cluster,
            "kubernetes/namespace",
            ("namespace", facts),
            namespace.because,
            cx,
        );
        unit.objects.extend(made);
        if let Some(Quota::Held(limits)) = quota {
            unit.objects.extend(limited(cluster, namespace, limits, cx));
        }
    }
    unit
}

/// The quota of a namespace and the limits of its containers.
fn limited(
    cluster: &Cluster<'_>,
    namespace: &Namespace,
    limits: Limits,
    cx: &mut Cx<'_>,
) -> Vec<Object> {
    let reads = [limits.because, namespace.because];
    let facts = limits.facts(&namespace.name);
    let because = cx.origins.rule("quotas/declared", &reads);
    let mut made = |shape| object(cluster, shape, ("quota", facts.clone()), because, cx);
    let objects = [made("kubernetes/quota"), made("kubernetes/limits")];
    objects.into_iter().flatten().collect()
}

/// What `namespace` means in its shape.
fn facts(
    cluster: &Cluster<'_>,
    name: &str,
    namespace: &Namespace,
    quota: Option<&Quota>,
    cx: &mut Cx<'_>,
) -> Node {
    let reads: Vec<OriginId> = namespace.claims.iter().map(|c| c.level.origin()).collect();
    let origin = cx
        .origins
        .rule("namespaces/namespace", &[namespace.because]);
    let mut map = Map::default();
    map.set("name", origin, namespace.name.clone());
    map.set("level", origin, level(cluster, namespace, &reads, cx));
    let mut reasons: Vec<&Node> = Vec::new();
    for claim in namespace.highest() {
        if let Some(reason) = claim
            .because
            .as_ref()
            .filter(|reason| !reasons.contains(reason))
        {
            reasons.push(reason);
        }
    }
    if !reasons.is_empty() && !is_system(name) {
        let texts: Vec<&str> = reasons
            .iter()
            .filter_map(|reason| reason.as_str())
            .collect();
        let by = namespace.highest().map(|claim| claim.by);
        let from: Vec<OriginId> = reasons
            .iter()
            .map(|r| r.origin())
            .chain(reads)
            .chain(by)
            .collect();
        map.set(
            "because",
            origin,
            cx.text("namespaces/because", texts.join("; "), &from),
        );
    }
    if let Some(Quota::None { why, reads }) = quota {
        let text = format!("none: {why}");
        map.set(
            "unlimited",
            origin,
            cx.text("namespaces/no-quota", text, reads),
        );
    }
    let metrics = namespace.metrics.unwrap_or(origin);
    map.set(
        "metrics",
        metrics,
        Node::bool(namespace.metrics.is_some(), metrics),
    );
    map.set("system", origin, Node::bool(is_system(name), origin));
    Node::map(map, origin)
}

/// The highest level that a component needs; where none says anything, the cluster's own.
fn level(
    cluster: &Cluster<'_>,
    namespace: &Namespace,
    reads: &[OriginId],
    cx: &mut Cx<'_>,
) -> Node {
    let highest = namespace.highest().next().map(|claim| claim.level.clone());
    match highest {
        Some(level) if reads.len() > 1 => {
            let origin = cx.origins.rule("namespaces/pod-security", reads);
            level.with_origin(origin)
        }
        Some(level) => level,
        None => cluster
            .at(&["security", "podSecurity"])
            .cloned()
            .unwrap_or_else(|| cx.text("namespaces/pod-security", "baseline", &[])),
    }
}
