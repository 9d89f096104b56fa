//! A component in company: its example with every other component of the library that goes with it switched on, as their
//! examples do it, on each provider that it can be used with.

use super::super::library::Library;
use super::bench::{Bench, Built};
use super::example;
use super::subject::Subject;
use passes::component::Component;
use passes::resolve::cluster::resolve_cluster;
use std::collections::{BTreeMap, BTreeSet};
use syntax::{Diagnostic, Diagnostics, Kind, Map, Node, OriginId, Origins, Severity, print};

/// The clusters that a component is tried on where its example has another.
const CLUSTERS: [(&str, &str); 2] = [
    ("kind", include_str!("company/kind.yaml")),
    ("talos", include_str!("company/talos.yaml")),
];

/// What a spec says beside its settings.
const HEAD: [&str; 7] = [
    "apiVersion",
    "kind",
    "name",
    "profile",
    "tiers",
    "clusters",
    "domain",
];
/// What a cluster says beside its settings, and what no two clusters share.
const IDENTITY: [&str; 13] = [
    "tier",
    "provider",
    "size",
    "versions",
    "id",
    "domain",
    "machine",
    "roles",
    "nodes",
    "kind",
    "from",
    "allowSchedulingOnControlPlanes",
    "network",
];

/// A company, and what became of it.
#[derive(Debug)]
pub struct Company {
    /// The provider of its cluster.
    pub provider: String,
    /// How many others are in it.
    pub with: usize,
    /// What became of it.
    pub built: Built,
    /// Whether it fails even without others.
    pub failed: bool,
    /// Others that it does not go with, for no reason that they state.
    pub said: Vec<Diagnostic>,
}

/// Builds the companies of a component; none where it has no example.
pub fn build(subject: &Subject, library: &Library, example: Option<&str>) -> Vec<Company> {
    let Some(example) = example.and_then(example::tree) else {
        return Vec::new();
    };
    let (provider, settings) = settings(&example, library);
    let mut companies = Vec::new();
    for (other, cluster) in CLUSTERS {
        let base = match (provider == other, example::tree(cluster)) {
            (true, _) => example.clone(),
            (false, Some(mut base)) => {
                put(&mut base, "profile", example.get("profile"));
                let settings = without_misfits(settings.clone(), other, library);
                under_cluster(base, &settings)
            }
            (false, None) => continue,
        };
        let company = Gathering {
            subject,
            library,
            provider: other,
        };
        companies.extend(company.gather(base));
    }
    companies
}

/// A company while it is brought together.
struct Gathering<'a> {
    subject: &'a Subject,
    library: &'a Library,
    provider: &'a str,
}

