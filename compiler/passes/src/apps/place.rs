//! Each environment of each app, with the app's word below its own, and the clusters that it selects.

use super::{Apps, Instance, Patterns, Place, check, host};
use crate::resolve::ClusterSpec;
use crate::resolve::selector::Selector;
use std::collections::BTreeMap;
use syntax::merge::{MergeRules, merge};
use syntax::{Diagnostic, Diagnostics, Entry, Map, Node, OriginId, Origins, Text};

/// What apps are placed among.
pub struct Around<'a> {
    /// The clusters.
    pub clusters: &'a [ClusterSpec],
    /// The platform's domain.
    pub domain: Option<&'a Node>,
    /// The patterns.
    pub patterns: &'a Patterns,
}

/// Places the apps of a spec.
pub fn place(
    spec: &Node,
    around: &Around<'_>,
    origins: &mut Origins,
    found: &mut Diagnostics,
) -> Apps {
    let mut apps = Apps::default();
    for entry in spec.get("apps").map_or(&[][..], Node::entries) {
        if entry.value.as_map().is_some() {
            apps.instances.extend(instances(entry, origins, found));
        }
    }
    for instance in &apps.instances {
        check::instance(instance, around.patterns, origins, found);
    }
    for at in 0..apps.instances.len() {
        select(at, &mut apps, around, origins, found);
    }
    check::calls(&apps, origins, found);
    host::check(&apps, around, origins, found);
    apps
}

/// The environments of an app; one without a name where it states `clusters` itself.
fn instances(entry: &Entry, origins: &mut Origins, found: &mut Diagnostics) -> Vec<Instance> {
    let environments = entry
        .value
        .as_map()
        .and_then(|map| map.entry("environments"));
    let clusters = entry.value.as_map().and_then(|map| map.entry("clusters"));
    let message = match (environments, clusters) {
        (Some(_), None) | (None, Some(_)) => None,
        (Some(_), Some(_)) => Some("says twice where it runs"),
        (None, None) => Some("says nowhere where it runs"),
    };
    if let Some(message) = message {
        let place = |entry: Option<&Entry>| origins.place(entry?.key_origin);
        found.add(
            Diagnostic::error("app-clusters", format!("app `{}` {message}", entry.key))
                .at(place(clusters), "for the only environment")
                .at(place(environments), "by environment")
                .at(origins.place(entry.key_origin), "this app")
                .help("write `clusters: NAME` or, with several environments, `environments: { NAME: { clusters: ... } }`"),
        );
        return Vec::new();
    }
    let base = without(&entry.value, &["clusters", "environments"]);
    let Some(environments) = environments else {
        return instance(entry, None, base, &entry.value, origins)
            .into_iter()
            .collect();
    };
    let stated = environments.value.entries().iter();
    let stated = stated.filter(|environment| environment.value.as_map().is_some());
    let mut made = Vec::new();
    for environment in stated {
        let over = without(&environment.value, &["clusters"]);
        let mut base = base.clone();
        // A fixed number and a range are two answers to one question.
        for (one, other) in [("replicas", "scale"), ("scale", "replicas")] {
            if over.get(one).is_some_and(|one| !one.is_off())
                && over.get(other).is_none()
                && let Some(map) = base.as_map_mut()
            {
                map.remove(other);
            }
        }
        let said = merge(base, over, &rules(), origins, found);
        made.extend(instance(
            entry,
            Some(environment),
            said,
            &environment.value,
            origins,
        ));
    }
    made
}

/// How an environment is laid over its app.
fn rules() -> MergeRules {
    MergeRules::appending(&["objects", "patches"])
}

fn without(node: &Node, keys: &[&str]) -> Node {
    let mut node = node.clone();
    if let Some(map) = node.as_map_mut() {
        for key in keys {
            map.remove(key);
        }
    }
    node
}

/// An environment; `None` where what it selects could not be read, which was said.
fn instance(
    app: &Entry,
    environment: Option<&Entry>,
    mut said: Node,
    own: &Node,
    origins: &mut Origins,
) -> Option<Instance> {
    let selector = own.get("clusters").filter(|node| !node.is_null())?.clone();
    crate::resolve::cluster::settle(&mut said);
    if let Some(map) = said.as_map_mut()
        && map.get("scale").and_then(Node::as_bool) == Some(false)
    {
        map.remove("scale");
    }
    texts(&mut said);
    let unit = match environment.filter(|e| e.value.get("namespace").is_some()) {
        Some(environment) => ecow::eco_format!("{}-{}", app.key, environment.key),
        None => app.key.clone(),
    };
    let name = || {
        let origin = origins.rule("app/namespace", &[app.key_origin]);
        Node::string(app.key.clone(), origin)
    };
    let namespace = said.get("namespace").cloned().unwrap_or_else(name);
    let keys = environment.map(|environment| environment.key_origin);
    Some(Instance {
        app: app.key.clone(),
        environment: environment.map(|environment| environment.key.clone()),
        unit,
        namespace,
        said,
        selector,
        names: [app.key_origin].into_iter().chain(keys).collect(),
    })
}

