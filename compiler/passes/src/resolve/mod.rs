//! The spec's five levels become a platform: levels merged, clusters counted, nothing lowered yet.

mod check;
pub mod cluster;
mod derive;
pub mod rows;
pub mod select;
pub mod selector;

use crate::component::Component;
use crate::load::{Loaded, Sealed};
use crate::lower::Templates;
use model::library::Library;
use rows::Row;
use std::collections::BTreeMap;
use std::sync::Arc;
use syntax::merge::{MergeRules, merge};
use syntax::{Diagnostic, Diagnostics, Map, Node, OriginId, Origins, Sources, Text};

/// The keys of the spec that are no settings.
const HEAD: [&str; 6] = ["apiVersion", "kind", "name", "profile", "tiers", "clusters"];

/// Everything decided above the clusters. Frozen; cells read it.
#[derive(Debug)]
pub struct Platform {
    /// The platform's name.
    pub name: Text,
    /// The whole spec, as it was said.
    pub spec: Node,
    /// The texts.
    pub sources: Sources,
    /// The frozen origins that each cell extends.
    pub origins: Arc<Origins>,
    /// The library.
    pub components: BTreeMap<Text, Component>,
    /// The clusters, by name.
    pub clusters: Vec<ClusterSpec>,
    /// Sealed files by cluster.
    pub sealed: BTreeMap<Text, Vec<Sealed>>,
    /// The path of the spec's folder inside its Git repository.
    pub repository_path: Option<String>,
    /// The profiles there are.
    pub profiles: Vec<String>,
    /// The compiled shapes of the targets.
    pub templates: Templates,
    levels: BTreeMap<Text, Arc<Node>>,
    platform: Arc<Node>,
}

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
    pub layers: Vec<Arc<Node>>,
}

/// The rules by which levels merge: what users add to what others said is appended.
#[must_use]
pub fn level_rules() -> MergeRules {
    MergeRules::appending(&[
        "components/*/patches",
        "components/*/objects",
        "machine/patches",
        "roles/*/patches",
        "nodes/*/patches",
    ])
}

/// Merges the levels above the clusters and counts the clusters.
pub fn resolve(loaded: Loaded, found: &mut Diagnostics) -> Option<Platform> {
    let Loaded {
        mut sources,
        mut origins,
        spec,
        defaults,
        profile,
        versions,
        components,
        sealed,
        tables,
        repository_path,
        profiles,
        ..
    } = loaded;
    let spec = spec?;
    let name: Text = spec.str_at(&["name"]).unwrap_or_default().into();
    let rules = level_rules();
    let mut settings = Map::default();
    for entry in spec
        .entries()
        .iter()
        .filter(|entry| !HEAD.contains(&entry.key.as_str()))
    {
        settings.push(entry.clone());
    }
    let said = Node::map(settings, spec.origin());
    let platform = [profile, versions, said]
        .into_iter()
        .fold(defaults, |base, over| {
            merge(base, over, &rules, &mut origins, found)
        });
    let mut levels = BTreeMap::new();
    for tier in spec.get("tiers").map_or(&[][..], Node::entries) {
        let merged = merge(
            platform.clone(),
            tier.value.clone(),
            &rules,
            &mut origins,
            found,
        );
        levels.insert(tier.key.clone(), Arc::new(merged));
    }
    let clusters = clusters(&spec, &tables, &mut origins, found);
    check_tiers(&clusters, &levels, &origins, found);
    check::ids(&clusters, &origins, found);
    check::neighbours(&clusters, &origins, found);
    let templates = Templates::load(&mut sources, &mut origins, found);
    Some(Platform {
        name,
        spec,
        sources,
        origins: Arc::new(origins),
        components,
        clusters,
        sealed,
        repository_path,
        profiles,
        templates,
        levels,
        platform: Arc::new(platform),
    })
}

/// The clusters of the spec: templates expanded, entries with a row's name laid over that row.
fn clusters(
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
        let mut template = entry.value.clone();
        if let Some(map) = template.as_map_mut() {
            map.remove("from");
        }
        let template = Arc::new(template);
        for Row {
            name,
            name_origin,
            layer,
        } in rows
        {
            let layers = std::iter::once(Arc::clone(&template))
                .chain(layer.map(Arc::new))
                .collect();
            let cluster = ClusterSpec {
                name: name.clone(),
                name_origin,
                templated: true,
                layers,
            };
            if let Some(other) = clusters.insert(name.clone(), cluster) {
                found.add(
                    Diagnostic::error(
                        "duplicate-cluster",
                        format!("two templates make a cluster `{name}`"),
                    )
                    .at(origins.place(name_origin), "made here")
                    .at(origins.place(other.name_origin), "and here"),
                );
            }
        }
    }
    for entry in plain {
        let layer = Arc::new(entry.value.clone());
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

/// How many clusters are looked at for more errors, once there is one.
const EXPLORED: usize = 64;

/// What else is wrong in the clusters of a platform that can't be built anyway, so that all errors come in one run.
pub fn explore(platform: &Platform, found: &mut Diagnostics) {
    for spec in platform.clusters.iter().take(EXPLORED) {
        let mut origins = Origins::extending(&platform.origins);
        cluster::decided(platform, spec, &mut origins, found);
    }
}

/// Each cluster's tier must exist.
fn check_tiers(
    clusters: &[ClusterSpec],
    levels: &BTreeMap<Text, Arc<Node>>,
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

impl Platform {
    /// Everything above a cluster, merged: its tier's level, or the platform's where it has no tier.
    #[must_use]
    pub fn level(&self, tier: Option<&str>) -> &Arc<Node> {
        tier.and_then(|tier| self.levels.get(tier))
            .unwrap_or(&self.platform)
    }

    /// What schemas need to know of the library.
    #[must_use]
    pub fn library(&self) -> Library {
        crate::shape::library(&self.components, &self.profiles)
    }

    /// The platform's own level, for what belongs to no cluster.
    #[must_use]
    pub fn settings(&self) -> &Node {
        &self.platform
    }
}
