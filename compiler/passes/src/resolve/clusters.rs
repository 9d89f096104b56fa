//! The clusters that a spec names: one by one, and by templates.

use super::rows::{self, Row};
use std::collections::BTreeMap;
use syntax::{Diagnostic, Diagnostics, Entry, Node, OriginId, Origins, Text};

/// A cluster as it was said: the levels that make it.
#[derive(Clone, Debug)]
pub struct ClusterSpec {
    /// Its name.
    pub name: Text,
    /// Where the name stands.
    pub name_origin: OriginId,
    /// Whether it is a row of a template.
    pub templated: bool,
    /// Its own layers, the more specific last.
    pub layers: Vec<Node>,
}

impl ClusterSpec {
    /// What its own layers say, the more specific first.
    #[must_use]
    pub fn stated(&self, key: &str) -> Option<&Node> {
        self.layers.iter().rev().find_map(|layer| layer.get(key))
    }
}

/// The clusters of the spec: templates expanded, entries with a row's name laid over that row.
pub(super) fn clusters(
    spec: &Node,
    tables: &BTreeMap<Text, Node>,
    origins: &mut Origins,
    found: &mut Diagnostics,
) -> Vec<ClusterSpec> {
    let mut clusters: BTreeMap<Text, ClusterSpec> = BTreeMap::new();
    let mut plain = Vec::new();
    for entry in spec.get("clusters").map_or(&[][..], Node::entries) {
        let Some(rows) = rows::expand(entry, tables, origins, found) else {
            plain.push(entry);
            continue;
        };
        for cluster in of_template(entry, rows) {
            let (name, here) = (cluster.name.clone(), cluster.name_origin);
            if let Some(other) = clusters.insert(name.clone(), cluster) {
                let message = format!("two templates make a cluster `{name}`");
                found.add(
                    Diagnostic::error("duplicate-cluster", message)
                        .at(origins.place(here), "made here")
                        .at(origins.place(other.name_origin), "and here"),
                );
            }
        }
    }
    for entry in plain {
        let layer = entry.value.clone();
        match clusters.get_mut(&entry.key) {
            Some(row) => row.layers.push(layer),
            None => {
                let name = entry.key.clone();
                let cluster = ClusterSpec {
                    name: name.clone(),
                    name_origin: entry.key_origin,
                    templated: false,
                    layers: vec![layer],
                };
                clusters.insert(name, cluster);
            }
        }
    }
    clusters.into_values().collect()
}

/// The clusters that a template's rows make.
fn of_template(entry: &Entry, rows: Vec<Row>) -> impl Iterator<Item = ClusterSpec> {
    let mut template = entry.value.clone();
    if let Some(map) = template.as_map_mut() {
        map.remove("from");
    }
    rows.into_iter().map(move |row| ClusterSpec {
        name: row.name,
        name_origin: row.name_origin,
        templated: true,
        layers: std::iter::once(template.clone()).chain(row.layer).collect(),
    })
}

/// Each cluster's tier must exist.
pub(super) fn check_tiers(
    clusters: &[ClusterSpec],
    levels: &BTreeMap<Text, Node>,
    origins: &Origins,
    found: &mut Diagnostics,
) {
    for cluster in clusters {
        for tier in cluster.layers.iter().filter_map(|layer| layer.get("tier")) {
            let Some(name) = tier.as_str() else { continue };
            if levels.contains_key(name) {
                continue;
            }
            let place = origins.place(tier.origin());
            let near = syntax::suggest::nearest(name, levels.keys().map(Text::as_str));
            let known: Vec<&str> = levels.keys().map(Text::as_str).collect();
            let mut problem =
                Diagnostic::error("unknown-tier", format!("there is no tier `{name}`"))
                    .at(place, "not under `tiers`");
            problem = match near {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None if known.is_empty() => {
                    problem.help("state it under `tiers:`, or leave `tier` out")
                }
                None => problem.help(format!("there are: {}", known.join(", "))),
            };
            if let (Some(near), Some(span)) = (near, place) {
                problem = problem.fix(span, near);
            }
            found.add(problem);
        }
    }
}
