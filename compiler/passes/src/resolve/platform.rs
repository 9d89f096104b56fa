//! The platform: the levels above the clusters, merged, and the clusters, counted.

use crate::apps::{self, Apps, Patterns};
use crate::component::Component;
use crate::load::Loaded;
use crate::lower::Templates;
use crate::rules::OwnRule;
use crate::sealed::{self, Sealed};

use super::choice::spelt_out;
use super::clusters::{ClusterSpec, check_tiers, clusters};
use super::managers::{Managers, managers};
use super::{check, cluster};
use model::library::Library;
use std::collections::BTreeMap;
use std::sync::Arc;
use syntax::merge::{MergeRules, merge};
use syntax::{Diagnostics, Map, Node, Origins, Sources, Span, Text};

/// The keys of the spec that are no settings.
const HEAD: [&str; 7] = [
    "apiVersion",
    "kind",
    "name",
    "profile",
    "tiers",
    "clusters",
    "apps",
];

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
    /// Which of them make which others.
    pub managers: Managers,
    /// The apps and where they run.
    pub apps: Apps,
    /// The patterns of apps.
    pub patterns: Patterns,
    /// Sealed files by cluster.
    pub sealed: BTreeMap<Text, Vec<Sealed>>,
    /// For whom SOPS seals.
    pub sops: Option<Node>,
    /// The path of the spec's folder inside its Git repository.
    pub repository_path: Option<String>,
    /// The profiles there are.
    pub profiles: Vec<String>,
    /// The compiled shapes of the targets.
    pub templates: Templates,
    /// The rules that the project brings itself, by id.
    pub own_rules: Vec<OwnRule>,
    /// The day, where it matters: exceptions to rules end. `build` knows none, so its output depends on none.
    pub today: Option<String>,
    levels: BTreeMap<Text, Node>,
    platform: Node,
}

impl Platform {
    /// Whether a person can edit the place: it is in the project, not in the library.
    #[must_use]
    pub fn is_editable(&self, place: Span) -> bool {
        let source = self.sources.get(place.file);
        source.is_some_and(|source| !source.name().starts_with('<'))
    }
}

/// The rules by which levels merge: what users add to what others said is appended.
#[must_use]
pub fn level_rules() -> MergeRules {
    MergeRules::appending(&[
        "components/*/patches",
        "components/*/objects",
        "components/*/rules/*/except",
        "rules/*/except",
        "machine/patches",
        "roles/*/patches",
        "nodes/*/patches",
    ])
}

/// Merges the levels above the clusters and counts the clusters.
pub fn resolve(loaded: Loaded, found: &mut Diagnostics) -> Option<Platform> {
    let Loaded {
        sources,
        mut origins,
        spec,
        defaults,
        profile,
        versions,
        components,
        sealed,
        sops,
        tables,
        repository_path,
        profiles,
        patterns,
        shapes,
        own_rules,
        today,
    } = loaded;
    let spec = spec?;
    let name: Text = spec.str_at(&["name"]).unwrap_or_default().into();
    let below = [defaults, profile, versions];
    let (platform, levels) = levels(&spec, below, &mut origins, found);
    let clusters = clusters(&spec, &tables, &mut origins, found);
    check_tiers(&clusters, &levels, &origins, found);
    let names: Vec<&str> = clusters
        .iter()
        .map(|cluster| cluster.name.as_str())
        .collect();
    sealed::check_clusters(&sealed, &names, found);
    check::ids(&clusters, &origins, found);
    check::neighbours(&clusters, &origins, found);
    let managers = managers(&clusters, &origins, found);
    let around = apps::Around {
        clusters: &clusters,
        domain: platform.get("domain"),
        patterns: &patterns,
    };
    let apps = apps::place(&spec, &around, &mut origins, found);
    Some(Platform {
        name,
        spec,
        sources,
        origins: Arc::new(origins),
        components,
        clusters,
        managers,
        apps,
        patterns,
        sealed,
        sops,
        repository_path,
        profiles,
        templates: shapes,
        own_rules,
        today,
        levels,
        platform,
    })
}

/// The platform's own level, and each tier's over it.
fn levels(
    spec: &Node,
    [defaults, profile, versions]: [Node; 3],
    origins: &mut Origins,
    found: &mut Diagnostics,
) -> (Node, BTreeMap<Text, Node>) {
    let rules = level_rules();
    let mut settings = Map::default();
    let entries = spec.entries().iter();
    for entry in entries.filter(|entry| !HEAD.contains(&entry.key.as_str())) {
        settings.push(entry.clone());
    }
    let said = Node::map(settings, spec.origin());
    let mut lay = |base: Node, over: Node| merge(base, spelt_out(over), &rules, origins, found);
    let platform = [profile, versions, said]
        .into_iter()
        .fold(spelt_out(defaults), &mut lay);
    let tiers = spec.get("tiers").map_or(&[][..], Node::entries).iter();
    let levels = tiers.map(|tier| {
        let merged = lay(platform.clone(), tier.value.clone());
        (tier.key.clone(), merged)
    });
    let levels = levels.collect();
    (platform, levels)
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

impl Platform {
    /// Everything above a cluster, merged: its tier's level, or the platform's where it has no tier.
    #[must_use]
    pub fn level(&self, tier: Option<&str>) -> &Node {
        tier.and_then(|tier| self.levels.get(tier))
            .unwrap_or(&self.platform)
    }

    /// What schemas need to know of the library.
    #[must_use]
    pub fn library(&self) -> Library {
        crate::shape::library(&self.components, &self.profiles, &self.own_rules)
    }

    /// The platform's own level, for what belongs to no cluster.
    #[must_use]
    pub fn settings(&self) -> &Node {
        &self.platform
    }
}