impl Gathering<'_> {
    fn gather(&self, base: Node) -> Option<Company> {
        let alone = self.build(&base);
        let own = alone
            .platform
            .as_ref()?
            .components
            .get(self.subject.name.as_str())?;
        if !own.fits(self.provider) {
            return None;
        }
        let Some(taken) = self.taken(&alone) else {
            // It does not build alone: that is said where its example is judged, unless the cluster is another.
            return alone.found.has_errors().then(|| self.company(alone, true));
        };
        if !taken.values().any(|name| *name == self.subject.name) {
            // It can't be used with this provider, or its example chooses otherwise there.
            return None;
        }
        let others = self.others(taken);
        let whole = others.iter().fold(base.clone(), |spec, (_, settings)| {
            under_cluster(spec, settings)
        });
        let built = self.build(&whole);
        if !built.found.has_errors() {
            return Some(self.company(built, false));
        }
        Some(self.one_by_one(base, alone, others))
    }

    /// Where all together don't build: each that does is kept, each other is named.
    fn one_by_one(&self, base: Node, alone: Built, others: Vec<(String, Node)>) -> Company {
        let (mut spec, mut last, mut said) = (base, alone, Vec::new());
        for (name, settings) in others {
            let next = under_cluster(spec.clone(), &settings);
            let built = self.build(&next);
            let error = built
                .found
                .iter()
                .find(|f| f.severity == Severity::Error)
                .cloned();
            match error {
                None => (spec, last) = (next, built),
                Some(error) => said.push(
                    Diagnostic::warning(
                        "company",
                        format!(
                            "`{}` does not build together with `{name}` on {}: {}",
                            self.subject.name, self.provider, error.message
                        ),
                    )
                    .help("where they exclude each other, let both provide the same capability"),
                ),
            }
        }
        Company {
            said,
            ..self.company(last, false)
        }
    }

    fn company(&self, built: Built, failed: bool) -> Company {
        let all = self.taken(&built).unwrap_or_default();
        let names: BTreeSet<&String> = all.values().collect();
        Company {
            with: names.len().saturating_sub(1),
            provider: self.provider.to_owned(),
            built,
            failed,
            said: Vec::new(),
        }
    }

    fn build(&self, spec: &Node) -> Built {
        let bench = Bench {
            subject: self.subject,
            library: self.library,
            name: format!("<company on {}>", self.provider),
            spec: print::print(spec),
        };
        bench.build()
    }

    /// The components of the first cluster by what they provide and by name; `None` where it can't be had.
    fn taken(&self, built: &Built) -> Option<BTreeMap<String, String>> {
        let platform = built
            .platform
            .as_ref()
            .filter(|_| !built.found.has_errors())?;
        let mut taken = BTreeMap::new();
        for spec in &platform.clusters {
            let mut origins = Origins::extending(&platform.origins);
            let mut found = Diagnostics::default();
            let cluster = resolve_cluster(platform, spec, &mut origins, &mut found);
            for component in &cluster.components {
                let name = component.name.to_string();
                for provides in &component.component.provides {
                    taken.insert(provides.capability.to_string(), name.clone());
                }
                taken.insert(format!("component {name}"), name);
            }
        }
        Some(taken)
    }

    /// The others that provide nothing which is provided already, each with the settings of its example.
    fn others(&self, mut taken: BTreeMap<String, String>) -> Vec<(String, Node)> {
        let mut others = Vec::new();
        for component in self.library.components.values() {
            let name = component.name.to_string();
            let capabilities = || component.provides.iter().map(|p| p.capability.to_string());
            let own = format!("component {name}");
            if taken.contains_key(&own)
                || !component.fits(self.provider)
                || capabilities().any(|capability| taken.contains_key(&capability))
            {
                continue;
            }
            for capability in capabilities().chain([own]) {
                taken.insert(capability, name.clone());
            }
            let settings = self.settings_of(component, &taken);
            others.push((name, settings));
        }
        others
    }

    /// What switches a component on: what its example says, where that goes with what is chosen already, else its name.
    fn settings_of(&self, component: &Component, taken: &BTreeMap<String, String>) -> Node {
        let readme = self.library.text(&component.name, "README.md");
        let specs = readme
            .map(|(text, _)| example::specs(&text))
            .unwrap_or_default();
        let spec = specs.first().and_then(|spec| example::tree(spec));
        let said = spec.map(|spec| settings(&spec, self.library).1);
        let said = said.map(|said| without_misfits(said, self.provider, self.library));
        said.filter(|said| !self.chooses_otherwise(said, taken))
            .unwrap_or_else(|| {
                nested(
                    &["components", &component.name],
                    Node::bool(true, OriginId::default()),
                )
            })
    }

    /// Whether settings choose a component that provides what another provides already.
    fn chooses_otherwise(&self, said: &Node, taken: &BTreeMap<String, String>) -> bool {
        self.library.components.values().any(|component| {
            let chosen = component.provides.iter().any(|provides| {
                let path: Vec<&str> = provides.capability.split('.').collect();
                let stated = said.at(&path);
                let stated = stated.map(|node| node.get("engine").unwrap_or(node));
                stated.and_then(Node::as_str) == Some(&*provides.choice)
            });
            let elsewhere = |capability: &str| {
                taken
                    .get(capability)
                    .is_some_and(|name| *name != *component.name)
            };
            chosen
                && component
                    .provides
                    .iter()
                    .any(|provides| elsewhere(&provides.capability))
        })
    }
}

