//! The HelmRelease of a component and the source of its chart, or the manifests of a Git repository.

use super::NAMESPACE;
use crate::evaluate::Enabled;
use crate::lower::Cx;
use crate::lower::units::Unit;
use crate::resolve::cluster::Cluster;
use model::object::Object;
use syntax::{Map, Node};

/// Adds what installs a component to its first unit.
pub fn add(cluster: &Cluster<'_>, unit: &mut Unit, cx: &mut Cx<'_>) {
    let Some(component) = unit.component.and_then(|at| cluster.components.get(at)) else {
        return;
    };
    let shapes: &[&str] = if !component.chart.is_null() {
        &["flux/source", "flux/release"]
    } else if !component.git.is_null() {
        &["flux/git-source", "flux/git-manifests"]
    } else {
        return;
    };
    let scope = cluster.scope.clone().with("install", facts(component, cx));
    let made = shapes
        .iter()
        .filter_map(|shape| Object::new(cx.shape(shape, &scope)?, component.because));
    let mut objects: Vec<Object> = made.collect();
    objects.append(&mut unit.objects);
    unit.objects = objects;
}

/// What `install` means in the shapes.
fn facts(component: &Enabled<'_>, cx: &mut Cx<'_>) -> Node {
    let because = component.because;
    let origin = cx.origins.rule("flux/install", &[because]);
    let mut map = Map::default();
    map.set("name", origin, Node::string(component.name.clone(), origin));
    let namespace = component.namespace.get("name").cloned();
    map.set(
        "namespace",
        origin,
        namespace.unwrap_or_else(|| Node::string(NAMESPACE, origin)),
    );
    map.set("release", origin, component.release.clone());
    map.set("chart", origin, component.chart.clone());
    map.set("git", origin, component.git.clone());
    map.set("version", origin, component.version.clone());
    map.set("values", origin, component.values.clone());
    map.set("drift", origin, drift(component, cx));
    let stateful = is_stateful(component);
    let claims = component
        .declares
        .get("claims")
        .map_or(&[][..], Node::items);
    let reads: Vec<_> = claims.iter().map(Node::origin).chain([because]).collect();
    let claimed = cx.origins.rule("flux/install", &reads);
    map.set("retry", claimed, Node::bool(stateful, claimed));
    map.set(
        "keep",
        origin,
        Node::bool(
            component.component.stays() || component.only_brings_kinds(),
            origin,
        ),
    );
    Node::map(map, origin)
}

/// Whether a failed install must be retried in place: an uninstall would take kinds, data or the network with it.
fn is_stateful(component: &Enabled<'_>) -> bool {
    let some = |key: &str| {
        component
            .declares
            .get(key)
            .is_some_and(|list| !list.items().is_empty())
    };
    component.component.stays() || some("crds") || some("claims")
}

/// The drift exceptions without their reasons, which are for people.
fn drift(component: &Enabled<'_>, cx: &mut Cx<'_>) -> Node {
    let origin = cx.origins.rule("flux/drift", &[component.because]);
    let items = component.drift.items().iter().map(|item| {
        let mut map = Map::default();
        for entry in item.entries().iter().filter(|entry| entry.key != "because") {
            map.push(entry.clone());
        }
        Node::map(map, item.origin())
    });
    Node::list(items, origin)
}
