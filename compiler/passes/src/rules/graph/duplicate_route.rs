//! `duplicate-route`: a host and path lead to one place.

use super::routes::{GROUP, Gateways, Parent, gateways, hosts, parents, takes};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told, View};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use syntax::{Node, OriginId};

pub const RULE: Rule = Rule {
    id: "duplicate-route",
    group: Group::Graph,
    levels: Levels::all(Level::Error),
    page: include_str!("duplicate-route.md"),
    on: On::Cluster(check),
};

/// What a request is told by: the Gateway, its listener, the host name and the match.
type Key = (String, String, String, String);

/// Who answers a request, and where it says so.
#[derive(Clone, Copy)]
struct Owner<'v, 'a> {
    route: &'v Subject<'a>,
    origin: OriginId,
}

fn check(view: &View<'_>, told: &mut Told) {
    let routes = view
        .subjects(&["HTTPRoute"])
        .filter(|it| it.object.id.group == GROUP);
    among(routes, &gateways(view), told);
}

/// Tells of routes of one cluster that answer the same.
pub fn among<'v, 'a: 'v>(
    routes: impl Iterator<Item = &'v Subject<'a>>,
    gateways: &Gateways<'v, 'a>,
    told: &mut Told,
) {
    let mut seen: BTreeMap<Key, Owner<'v, 'a>> = BTreeMap::new();
    for route in routes {
        let mut said = BTreeSet::new();
        let matches = matches(route);
        for parent in parents(route) {
            for (listener, host) in places(gateways, route, &parent) {
                for (text, origin) in &matches {
                    let (namespace, name) = parent.gateway;
                    let key = (
                        format!("{namespace}/{name}"),
                        listener.clone(),
                        host.clone(),
                        text.clone(),
                    );
                    let owner = Owner {
                        route,
                        origin: *origin,
                    };
                    let Some(other) = seen.get(&key).copied() else {
                        seen.insert(key, owner);
                        continue;
                    };
                    // A match may be reached by many listeners and hosts: it is told once.
                    let same =
                        other.origin == owner.origin && other.route.object.id == route.object.id;
                    if !same && said.insert(owner.origin) {
                        tell(&key, owner, other, told);
                    }
                }
            }
        }
    }
}

fn tell(
    (gateway, _, host, text): &Key,
    owner: Owner<'_, '_>,
    other: Owner<'_, '_>,
    told: &mut Told,
) {
    let (id, other_id) = (&owner.route.object.id, &other.route.object.id);
    let what = match host.as_str() {
        "*" => text.clone(),
        host => format!("{host} {text}"),
    };
    let message = if id == other_id {
        format!("{id} says twice where `{what}` leads")
    } else {
        format!("{id} and {other_id} both answer `{what}` at the Gateway `{gateway}`")
    };
    told.add(
        Finding::new(message)
            .at(owner.origin, "only one of the two is ever asked")
            .at(other.origin, "the other one")
            .help("give one of them another host, path or header")
            .object(id)
            .because(owner.route.object.because),
    );
}

/// The listeners that take a route, each with the host names that it answers to there.
fn places(
    gateways: &Gateways<'_, '_>,
    route: &Subject<'_>,
    parent: &Parent<'_>,
) -> Vec<(String, String)> {
    let any = Node::null(OriginId::default());
    let Some(gateway) = gateways.get(&parent.gateway) else {
        // What the Gateway has is not known: the same words then mean the same listener.
        let part = |key: &str| {
            parent
                .node
                .get(key)
                .and_then(Node::scalar_text)
                .unwrap_or_default()
        };
        let listener = format!("{} {}", part("sectionName"), part("port"));
        let hosts = hosts(&any, route).into_iter();
        return hosts
            .map(|host| (listener.clone(), host.to_ascii_lowercase()))
            .collect();
    };
    let listeners = gateway.object.node.at(&["spec", "listeners"]);
    let listeners = listeners.map_or(&[][..], Node::items).iter();
    let taking = listeners.filter(|listener| takes(listener, parent, route).is_ok());
    taking
        .flat_map(|listener| {
            let name = listener.str_at(&["name"]).unwrap_or_default();
            let hosts = hosts(listener, route).into_iter();
            hosts.map(move |host| (name.to_owned(), host.to_ascii_lowercase()))
        })
        .collect()
}

/// What requests a route matches, each as one text, and where it is said.
fn matches(route: &Subject<'_>) -> Vec<(String, OriginId)> {
    let rules = route
        .object
        .node
        .at(&["spec", "rules"])
        .map_or(&[][..], Node::items);
    let every = || "/".to_owned();
    if rules.is_empty() {
        return vec![(every(), route.object.node.origin())];
    }
    let mut all = Vec::new();
    for rule in rules {
        let matches = rule.get("matches").map_or(&[][..], Node::items);
        if matches.is_empty() {
            all.push((every(), rule.origin()));
        }
        all.extend(matches.iter().map(|it| (text(it), it.origin())));
    }
    all
}

/// A match as one text: two that are the same read the same.
fn text(one: &Node) -> String {
    let path = one.get("path");
    let value = path.and_then(|path| path.str_at(&["value"])).unwrap_or("/");
    let kind = path
        .and_then(|path| path.str_at(&["type"]))
        .unwrap_or("PathPrefix");
    let mut text = match kind {
        "PathPrefix" if value.len() > 1 => format!("{}/", value.trim_end_matches('/')),
        "PathPrefix" => "/".to_owned(),
        "Exact" => format!("={value}"),
        other => format!("{other}:{value}"),
    };
    if let Some(method) = one.str_at(&["method"]) {
        text = format!("{method} {text}");
    }
    for (key, sign) in [("headers", ','), ("queryParams", '?')] {
        let mut parts: Vec<String> = one
            .get(key)
            .map_or(&[][..], Node::items)
            .iter()
            .map(part)
            .collect();
        parts.sort_unstable();
        for part in parts {
            let _ = write!(text, " {sign}{part}");
        }
    }
    text
}

fn part(node: &Node) -> String {
    let of = |key: &str| node.str_at(&[key]).unwrap_or_default();
    let kind = node.str_at(&["type"]).unwrap_or("Exact");
    format!("{} {kind} {}", of("name").to_ascii_lowercase(), of("value"))
}
