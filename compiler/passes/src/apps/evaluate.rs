//! The apps of one cluster: what is known of each, what they require, and the parts of their patterns evaluated.

use super::{Instance, Place, fit, host};
use crate::component::{Component, Parts};
use crate::evaluate::Enabled;
use crate::resolve::cluster::Cluster;
use crate::resolve::select::Need;
use crate::resolve::{ClusterSpec, Platform};
use crate::template::{Evaluator, Scope, Template};
use syntax::{Diagnostics, Map, Node, OriginId, Origins, Span};

/// An app in a cluster.
#[derive(Debug)]
pub struct Placed<'p> {
    /// The environment.
    pub instance: &'p Instance,
    /// Why it is there.
    pub because: OriginId,
    /// What `app` means in its parts.
    pub facts: Node,
    /// What it requires.
    pub needs: Vec<Need>,
    parts: Vec<&'p Component>,
}

/// The apps of a cluster, before its components are known.
pub fn of_cluster<'p>(
    platform: &'p Platform,
    spec: &ClusterSpec,
    scope: &Scope,
    origins: &mut Origins,
    found: &mut Diagnostics,
) -> Vec<Placed<'p>> {
    let mut placed = Vec::new();
    for (place, instance) in platform.apps.in_cluster(&spec.name) {
        let because = because(place, instance, origins);
        let given = given(platform, spec, instance, scope, because, origins);
        let inner = scope
            .clone()
            .with("said", instance.said.clone())
            .with("given", given);
        let template = platform.templates.get("apps/facts", &platform.origins);
        let facts = template.and_then(|t| Evaluator::new(origins, found).eval(t, &inner));
        let facts = facts.unwrap_or_else(|| Node::null(because));
        let parts = platform.patterns.parts(instance.pattern());
        let mut app = Placed {
            instance,
            because,
            facts,
            needs: Vec::new(),
            parts,
        };
        app.needs = app.require(platform, scope, origins, found);
        placed.push(app);
    }
    placed
}

/// Why an environment is in a cluster: its names, what it selects, and the cluster's facts that this asks for.
fn because(place: &Place, instance: &Instance, origins: &mut Origins) -> OriginId {
    let mut reads = instance.names.clone();
    reads.push(instance.selector.origin());
    reads.extend(instance.selector.leaves().map(|(_, leaf)| leaf.origin()));
    reads.extend(&place.facts);
    reads.sort_unstable();
    reads.dedup();
    // Its name is what people are shown.
    let name = instance.origin();
    reads.retain(|read| *read != name);
    reads.insert(0, name);
    origins.rule("app/placed", &reads)
}

/// What is known of an app's place: its names, its host, and whom it calls.
fn given(
    platform: &Platform,
    spec: &ClusterSpec,
    instance: &Instance,
    scope: &Scope,
    because: OriginId,
    origins: &mut Origins,
) -> Node {
    let name = instance.origin();
    let unit = origins.rule("app/unit", &instance.names);
    let mut given = Map::default();
    given.set("app", name, Node::string(instance.app.clone(), name));
    given.set("unit", unit, Node::string(instance.unit.clone(), unit));
    given.set(
        "namespace",
        instance.namespace.origin(),
        instance.namespace.clone(),
    );
    if let (Some(environment), Some(origin)) = (&instance.environment, instance.names.last()) {
        given.set(
            "environment",
            *origin,
            Node::string(environment.clone(), *origin),
        );
    }
    let domain = scope
        .get("cluster")
        .and_then(|cluster| cluster.get("domain"));
    if platform.patterns.publishes(instance.pattern()) {
        let (stated, origin) = host::stated(instance);
        if let Some(full) = host::full(&stated, domain.and_then(Node::as_str)) {
            let below = domain.filter(|_| !stated.contains('.')).map(Node::origin);
            let reads: Vec<OriginId> = [origin].into_iter().chain(below).collect();
            let origin = origins.rule("app/host", &reads);
            given.set("hostname", origin, Node::string(full, origin));
        }
    }
    let calls = instance
        .said
        .get("talksTo")
        .map_or(&[][..], Node::items)
        .iter();
    let calls = calls.filter_map(|call| {
        let callee = platform.apps.callee(&spec.name, instance, call.as_str()?)?;
        Some(Node::string(callee.unit.clone(), call.origin()))
    });
    let origin = instance.said.get("talksTo").map_or(because, Node::origin);
    given.set("calls", origin, Node::list(calls, origin));
    Node::map(given, because)
}