/// The provider of a spec's first cluster, and what the spec and that cluster set that another could as well.
fn settings(spec: &Node, library: &Library) -> (String, Node) {
    let empty = || Node::map(Map::default(), OriginId::default());
    let clusters = spec.get("clusters").map_or(&[][..], Node::entries);
    let cluster = clusters.first().map(|entry| entry.value.clone());
    let cluster = cluster.unwrap_or_else(empty);
    let network = lay(network(spec, library), network(&cluster, library));
    let plain = lay(without(spec, &HEAD), without(&cluster, &IDENTITY));
    let provider = cluster.str_at(&["provider"]).unwrap_or_default().to_owned();
    (provider, lay(without(&plain, &["network"]), network))
}

/// The choices below `network`: all else there is one cluster's own.
fn network(level: &Node, library: &Library) -> Node {
    let provides = library
        .components
        .values()
        .flat_map(|component| &component.provides);
    let mut settings = Node::map(Map::default(), OriginId::default());
    for provides in provides {
        let path: Vec<&str> = provides.capability.split('.').collect();
        if path.first() == Some(&"network")
            && let Some(value) = level.at(&path)
        {
            settings = lay(settings, nested(&path, value.clone()));
        }
    }
    settings
}

/// Settings without the choices that can't be had on a provider.
fn without_misfits(mut said: Node, provider: &str, library: &Library) -> Node {
    let components = || library.components.values();
    for provides in components().flat_map(|component| &component.provides) {
        let path: Vec<&str> = provides.capability.split('.').collect();
        let chosen = said.at(&path).and_then(Node::as_str) == Some(&*provides.choice);
        let able = |c: &Component| {
            let serves = c.provides(&provides.capability);
            let same = serves.is_some_and(|p| p.choice == provides.choice);
            same && c.fits(provider)
        };
        if chosen && !components().any(able) {
            said = lay(said, nested(&path, Node::bool(false, OriginId::default())));
        }
    }
    said
}

/// A map without these keys.
fn without(node: &Node, keys: &[&str]) -> Node {
    let mut map = Map::default();
    for entry in node.entries() {
        if !keys.contains(&entry.key.as_str()) {
            map.push(entry.clone());
        }
    }
    Node::map(map, OriginId::default())
}

/// A value at a path of keys.
fn nested(path: &[&str], value: Node) -> Node {
    path.iter().rev().fold(value, |below, key| {
        let mut map = Map::default();
        map.set(*key, OriginId::default(), below);
        Node::map(map, OriginId::default())
    })
}

/// Settings below those of the spec's first cluster, which win.
fn under_cluster(mut spec: Node, settings: &Node) -> Node {
    let top = without(&spec, &HEAD);
    let first = spec
        .as_map_mut()
        .and_then(|map| map.get_mut("clusters"))
        .and_then(Node::as_map_mut)
        .and_then(|clusters| clusters.entries_mut().first_mut());
    if let Some(cluster) = first {
        // What the top of the spec says would else be hidden by what is put into the cluster.
        let own = lay(top, cluster.value.clone());
        let domain = Node::string("company.example.org", OriginId::default());
        let settings = lay(nested(&["domain"], domain), settings.clone());
        cluster.value = lay(settings, own);
    }
    spec
}

/// Maps by key, all else replaced.
fn lay(base: Node, over: Node) -> Node {
    match (base.into_kind(), over.kind()) {
        (Kind::Map(mut below), Kind::Map(above)) => {
            for entry in above.entries() {
                let value = match below.remove(&entry.key) {
                    Some(base) => lay(base.value, entry.value.clone()),
                    None => entry.value.clone(),
                };
                below.set(entry.key.clone(), entry.key_origin, value);
            }
            Node::map(below, over.origin())
        }
        (_, _) => over,
    }
}

fn put(node: &mut Node, key: &str, value: Option<&Node>) {
    if let (Some(map), Some(value)) = (node.as_map_mut(), value) {
        map.set(key, OriginId::default(), value.clone());
    }
}
