//! `route-without-listener`: the Gateway that a route names takes it.

use super::routes::{GROUP, Parent, Refusal, gateways, parents, takes};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told, View};
use syntax::{Node, OriginId};

pub const RULE: Rule = Rule {
    id: "route-without-listener",
    group: Group::Graph,
    levels: Levels::all(Level::Error),
    page: include_str!("route-without-listener.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    let gateways = gateways(view);
    for route in view.subjects(&["GRPCRoute", "HTTPRoute"]) {
        if route.object.id.group != GROUP {
            continue;
        }
        for parent in parents(route) {
            // A Gateway that is not in the tree may be anywhere.
            if let Some(gateway) = gateways.get(&parent.gateway) {
                judge(route, &parent, gateway, told);
            }
        }
    }
}

fn judge(route: &Subject<'_>, parent: &Parent<'_>, gateway: &Subject<'_>, told: &mut Told) {
    let listeners = gateway.object.node.at(&["spec", "listeners"]);
    let listeners = listeners.map_or(&[][..], Node::items);
    let mut nearest: Option<(Refusal, &Node)> = None;
    for listener in listeners {
        match takes(listener, parent, route) {
            Ok(()) => return,
            Err(refusal) if nearest.is_none_or(|(known, _)| refusal > known) => {
                nearest = Some((refusal, listener));
            }
            Err(_) => {}
        }
    }
    let Some((refusal, listener)) = nearest else {
        return;
    };
    let id = &route.object.id;
    let (place, label, help) = words(refusal, route, parent, listener, listeners);
    told.add(
        Finding::new(format!("no listener of {} takes {id}", gateway.object.id))
            .at(place, label)
            .help(help)
            .object(id)
            .because(route.object.because),
    );
}

/// What to say of what came nearest to taking the route.
fn words(
    refusal: Refusal,
    route: &Subject<'_>,
    parent: &Parent<'_>,
    listener: &Node,
    listeners: &[Node],
) -> (OriginId, String, String) {
    let reference = |key: &str| parent.node.get(key).unwrap_or(parent.node).origin();
    let name = listener.str_at(&["name"]).unwrap_or_default();
    let all = |key: &str| {
        let texts = listeners.iter().filter_map(|it| it.get(key)?.scalar_text());
        texts
            .map(|text| format!("`{text}`"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    match refusal {
        Refusal::Name => (
            reference("sectionName"),
            "no listener is called so".to_owned(),
            format!("there are: {}", all("name")),
        ),
        Refusal::Port => (
            reference("port"),
            "no listener is of this port".to_owned(),
            format!("there are: {}", all("port")),
        ),
        Refusal::Kind => (
            reference("sectionName"),
            format!("the listener `{name}` takes no {}", route.object.id.kind),
            "name a listener that takes HTTP".to_owned(),
        ),
        Refusal::Namespace => (
            reference("sectionName"),
            format!("the listener `{name}` takes no routes of the namespace `{}`", route.object.id.namespace),
            "name another listener, or let it in with `allowedRoutes: { namespaces: { from: All } }`".to_owned(),
        ),
        Refusal::Host => (
            route.object.node.at(&["spec", "hostnames"]).unwrap_or(parent.node).origin(),
            format!("the listener `{name}` is for `{}`", listener.str_at(&["hostname"]).unwrap_or("*")),
            "name a host that it is for".to_owned(),
        ),
    }
}
