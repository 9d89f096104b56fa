//! Flux: a Kustomization for each unit, a HelmRelease and its source for each chart.

mod kustomization;
mod release;

use super::units::Unit;
use super::{Cx, patch};
use crate::resolve::cluster::Cluster;
use model::object::Object;
use syntax::{Map, Node, OriginId};

/// The namespace of Flux itself and of every Kustomization.
pub const NAMESPACE: &str = "flux-system";

/// Adds what Flux needs to each unit, and the Kustomizations that reconcile them.
pub fn lower(cluster: &Cluster<'_>, units: &mut [Unit], cx: &mut Cx<'_>) {
    for unit in units.iter_mut() {
        if unit.installs() {
            release::add(cluster, unit, cx);
        }
    }
    patch_units(cluster, units, cx);
    let keep = cx.shape("flux/keep", &cluster.scope);
    for unit in units.iter_mut() {
        for object in &mut unit.objects {
            keep_state(object, keep.as_ref(), cx);
        }
    }
    for unit in units.iter() {
        kustomization::add(cluster, unit, cx);
    }
    let folder = format!("clusters/{}", cluster.name);
    for unit in units.iter() {
        for object in &unit.objects {
            cx.objects
                .push((format!("{folder}/{}", unit.name), object.clone()));
        }
    }
}

/// What installs a component in a cluster, the user's patches applied.
pub fn installed(cluster: &Cluster<'_>, at: usize, cx: &mut Cx<'_>) -> Vec<Object> {
    let Some(component) = cluster.components.get(at) else {
        return Vec::new();
    };
    let mut units = [Unit {
        component: Some(at),
        ..Unit::new(&component.name, component.because)
    }];
    for unit in &mut units {
        release::add(cluster, unit, cx);
    }
    patch_units(cluster, &mut units, cx);
    units.into_iter().flat_map(|unit| unit.objects).collect()
}

/// The user's patches, over everything that a component makes.
fn patch_units(cluster: &Cluster<'_>, units: &mut [Unit], cx: &mut Cx<'_>) {
    for (at, component) in cluster.components.iter().enumerate() {
        if component.patches.is_empty() {
            continue;
        }
        let own = units.iter_mut().filter(|unit| unit.component == Some(at));
        let mut nodes: Vec<&mut Node> = own
            .flat_map(|unit| unit.objects.iter_mut())
            .map(|o| &mut o.node)
            .collect();
        patch::apply(&component.patches, &mut nodes, cx.origins, cx.found);
    }
}

/// What holds state is never pruned: it says so itself.
fn keep_state(object: &mut Object, keep: Option<&Node>, cx: &mut Cx<'_>) {
    let group = keep.and_then(|keep| keep.at(&["kinds", &object.id.group]));
    let Some(reason) = group.and_then(|kinds| {
        kinds
            .items()
            .iter()
            .find(|k| k.as_str() == Some(&object.id.kind))
    }) else {
        return;
    };
    let origin = cx.origins.rule("flux/keep-state", &[reason.origin()]);
    annotate(
        &mut object.node,
        "kustomize.toolkit.fluxcd.io/prune",
        "disabled",
        origin,
    );
}

/// Sets an annotation where it is not set already.
pub fn annotate(object: &mut Node, key: &str, value: &str, origin: OriginId) {
    let Some(metadata) = object
        .as_map_mut()
        .and_then(|map| map.get_mut("metadata"))
        .and_then(Node::as_map_mut)
    else {
        return;
    };
    if metadata.get("annotations").is_none() {
        metadata.set("annotations", origin, Node::map(Map::default(), origin));
    }
    if let Some(annotations) = metadata.get_mut("annotations").and_then(Node::as_map_mut)
        && annotations.get(key).is_none()
    {
        annotations.set(key, origin, Node::string(value, origin));
    }
}
