//! What Kustomizations and HelmReleases are made from: that it is there, of that kind and in that namespace.

use super::{Look, items};
use crate::lint::clusters::{Cluster, id};
use crate::lint::flux::{self, Looks};
use crate::lint::kustomize::nothing;
use crate::lint::schema::{has_hole, title};
use std::collections::BTreeMap;
use syntax::{Diagnostic, Node};

/// Every source of a cluster, by name: its kind and namespace.
type Known<'c> = BTreeMap<&'c str, Vec<(&'c str, String)>>;

/// Judges a cluster.
pub(super) fn check(look: &mut Look<'_>, cluster: &Cluster) {
    for unit in &cluster.units {
        if let (Looks::Missing(folder), Some(at)) = (&unit.looks, unit.node.at(&["spec", "path"])) {
            look.add(nothing(look.repo, at, folder));
        }
    }
    let mut known: Known<'_> = BTreeMap::new();
    let mut open = Vec::new();
    for (_, _, item) in items(cluster) {
        let group = flux::group_of(&item.node);
        if group == flux::SOURCE || group.starts_with("source.extensions") {
            let kind = item.node.str_at(&["kind"]).unwrap_or_default();
            let name = item.node.str_at(&["metadata", "name"]).unwrap_or_default();
            let namespace = id(&item.node).0;
            if has_hole(name) || has_hole(&namespace) {
                open.push(kind);
            }
            let artifacts = item
                .node
                .at(&["spec", "artifacts"])
                .map_or(&[][..], Node::items);
            for name in artifacts.iter().filter_map(|it| it.str_at(&["name"])) {
                let artifact = ("ExternalArtifact", namespace.clone());
                known.entry(name).or_default().push(artifact);
            }
            known.entry(name).or_default().push((kind, namespace));
        }
    }
    if look.generates(cluster) || !cluster.is_known {
        return;
    }
    for (_, _, item) in items(cluster) {
        let node = &item.node;
        let places: &[&[&str]] = if flux::is(node, flux::HELM, "HelmRelease") {
            &[
                &["spec", "chart", "spec", "sourceRef"],
                &["spec", "chartRef"],
            ]
        } else if flux::is_kustomization(node) {
            &[&["spec", "sourceRef"]]
        } else {
            &[]
        };
        let sources = places.iter().filter_map(|path| node.at(path));
        // One whose name is filled in may be the one that is meant.
        let is_open = |it: &&Node| {
            it.str_at(&["kind"])
                .is_some_and(|kind| open.contains(&kind))
        };
        for source in sources.filter(|it| !is_open(it)) {
            judge(look, node, source, &known);
        }
    }
}

fn judge(look: &mut Look<'_>, node: &Node, source: &Node, known: &Known<'_>) {
    let text = |key: &str| source.str_at(&[key]).filter(|text| !text.is_empty());
    let (Some(kind), Some(name)) = (text("kind"), text("name")) else {
        return;
    };
    let own = id(node).0;
    let namespace = text("namespace").unwrap_or(&own);
    let at = source.get("name").unwrap_or(source);
    let is_open = namespace.is_empty() || has_hole(namespace) || has_hole(name);
    if is_open || has_hole(look.repo.written(at.origin())) {
        return;
    }
    // What nothing here is called may come from elsewhere.
    let Some(others) = known.get(name) else {
        return;
    };
    if others
        .iter()
        .any(|(k, n)| *k == kind && (n == namespace || n.is_empty() || has_hole(n)))
    {
        return;
    }
    let (label, help) = match others.iter().find(|(other, _)| *other == kind) {
        Some((_, other)) => (
            format!("no {kind} of this name in `{namespace}`"),
            format!("it is in the namespace `{other}`: say so with `namespace:`"),
        ),
        None => {
            let other = others.first().map_or("", |(other, _)| other);
            (
                format!("no {kind} has this name"),
                format!("there is a {other} of this name"),
            )
        }
    };
    let message = format!(
        "{} is made from {kind} `{name}`, which does not exist",
        title(node)
    );
    let problem = Diagnostic::error("wrong-source", message);
    look.add(problem.at(look.repo.place(at.origin()), label).help(help));
}
