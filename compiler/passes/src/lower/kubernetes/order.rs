//! Which unit waits for which: an edge only where the first apply would fail, and never a circle.

use super::{NAMESPACES, is_system};
use crate::lower::Cx;
use crate::lower::units::Unit;
use crate::resolve::cluster::Cluster;
use std::collections::{BTreeMap, BTreeSet};
use syntax::{Diagnostic, Origin, OriginId, Text};

/// The longest chain of units that is not worth a word: each link costs a reconcile.
const DEPTH: usize = 4;

/// The first unit of a component that puts something into a namespace of ours waits for it; the component's next units
/// wait for that one.
pub fn after_namespaces(cluster: &Cluster<'_>, units: &mut [Unit], because: OriginId) {
    let mut done: BTreeSet<usize> = BTreeSet::new();
    for unit in units.iter_mut() {
        let Some((at, component)) = unit
            .component
            .and_then(|at| Some((at, cluster.components.get(at)?)))
        else {
            continue;
        };
        let home = component.namespace_name().filter(|_| unit.installs());
        let objects = unit
            .objects
            .iter()
            .map(|object| object.id.namespace.as_str());
        let waits = home
            .into_iter()
            .chain(objects)
            .any(|namespace| !namespace.is_empty() && !is_system(namespace));
        if waits && done.insert(at) {
            unit.after.insert(NAMESPACES.into(), because);
        }
    }
}

/// Drops edges to units that don't exist, reports circles, and says where the chain is long.
pub fn check(cluster: &Cluster<'_>, units: &mut [Unit], cx: &mut Cx<'_>) {
    let names: BTreeSet<Text> = units.iter().map(|unit| unit.name.clone()).collect();
    for unit in units.iter_mut() {
        unit.after.retain(|name, _| names.contains(name));
    }
    let mut left: BTreeMap<&Text, &Unit> = units.iter().map(|unit| (&unit.name, unit)).collect();
    let mut chains: BTreeMap<&Text, Vec<&Text>> = BTreeMap::new();
    while !left.is_empty() {
        let ready: Vec<&Text> = left
            .iter()
            .filter(|(_, unit)| unit.after.keys().all(|name| !left.contains_key(name)))
            .map(|(name, _)| *name)
            .collect();
        if ready.is_empty() {
            circle(&left, cx);
            return;
        }
        for name in ready {
            let Some(unit) = left.remove(name) else {
                continue;
            };
            if unit.slow {
                continue;
            }
            let before = unit.after.keys().filter_map(|name| chains.get(name));
            let mut chain = before
                .max_by_key(|chain| chain.len())
                .cloned()
                .unwrap_or_default();
            chain.push(name);
            chains.insert(name, chain);
        }
    }
    let longest = chains
        .into_values()
        .max_by_key(Vec::len)
        .unwrap_or_default();
    if longest.len() > DEPTH {
        let path: Vec<&str> = longest.iter().map(|name| name.as_str()).collect();
        cx.found.add(
            Diagnostic::note(
                "deep-units",
                format!(
                    "{} units wait for each other: {}",
                    path.len(),
                    path.join(" -> ")
                ),
            )
            .at(cx.origins.place(cluster.because), "in this cluster")
            .help(format!(
                "a rollout is quickest at {DEPTH} or less: see what the last ones wait for"
            )),
        );
    }
}

/// Reports the units that wait for each other in a circle, and for each what it waits for the next one for.
fn circle(left: &BTreeMap<&Text, &Unit>, cx: &mut Cx<'_>) {
    let mut path: Vec<&Text> = Vec::new();
    let mut next = left.keys().next().copied();
    while let Some(name) = next.filter(|name| !path.contains(name)) {
        path.push(name);
        next = left
            .get(name)
            .and_then(|unit| unit.after.keys().find(|after| left.contains_key(after)));
    }
    let Some(first) = next else { return };
    let start = path.iter().position(|name| *name == first).unwrap_or(0);
    path.drain(..start);
    path.push(first);
    let names: Vec<&str> = path.iter().map(|name| name.as_str()).collect();
    let message = format!(
        "units wait for each other in a circle: {}",
        names.join(" -> ")
    );
    let mut problem = Diagnostic::error("unit-cycle", message);
    for (name, before) in path.iter().zip(path.iter().skip(1)) {
        let edge = left.get(name).and_then(|unit| unit.after.get(*before));
        // An edge reads what selects the other unit's component, and then what is used of it.
        let used = edge.and_then(|edge| match &*cx.origins.get(*edge) {
            Origin::Rule { reads, .. } => reads.last().copied(),
            Origin::Span(_) | Origin::Expr { .. } | Origin::Merged { .. } | Origin::Unknown => {
                Some(*edge)
            }
        });
        let used = used.and_then(|used| cx.origins.place(used));
        problem = problem.at(used, format!("for this `{name}` waits for `{before}`"));
    }
    cx.found
        .add(problem.help("move the objects that close the circle to a component of their own"));
}
