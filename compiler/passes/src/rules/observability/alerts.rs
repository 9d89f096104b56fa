//! The rules of Prometheus in a cluster's objects, and who is told of what they find.

use crate::rules::{Finding, Subject, View};
use syntax::Node;

/// The kind that the Prometheus operator reads rules from.
pub const KIND: &str = "PrometheusRule";

/// The rules of an object: alerts and recorded series.
pub fn rules_of(object: &Node) -> impl Iterator<Item = &Node> {
    let groups = object.at(&["spec", "groups"]).map_or(&[][..], Node::items);
    groups
        .iter()
        .flat_map(|group| group.get("rules").map_or(&[][..], Node::items))
}

/// Every rule of a cluster, with the object that it stands in.
pub fn rules<'v, 'a>(
    view: &'v View<'a>,
) -> impl Iterator<Item = (&'v Subject<'a>, &'v Node)> + use<'v, 'a> {
    let objects = view.subjects(&[KIND]);
    objects.flat_map(|subject| rules_of(&subject.object.node).map(move |rule| (subject, rule)))
}

/// The alert that a rule is, if it is one: its name.
pub fn alert(rule: &Node) -> Option<(&Node, &str)> {
    let name = rule.get("alert")?;
    Some((name, name.as_str()?))
}

/// A finding about what stands in an object.
pub fn about(subject: &Subject<'_>, finding: Finding) -> Finding {
    let object = subject.object;
    let finding = finding.object(&object.id).because(object.because);
    match subject.component {
        Some(component) => finding.component(component),
        None => finding,
    }
}

/// Who is told of alerts, as far as the spec says it.
pub struct Receivers<'a> {
    /// Those who are told of each alert from a severity on.
    pub people: Vec<&'a Node>,
    /// Whether something notices when alerts stop coming.
    pub heartbeat: bool,
}

/// Who is told; `None` where there are no alerts, or somebody routes them in another way.
pub fn receivers<'a>(view: &View<'a>) -> Option<Receivers<'a>> {
    view.on(&["observability", "metrics"])?;
    let alerts = ["observability", "alerts"];
    let off = view.cluster.at(&alerts).is_some_and(Node::is_off);
    if off || routed_otherwise(view) {
        return None;
    }
    let mut told = Receivers {
        people: Vec::new(),
        heartbeat: false,
    };
    let stated = view.on(&["observability", "alerts", "to"]);
    for entry in stated.map_or(&[][..], Node::entries) {
        match entry.value.str_at(&["type"]) {
            _ if entry.value.is_off() => {}
            Some("heartbeat") => told.heartbeat = true,
            Some(_) => told.people.push(&entry.value),
            None => {}
        }
    }
    Some(told)
}

/// Whether a user routes alerts by the engine's own means.
fn routed_otherwise(view: &View<'_>) -> bool {
    view.subjects(&["AlertmanagerConfig"]).next().is_some() || overridden(view, "alertmanager")
}

/// Whether a user sets values of that part of what serves metrics.
pub fn overridden(view: &View<'_>, part: &str) -> bool {
    let serves = |name: &str| {
        let component = view.component(name);
        component.is_some_and(|it| {
            let mut provides = it.component.provides.iter();
            provides.any(|it| it.capability == "observability.metrics")
        })
    };
    let said = view.cluster.at(&["components"]);
    let mut said = said.map_or(&[][..], Node::entries).iter();
    said.any(|entry| entry.value.at(&["values", part]).is_some() && serves(&entry.key))
}
