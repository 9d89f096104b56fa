//! The Kustomization that reconciles a unit.

use crate::lower::Cx;
use crate::lower::units::Unit;
use crate::resolve::cluster::Cluster;
use syntax::{Map, Node, Text};

/// Adds the Kustomization of a unit.
pub fn add(cluster: &Cluster<'_>, unit: &Unit, cx: &mut Cx<'_>) {
    let scope = cluster.scope.clone().with("unit", facts(cluster, unit, cx));
    let folder = format!("clusters/{}/flux", cluster.name);
    cx.object(&folder, "flux/kustomization", &scope, unit.because);
}

/// What `unit` means in the shape of a Kustomization.
fn facts(cluster: &Cluster<'_>, unit: &Unit, cx: &mut Cx<'_>) -> Node {
    let origin = cx.origins.rule("flux/unit", &[unit.because]);
    let mut map = Map::default();
    map.set("name", origin, Node::string(unit.name.clone(), origin));
    let parent = cluster
        .facts
        .get("path")
        .and_then(|path| Some((path.as_str()?.strip_suffix("flux")?, path.origin())));
    if let Some((parent, path)) = parent {
        let at = cx.origins.rule("flux/path", &[unit.because, path]);
        map.set(
            "path",
            at,
            Node::string(ecow::eco_format!("./{parent}{}", unit.name), at),
        );
    }
    let after = unit
        .after
        .iter()
        .map(|(name, because)| Node::string(name.clone(), *because));
    let after: Vec<Node> = after.collect();
    map.set("after", origin, Node::list(after, origin));
    map.set(
        "sealed",
        origin,
        Node::bool(!unit.sealed.is_empty(), origin),
    );
    map.set("config", origin, Node::bool(unit.wave > 0, origin));
    map.set("health", origin, Node::list(health(unit, cx), origin));
    let expressions = unit
        .health
        .iter()
        .filter(|entry| entry.get("current").is_some())
        .cloned();
    let mut seen: Vec<(Text, Text)> = Vec::new();
    let mut unique = Vec::new();
    for entry in expressions {
        let of = |key: &str| entry.str_at(&[key]).unwrap_or_default().into();
        let kind = (of("apiVersion"), of("kind"));
        if !seen.contains(&kind) {
            seen.push(kind);
            unique.push(entry);
        }
    }
    map.set("expressions", origin, Node::list(unique, origin));
    Node::map(map, origin)
}

/// What must be healthy: releases and the manifests of repositories, plain workloads, and what the component names.
fn health(unit: &Unit, cx: &mut Cx<'_>) -> Vec<Node> {
    let mut checks = Vec::new();
    for object in &unit.objects {
        let waits = matches!(
            (object.id.group.as_str(), object.id.kind.as_str()),
            ("helm.toolkit.fluxcd.io", "HelmRelease")
                | ("kustomize.toolkit.fluxcd.io", "Kustomization")
                | ("apps", "Deployment" | "StatefulSet" | "DaemonSet")
                | ("batch", "Job")
        );
        if !waits {
            continue;
        }
        let origin = cx.origins.rule("flux/health", &[object.because]);
        let mut check = Map::default();
        for (key, path) in [
            ("apiVersion", &["apiVersion"][..]),
            ("kind", &["kind"]),
            ("name", &["metadata", "name"]),
        ] {
            if let Some(value) = object.node.at(path) {
                check.set(key, origin, value.clone());
            }
        }
        if let Some(namespace) = object.node.at(&["metadata", "namespace"]) {
            check.set("namespace", origin, namespace.clone());
        }
        checks.push(Node::map(check, origin));
    }
    checks.extend(unit.health.iter().cloned());
    checks
}
