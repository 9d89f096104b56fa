//! The graph of a platform: what waits for what in each cluster, and who manages whom.

use crate::evaluate::Enabled;
use crate::explain::rules;
use crate::lower::kubernetes::{NAMESPACES, SECRETS};
use crate::lower::units::Unit;
use crate::lower::{self, Cx};
use crate::resolve::cluster::{Cluster, resolve_cluster};
use crate::resolve::{ClusterSpec, Platform};
use std::collections::{BTreeMap, BTreeSet};
use syntax::{Diagnostics, Node, Origin, OriginId, Origins};

/// The longest chain of units that is not worth a word: each link costs a reconcile.
pub const DEPTH: usize = 4;

/// How often Flux asks again whether what is waited for is ready, where nothing says otherwise, in seconds.
const REQUEUE: u64 = 30;
/// The argument of the kustomize-controller that says otherwise.
const REQUEUE_FLAG: &str = "--requeue-dependency=";

/// One cluster: its facts, its machines, and its units in an order in which they come up.
#[derive(Clone, Debug, Default)]
pub struct ClusterGraph {
    /// Its name.
    pub name: String,
    /// What makes its machines.
    pub provider: String,
    /// Its tier.
    pub tier: Option<String>,
    /// Its size.
    pub size: Option<String>,
    /// The cluster that manages it.
    pub managed_by: Option<String>,
    /// How many control planes it has.
    pub control_planes: i64,
    /// How many workers it has.
    pub workers: i64,
    /// Its machines, where they are named.
    pub machines: Vec<Machine>,
    /// Its units.
    pub units: Vec<UnitNode>,
    /// The longest chain of units that wait for each other, the first to come up first.
    pub longest: Vec<String>,
    /// How often Flux asks again whether what is waited for is ready, in seconds.
    pub requeue: u64,
}

/// A machine that the spec names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// Its name.
    pub name: String,
    /// Control plane or worker.
    pub role: String,
    /// Its address.
    pub address: Option<String>,
}

/// A unit: what is reconciled together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitNode {
    /// Its name.
    pub name: String,
    /// The component that it belongs to.
    pub component: Option<String>,
    /// How far down the line of who makes what: 0 for what a fresh API server takes.
    pub wave: usize,
    /// How many units come up one after the other before it can: 0 for those that wait for nothing.
    pub level: usize,
    /// How many files are in it, objects and sealed ones.
    pub objects: usize,
    /// What it waits for.
    pub after: Vec<Edge>,
}

/// A unit that is waited for, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Its name.
    pub unit: String,
    /// What would fail without it, in words.
    pub because: Vec<String>,
}

impl ClusterGraph {
    /// Whether two units follow each other on the longest chain.
    #[must_use]
    pub fn is_on_longest(&self, first: &str, then: &str) -> bool {
        let pairs = self.longest.iter().zip(self.longest.iter().skip(1));
        pairs.into_iter().any(|(a, b)| a == first && b == then)
    }

    /// How long Flux takes at least to bring a change through the longest chain, in seconds.
    #[must_use]
    pub fn floor(&self) -> u64 {
        let links = self.longest.len().saturating_sub(1);
        self.requeue
            .saturating_mul(u64::try_from(links).unwrap_or(u64::MAX))
    }
}

/// The graph of a cluster, and what was found on the way.
#[must_use]
pub fn of(platform: &Platform, spec: &ClusterSpec) -> (ClusterGraph, Diagnostics) {
    let mut origins = Origins::extending(&platform.origins);
    let mut found = Diagnostics::default();
    let cluster = resolve_cluster(platform, spec, &mut origins, &mut found);
    let mut cx = Cx::new(&mut origins, &mut found, &platform.templates);
    let units = lower::lower(&cluster, &mut cx);
    let text = |path: &[&str]| {
        cluster
            .at(path)
            .and_then(Node::scalar_text)
            .map(String::from)
    };
    let count = |key: &str| cluster.facts.get(key).and_then(Node::as_i64).unwrap_or(0);
    let mut graph = ClusterGraph {
        name: cluster.name.to_string(),
        provider: cluster.provider().to_owned(),
        tier: text(&["tier"]),
        size: text(&["size"]),
        managed_by: text(&["managedBy"]),
        control_planes: count("controlPlanes"),
        workers: count("workers"),
        machines: machines(&cluster),
        units: units
            .iter()
            .map(|unit| node(&cluster, unit, &units, &origins))
            .collect(),
        longest: Vec::new(),
        requeue: requeue(&units),
    };
    graph.longest = levels(&mut graph.units);
    graph
        .units
        .sort_by(|a, b| (a.level, &a.name).cmp(&(b.level, &b.name)));
    (graph, found)
}

fn machines(cluster: &Cluster<'_>) -> Vec<Machine> {
    let nodes = cluster.at(&["nodes"]).map_or(&[][..], Node::entries).iter();
    nodes
        .map(|entry| {
            let address = entry.value.get("address").or(entry.value.get("addresses"));
            let address = address.map(|stated| stated.items().first().unwrap_or(stated));
            Machine {
                name: entry.key.to_string(),
                role: entry.value.str_at(&["role"]).unwrap_or("worker").to_owned(),
                address: address.and_then(Node::as_str).map(str::to_owned),
            }
        })
        .collect()
}

