//! `dependsOn`: that it names something, and that nothing waits for itself.

use super::Look;
use crate::lint::clusters::{Cluster, id};
use crate::lint::flux;
use crate::lint::schema::has_hole;
use std::collections::{BTreeMap, BTreeSet};
use syntax::{Diagnostic, Node};

/// Something that may wait.
struct Waiter<'c> {
    node: &'c Node,
    id: (String, String),
    /// What it waits for, and where that is said.
    after: Vec<((String, String), &'c Node)>,
}

/// Judges a cluster.
pub(super) fn check(look: &mut Look<'_>, cluster: &Cluster) {
    for (group, kind) in [
        (flux::KUSTOMIZE, "Kustomization"),
        (flux::HELM, "HelmRelease"),
    ] {
        let nodes = cluster.units.iter().flat_map(|unit| &unit.items);
        let inside = nodes
            .map(|item| &item.node)
            .filter(|node| flux::is(node, group, kind));
        let roots = cluster.units.iter().filter(|unit| unit.parent.is_none());
        let roots = roots
            .map(|unit| &unit.node)
            .filter(|node| flux::is(node, group, kind));
        let waiters: Vec<Waiter<'_>> = inside.chain(roots).map(waiter).collect();
        let known: BTreeMap<&(String, String), &Waiter<'_>> =
            waiters.iter().map(|waiter| (&waiter.id, waiter)).collect();
        // What others generate is not seen from here.
        if cluster.is_known && !look.generates(cluster) {
            for waiter in &waiters {
                dangling(look, kind, waiter, &known);
            }
        }
        cycles(look, kind, &known);
    }
}

fn waiter(node: &Node) -> Waiter<'_> {
    let own = id(node);
    let after = node.at(&["spec", "dependsOn"]).map_or(&[][..], Node::items);
    let after = after.iter().filter_map(|entry| {
        let name = entry.str_at(&["name"])?.to_owned();
        let namespace = entry.str_at(&["namespace"]).filter(|it| !it.is_empty());
        let namespace = namespace.map_or_else(|| own.0.clone(), str::to_owned);
        Some(((namespace, name), entry))
    });
    Waiter {
        node,
        after: after.collect(),
        id: own,
    }
}

fn dangling(
    look: &mut Look<'_>,
    kind: &str,
    waiter: &Waiter<'_>,
    known: &BTreeMap<&(String, String), &Waiter<'_>>,
) {
    // One whose name is filled in may be the one that is meant.
    let is_filled = |namespace: &str| {
        let mut open = known.keys().filter(|(_, name)| has_hole(name));
        open.any(|(other, _)| other == namespace || has_hole(other))
    };
    for (id, entry) in &waiter.after {
        let (namespace, name) = id;
        let is_open = has_hole(namespace) || has_hole(name) || namespace.is_empty();
        let is_open = is_open || is_filled(namespace);
        let written = look
            .repo
            .written(entry.get("name").unwrap_or(entry).origin());
        if is_open || has_hole(written) || known.contains_key(id) {
            continue;
        }
        let others = known.keys().filter(|(_, other)| other == name);
        let others: Vec<String> = others
            .map(|(namespace, _)| format!("`{namespace}`"))
            .collect();
        let (label, help) = match others.as_slice() {
            [] => {
                let names = known.keys().map(|(_, name)| name.as_str());
                let help = match syntax::suggest::nearest(name, names) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "it never becomes ready: name what there is, or take it out".to_owned(),
                };
                ("there is none of this name".to_owned(), help)
            }
            others => (
                format!("there is none of this name in `{namespace}`"),
                format!(
                    "it is in the namespace {}: say so with `namespace:`",
                    others.join(", ")
                ),
            ),
        };
        let at = entry.get("name").unwrap_or(entry).origin();
        let message = format!(
            "{kind} `{}` waits for `{name}`, which does not exist",
            waiter.id.1
        );
        let problem = Diagnostic::error("dangling-dependency", message);
        look.add(problem.at(look.repo.place(at), label).help(help));
    }
}

/// Tells of every ring of what waits for each other, once.
fn cycles(look: &mut Look<'_>, kind: &str, known: &BTreeMap<&(String, String), &Waiter<'_>>) {
    let mut done = BTreeSet::new();
    for start in known.keys() {
        let mut path: Vec<&(String, String)> = Vec::new();
        if let Some(ring) = ring(start, known, &mut path, &mut done) {
            let names: Vec<&str> = ring.iter().map(|(_, name)| name.as_str()).collect();
            let Some(first) = names.first() else { continue };
            let message = format!(
                "each {kind} of these waits for the next: {} -> {first}",
                names.join(" -> ")
            );
            let mut problem = Diagnostic::error("dependency-cycle", message);
            for (at, id) in ring.iter().enumerate() {
                let next = ring.get(at + 1).or(ring.first());
                let waiter = known.get(id);
                let entry = waiter.and_then(|it| it.after.iter().find(|(id, _)| Some(&id) == next));
                let place = entry.and_then(|(_, entry)| look.repo.place(entry.origin()));
                let place = place.or_else(|| look.repo.place(waiter?.node.origin()));
                problem = problem.at(place, format!("`{}` waits here", id.1));
            }
            look.add(problem.help("none of them ever becomes ready: take one of the steps out"));
        }
    }
}

/// The first ring on the way from a place that was not seen before.
fn ring<'k>(
    at: &'k (String, String),
    known: &BTreeMap<&'k (String, String), &'k Waiter<'k>>,
    path: &mut Vec<&'k (String, String)>,
    done: &mut BTreeSet<&'k (String, String)>,
) -> Option<Vec<&'k (String, String)>> {
    if let Some(from) = path.iter().position(|seen| *seen == at) {
        return path.get(from..).map(<[_]>::to_vec);
    }
    if !done.insert(at) {
        return None;
    }
    path.push(at);
    let after = known.get(at).map_or(&[][..], |waiter| &waiter.after);
    let found = after.iter().find_map(|(id, _)| {
        let (id, _) = known.get_key_value(id)?;
        ring(id, known, path, done)
    });
    path.pop();
    found
}