impl<'p> Placed<'p> {
    /// The capabilities that must be there for it, each with the line that asks for it.
    fn require(
        &self,
        platform: &'p Platform,
        scope: &Scope,
        origins: &mut Origins,
        found: &mut Diagnostics,
    ) -> Vec<Need> {
        let scope = scope.clone().with("app", self.facts.clone());
        let mut needs = Vec::new();
        for part in &self.parts {
            let parts: &Parts = part.parts(&platform.sources, &platform.origins, found);
            let Some(template) = &parts.requires else {
                continue;
            };
            let wanted = Evaluator::new(origins, found).eval(template, &scope);
            for wanted in wanted.as_ref().map_or(&[][..], Node::items) {
                let Some(capability) = wanted.as_str() else {
                    continue;
                };
                let users = |span: &Span| {
                    let source = platform.sources.get(span.file);
                    source.is_some_and(|source| !source.name().starts_with('<'))
                };
                let spans = origins.spans(wanted.origin());
                let pattern = self.instance.said.get("pattern");
                let place = spans.into_iter().find(users);
                needs.push(Need {
                    who: self.instance.title(),
                    capability: capability.into(),
                    name: self.instance.origin(),
                    because: self.because,
                    place: place.or_else(|| origins.place(pattern?.origin())),
                });
            }
        }
        needs
    }
}

/// Evaluates an app for a cluster whose components are known.
pub fn evaluate<'p>(
    cluster: &Cluster<'p>,
    placed: &Placed<'p>,
    origins: &mut Origins,
    found: &mut Diagnostics,
) -> Option<Enabled<'p>> {
    let component = *placed.parts.first()?;
    let scope = cluster.scope.clone().with("app", placed.facts.clone());
    let mut run = Run {
        cluster,
        placed,
        scope,
        origins,
        found,
    };
    let none = Node::null(placed.because);
    let said = |key: &str| {
        placed
            .instance
            .said
            .get(key)
            .map_or(&[][..], Node::items)
            .to_vec()
    };
    let mut objects = run.lists(|parts| parts.objects.as_ref()).items().to_vec();
    objects.extend(said("objects"));
    let namespace = run.all(|parts| parts.namespace.as_ref());
    let enabled = Enabled {
        component,
        name: placed.instance.unit.clone(),
        because: placed.because,
        after: Vec::new(),
        namespace: namespace.into_iter().next().unwrap_or_else(|| none.clone()),
        chart: none.clone(),
        git: none.clone(),
        release: none.clone(),
        version: none.clone(),
        values: none.clone(),
        declares: run.maps(|parts| parts.declares.as_ref()),
        objects,
        policies: none.clone(),
        secrets: run.lists(|parts| parts.secrets.as_ref()),
        health: run.lists(|parts| parts.health.as_ref()),
        drift: none.clone(),
        network: run.maps(|parts| parts.network.as_ref()),
        needs: none,
        patches: said("patches"),
        scope: run.scope.clone(),
        app: Some(placed.facts.clone()),
    };
    fit::check(cluster, placed, origins, found);
    Some(enabled)
}

struct Run<'a, 'p> {
    cluster: &'a Cluster<'p>,
    placed: &'a Placed<'p>,
    scope: Scope,
    origins: &'a mut Origins,
    found: &'a mut Diagnostics,
}

impl Run<'_, '_> {
    /// What each part says.
    fn all(&mut self, of: fn(&Parts) -> Option<&Template>) -> Vec<Node> {
        let platform = self.cluster.platform;
        let mut said = Vec::new();
        for part in &self.placed.parts {
            let parts = part.parts(&platform.sources, &platform.origins, self.found);
            let template = of(parts);
            said.extend(template.and_then(|template| {
                Evaluator::new(self.origins, self.found).eval(template, &self.scope)
            }));
        }
        said
    }

    /// The lists of all parts as one.
    fn lists(&mut self, of: fn(&Parts) -> Option<&Template>) -> Node {
        let lists = self.all(of);
        let items = lists.iter().flat_map(Node::items).cloned();
        Node::list(items, self.placed.because)
    }

    /// The maps of lists of all parts as one.
    fn maps(&mut self, of: fn(&Parts) -> Option<&Template>) -> Node {
        let because = self.placed.because;
        let mut joined = Map::default();
        for map in self.all(of) {
            for entry in map.entries() {
                let before = joined.get(&entry.key).map_or(&[][..], Node::items);
                let items = before.iter().chain(entry.value.items()).cloned();
                let items = Node::list(items, because);
                joined.set(entry.key.clone(), because, items);
            }
        }
        Node::map(joined, because)
    }
}