fn node(cluster: &Cluster<'_>, unit: &Unit, units: &[Unit], origins: &Origins) -> UnitNode {
    let component = unit.component.and_then(|at| cluster.components.get(at));
    let after = unit.after.iter().map(|(name, why)| Edge {
        unit: name.to_string(),
        because: match units.iter().find(|unit| unit.name == *name) {
            Some(before) => reasons(cluster, unit, before, *why, origins),
            None => Vec::new(),
        },
    });
    UnitNode {
        name: unit.name.to_string(),
        component: component.map(|component| component.name.to_string()),
        wave: unit.wave,
        level: 0,
        objects: unit.objects.len() + unit.sealed.len(),
        after: after.collect(),
    }
}

/// Why a unit waits for another.
fn reasons(
    cluster: &Cluster<'_>,
    unit: &Unit,
    before: &Unit,
    why: OriginId,
    origins: &Origins,
) -> Vec<String> {
    let fixed = match before.name.as_str() {
        NAMESPACES => Some("its namespace"),
        SECRETS => Some("its secrets"),
        _ => None,
    };
    if let Some(fixed) = fixed {
        return vec![fixed.to_owned()];
    }
    let of = |unit: &Unit| unit.component.and_then(|at| cluster.components.get(at));
    let maker = of(before);
    let mut because = Vec::new();
    if let Some(maker) = maker {
        let kinds = kinds(unit, of(unit));
        let brought = brought(maker)
            .into_iter()
            .filter(|kind| kinds.contains(kind));
        let names: BTreeSet<&str> = brought.map(|(_, kind)| kind).collect();
        if !names.is_empty() {
            because.push(format!("CRD {}", Vec::from_iter(names).join(", ")));
        }
        let hooks = maker.declares.get("webhooks").map_or(&[][..], Node::items);
        if !hooks.is_empty() && !because.is_empty() {
            because.push("webhook".to_owned());
        }
    }
    if because.is_empty() {
        because.push(
            match (unit.component == before.component, &*origins.get(why)) {
                (true, _) => "its own release".to_owned(),
                (false, Origin::Rule { name, .. }) => rules::words(name).to_owned(),
                (false, _) => "stated".to_owned(),
            },
        );
    }
    because
}

/// The kinds, with their groups, that a unit makes objects of: its own, and what its chart does.
fn kinds<'u>(unit: &'u Unit, component: Option<&'u Enabled<'_>>) -> BTreeSet<(&'u str, &'u str)> {
    let objects = unit.objects.iter();
    let mut kinds: BTreeSet<(&str, &str)> = objects
        .map(|object| (object.id.group.as_str(), object.id.kind.as_str()))
        .collect();
    if let Some(component) = component.filter(|_| unit.installs()) {
        let uses = component.declares.get("uses").map_or(&[][..], Node::items);
        kinds.extend(
            uses.iter()
                .filter_map(|used| Some((used.str_at(&["group"])?, used.str_at(&["kind"])?))),
        );
    }
    kinds
}

/// The kinds that a component brings.
fn brought<'u>(component: &'u Enabled<'_>) -> Vec<(&'u str, &'u str)> {
    let crds = component
        .declares
        .get("crds")
        .map_or(&[][..], Node::items)
        .iter();
    crds.flat_map(|crd| {
        let group = crd.str_at(&["group"]).unwrap_or_default();
        let kinds = crd.get("kinds").map_or(&[][..], Node::entries);
        kinds.iter().map(move |kind| (group, kind.key.as_str()))
    })
    .collect()
}

/// How often Flux asks again: what the engine is told in this cluster.
fn requeue(units: &[Unit]) -> u64 {
    let mut objects = units.iter().flat_map(|unit| &unit.objects);
    objects
        .find_map(|object| flag(&object.node))
        .unwrap_or(REQUEUE)
}

fn flag(node: &Node) -> Option<u64> {
    if let Some(text) = node.as_str() {
        // It may stand in a patch, which is a text.
        let (_, value) = text.split_once(REQUEUE_FLAG)?;
        let (seconds, _) = value.split_once('s').unwrap_or((value, ""));
        return seconds.parse().ok();
    }
    let entries = node.entries().iter().map(|entry| &entry.value);
    entries.chain(node.items()).find_map(flag)
}

/// Sets the level of each unit, and gives the longest chain.
fn levels(units: &mut [UnitNode]) -> Vec<String> {
    let mut chains: BTreeMap<String, Vec<String>> = BTreeMap::new();
    // Each round settles at least one unit, where nothing waits in a circle.
    for _ in 0..units.len() {
        for unit in units.iter() {
            let waits = unit
                .after
                .iter()
                .any(|edge| !chains.contains_key(&edge.unit));
            if waits || chains.contains_key(&unit.name) {
                continue;
            }
            let before = unit.after.iter().filter_map(|edge| chains.get(&edge.unit));
            // Of several that are as long, the first by name.
            let longest =
                before.reduce(|best, next| if next.len() > best.len() { next } else { best });
            let mut chain = longest.cloned().unwrap_or_default();
            chain.push(unit.name.clone());
            chains.insert(unit.name.clone(), chain);
        }
    }
    for unit in units.iter_mut() {
        unit.level = chains.get(&unit.name).map_or(0, |chain| chain.len() - 1);
    }
    let chains = chains.into_values();
    chains
        .reduce(|best, next| if next.len() > best.len() { next } else { best })
        .unwrap_or_default()
}