/// What Kubernetes and PostgreSQL take as texts becomes one as it was written: `1.10` is no `1.1`.
fn texts(said: &mut Node) {
    let as_text = |node: &mut Node| {
        if let Some(text) = node.scalar_text() {
            *node = Node::string(text, node.origin());
        }
    };
    let each = |map: Option<&mut Map>| {
        for entry in map.into_iter().flat_map(Map::entries_mut) {
            as_text(&mut entry.value);
        }
    };
    each(
        said.as_map_mut()
            .and_then(|map| map.get_mut("env")?.as_map_mut()),
    );
    let postgres = said.as_map_mut().and_then(|map| {
        let uses = map.get_mut("uses")?.as_map_mut()?;
        uses.get_mut("postgres")?.as_map_mut()
    });
    if let Some(postgres) = postgres {
        each(postgres.get_mut("parameters").and_then(Node::as_map_mut));
        if let Some(version) = postgres.get_mut("version") {
            as_text(version);
        }
    }
}

/// Puts an environment into the clusters that it selects.
fn select(
    at: usize,
    apps: &mut Apps,
    around: &Around<'_>,
    origins: &Origins,
    found: &mut Diagnostics,
) {
    let Apps {
        instances,
        clusters,
    } = apps;
    let Some(instance) = instances.get(at) else {
        return;
    };
    let place = origins.place(instance.selector.origin());
    let selector = match Selector::of(&instance.selector) {
        Ok(selector) => selector,
        Err(problem) => return found.add(problem.at(place, "which clusters")),
    };
    let mut any = false;
    for spec in around.clusters {
        let fact = |key: &str| fact(spec, around.domain, key);
        let Some(facts) = selector.matches(spec, fact) else {
            continue;
        };
        any = true;
        let here = clusters.entry(spec.name.clone()).or_default();
        let others = here
            .iter()
            .filter_map(|place| instances.get(place.instance));
        let same = |other: &&Instance| {
            let space = other.namespace.as_str() == instance.namespace.as_str();
            other.app == instance.app && (space || other.unit == instance.unit)
        };
        if let Some(other) = others.clone().find(same) {
            twice(instance, other, &spec.name, origins, found);
            continue;
        }
        here.push(Place {
            instance: at,
            facts,
        });
    }
    if !any {
        let known = around.clusters.iter().map(|spec| spec.name.as_str());
        let text = instance.selector.scalar_text().unwrap_or_default();
        let near = syntax::suggest::nearest(&text, known);
        let message = format!("{} runs nowhere: no cluster is meant", instance.title());
        found.add(
            Diagnostic::warning("no-cluster", message)
                .at(place, "selects none")
                .help(match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "a selector asks for `name`, `tier`, `provider`, `size`, `domain`, and all that it says must hold".to_owned(),
                }),
        );
    }
}

fn twice(
    instance: &Instance,
    other: &Instance,
    cluster: &str,
    origins: &Origins,
    found: &mut Diagnostics,
) {
    let message = format!(
        "two environments of app `{}` run in cluster `{cluster}` in one namespace",
        instance.app
    );
    found.add(
        Diagnostic::error("app-twice", message)
            .at(origins.place(instance.selector.origin()), "this one")
            .at(origins.place(other.selector.origin()), "and this one")
            .help(
                "select other clusters, or give one of the environments a `namespace` of its own",
            ),
    );
}

/// A fact of a cluster that selectors ask for: these are stated at the cluster alone, but for the domain.
fn fact(spec: &ClusterSpec, domain: Option<&Node>, key: &str) -> Option<(Text, OriginId)> {
    if key == "domain" {
        let (text, reads) = host::domain(spec, domain)?;
        return Some((text, reads.first().copied().unwrap_or_default()));
    }
    let node = spec.stated(key)?;
    Some((node.scalar_text()?, node.origin()))
}

/// Clusters by the number of what runs in them.
impl Apps {
    /// Each cluster with what runs in it.
    pub(super) fn placed(&self) -> impl Iterator<Item = (&Text, Vec<&Instance>)> {
        let clusters: &BTreeMap<Text, Vec<Place>> = &self.clusters;
        clusters.keys().map(|name| {
            let here = self.in_cluster(name).map(|(_, instance)| instance);
            (name, here.collect())
        })
    }
}
