//! Objects whose kind another Kustomization brings: they wait for it, or their first apply fails.

use super::{Look, items};
use crate::lint::clusters::Cluster;
use crate::lint::flux;
use crate::lint::schema::title;
use std::collections::{BTreeMap, BTreeSet};
use syntax::{Diagnostic, Node};

/// Judges a cluster.
pub(super) fn check(look: &mut Look<'_>, cluster: &Cluster) {
    let mut makers: BTreeMap<(&str, &str), BTreeSet<usize>> = BTreeMap::new();
    for (at, _, item) in items(cluster) {
        let node = &item.node;
        let text = |path: &[&str]| node.str_at(path).unwrap_or_default();
        if text(&["kind"]) == "CustomResourceDefinition" {
            let kind = (text(&["spec", "group"]), text(&["spec", "names", "kind"]));
            makers.entry(kind).or_default().insert(at);
        }
    }
    let mut told = BTreeSet::new();
    let mut known: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (at, unit, item) in items(cluster) {
        let node = &item.node;
        let kind = (
            flux::group_of(node),
            node.str_at(&["kind"]).unwrap_or_default(),
        );
        let Some(makers) = makers.get(&kind) else {
            continue;
        };
        let before = known.entry(at).or_insert_with(|| before(cluster, at));
        let first = makers.first().and_then(|maker| cluster.units.get(*maker));
        let Some(maker) = first.filter(|_| makers.is_disjoint(before)) else {
            continue;
        };
        // One word for each pair of Kustomizations is enough.
        if told.insert((at, &maker.id)) {
            let message = format!(
                "{} is applied by `{}`, which does not wait for `{}`, where its kind is defined",
                title(node),
                unit.id.1,
                maker.id.1
            );
            let problem = Diagnostic::warning("custom-resource-before-its-definition", message)
                .at(look.name_of(node), "its kind may not be there yet");
            look.add(problem.help(format!(
                "add `{}` to `dependsOn` of `{}`",
                maker.id.1, unit.id.1
            )));
        }
    }
}

/// A unit and everything that is applied before it: what it waits for, and what applies it.
fn before(cluster: &Cluster, at: usize) -> BTreeSet<usize> {
    let mut all = BTreeSet::new();
    let mut queue = vec![at];
    while let Some(next) = queue.pop() {
        if !all.insert(next) {
            continue;
        }
        let Some(unit) = cluster.units.get(next) else {
            continue;
        };
        queue.extend(unit.parent);
        let after = unit
            .node
            .at(&["spec", "dependsOn"])
            .map_or(&[][..], Node::items);
        for entry in after {
            let name = entry.str_at(&["name"]).unwrap_or_default();
            let namespace = entry.str_at(&["namespace"]).unwrap_or(&unit.id.0);
            let same = |id: &(String, String)| id.0 == namespace && id.1 == name;
            queue.extend(cluster.units.iter().position(|unit| same(&unit.id)));
        }
    }
    all
}
