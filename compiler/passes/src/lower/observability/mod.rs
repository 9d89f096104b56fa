//! What watches the components: their alerts as rules, their dashboards, and a runbook for each of them.

mod link;
mod pages;

use super::Cx;
use super::units::Unit;
use crate::evaluate::Enabled;
use crate::mixin::{headings, twice};
use crate::resolve::cluster::Cluster;
use link::Link;
use std::collections::BTreeMap;
use syntax::{Map, Node, Text};

pub use pages::{runbooks, scripts};

/// The rules and dashboards of each component, in the order of the cluster's list.
pub fn objects(cluster: &Cluster<'_>, cx: &mut Cx<'_>) -> Vec<Vec<Node>> {
    one_home(cluster, cx);
    let link = Link::of(cluster, cx.origins);
    let components = cluster.components.iter();
    components
        .map(|component| {
            let rules = rules(cluster, component, &link, cx);
            let dashboards = dashboards(component, cx);
            rules.into_iter().chain(dashboards).collect()
        })
        .collect()
}

/// An alert that two components have is an error: silences, pages and runbooks go by its name.
fn one_home(cluster: &Cluster<'_>, cx: &mut Cx<'_>) {
    let mut seen: BTreeMap<&str, (&Text, &Node)> = BTreeMap::new();
    for component in &cluster.components {
        for (alert, _) in component.component.mixin.alerts() {
            let Some(name) = alert.as_str() else { continue };
            if let Some((first, other)) = seen.insert(name, (&component.name, alert))
                && *first != component.name
            {
                cx.found.add(twice(name, alert, other, cx.origins));
            }
        }
    }
}

/// The alerts of a component, each with the place of its runbook.
fn rules(
    cluster: &Cluster<'_>,
    component: &Enabled<'_>,
    link: &Link,
    cx: &mut Cx<'_>,
) -> Option<Node> {
    let mixin = &component.component.mixin;
    let mut groups = mixin.alerts.as_ref()?.get("groups")?.clone();
    if mixin.runbook.is_some() {
        for rule in rules_of(&mut groups) {
            link.add(&component.name, rule);
        }
    }
    let scope = component.scope.clone().with("groups", groups);
    let scope = scope.with_choices(cluster.choices.clone());
    cx.shape("observability/rules", &scope)
}

fn rules_of(groups: &mut Node) -> impl Iterator<Item = &mut Node> {
    let groups = groups.items_mut().iter_mut();
    let rules = groups.filter_map(|group| group.as_map_mut()?.get_mut("rules"));
    rules.flat_map(|rules| rules.items_mut().iter_mut())
}

/// Alerts among a component's objects, whose thresholds follow from settings, have their runbook there too.
pub fn link_own(cluster: &Cluster<'_>, units: &mut [Unit], cx: &mut Cx<'_>) {
    let link = Link::of(cluster, cx.origins);
    for unit in units {
        let component = unit.component.and_then(|at| cluster.components.get(at));
        let Some(component) = component else { continue };
        let Some(runbook) = &component.component.mixin.runbook else {
            continue;
        };
        let objects = unit.objects.iter_mut();
        for object in objects.filter(|object| object.id.kind == "PrometheusRule") {
            let spec = object.node.as_map_mut().and_then(|it| it.get_mut("spec"));
            let groups = spec.and_then(|it| it.as_map_mut()?.get_mut("groups"));
            for rule in groups.into_iter().flat_map(rules_of) {
                let alert = rule.str_at(&["alert"]);
                if alert.is_some_and(|alert| headings(runbook.source()).any(|it| it == alert)) {
                    link.add(&component.name, rule);
                }
            }
        }
    }
}

/// The dashboards of a component.
fn dashboards(component: &Enabled<'_>, cx: &mut Cx<'_>) -> Vec<Node> {
    let dashboards = component.component.mixin.dashboards.iter();
    dashboards
        .filter_map(|dashboard| {
            let origin = dashboard.text.origin();
            let mut files = Map::default();
            // All of them lie in one folder of Grafana's.
            let file = ecow::eco_format!("{}-{}.json", component.name, dashboard.name);
            files.set(file, origin, dashboard.text.clone());
            let facts = Node::from_entries(
                [
                    ("name", Node::string(dashboard.name.clone(), origin)),
                    ("files", Node::map(files, origin)),
                ],
                origin,
            );
            let scope = component.scope.clone().with("dashboard", facts);
            cx.shape("observability/dashboard", &scope)
        })
        .collect()
}
