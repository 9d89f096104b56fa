//! `replicas-fought-over`: who scales a workload owns its number of copies.

use super::flux;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told, View};
use std::collections::BTreeMap;
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "replicas-fought-over",
    group: Group::Gitops,
    levels: Levels::all(Level::Warning),
    page: include_str!("replicas-fought-over.md"),
    on: On::Cluster(check),
};

/// A workload by kind, namespace and name.
type Key<'a> = (&'a str, &'a str, &'a str);

fn check(view: &View<'_>, told: &mut Told) {
    let mut scaled: BTreeMap<Key<'_>, &Subject<'_>> = BTreeMap::new();
    for scaler in view.subjects(&["HorizontalPodAutoscaler", "ScaledObject"]) {
        let target = scaler.object.node.at(&["spec", "scaleTargetRef"]);
        let Some(name) = target.and_then(|target| target.str_at(&["name"])) else {
            continue;
        };
        let kind = target.and_then(|target| target.str_at(&["kind"]));
        let namespace = scaler.object.id.namespace.as_str();
        scaled.insert((kind.unwrap_or("Deployment"), namespace, name), scaler);
    }
    if scaled.is_empty() {
        return;
    }
    for subject in view.subjects(&["Deployment", "StatefulSet"]) {
        let id = &subject.object.id;
        let key = (id.kind.as_str(), id.namespace.as_str(), id.name.as_str());
        let Some(replicas) = subject.object.node.at(&["spec", "replicas"]) else {
            continue;
        };
        if let Some(scaler) = scaled
            .get(&key)
            .filter(|_| is_applied(&subject.object.node))
        {
            told.add(
                Finding::new(format!(
                    "{} and {id} both say how many copies there are",
                    scaler.object.id
                ))
                .at(replicas.origin(), "Flux puts this back at every interval")
                .at(flux::name(scaler), "what load asks for is undone")
                .help(
                    "leave `replicas` out where something scales: the minimum of the scaler holds",
                )
                .object(id)
                .because(subject.object.because),
            );
        }
    }
}

/// Whether Flux keeps an object as it is written, again and again.
fn is_applied(object: &Node) -> bool {
    let annotation = |name: &str| object.str_at(&["metadata", "annotations", name]);
    let once = annotation("kustomize.toolkit.fluxcd.io/ssa");
    !matches!(once, Some("IfNotPresent" | "Ignore"))
        && annotation("kustomize.toolkit.fluxcd.io/reconcile") != Some("disabled")
}
