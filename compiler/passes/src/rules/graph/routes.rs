//! Which listeners a route is attached to, and for which host names.

use crate::rules::{Subject, View};
use std::collections::BTreeMap;
use syntax::Node;

/// The group of Gateways and routes.
pub const GROUP: &str = "gateway.networking.k8s.io";

/// The Gateways of a cluster, by namespace and name.
pub type Gateways<'v, 'a> = BTreeMap<(&'v str, &'v str), &'v Subject<'a>>;

/// The Gateways of a cluster.
pub fn gateways<'v, 'a>(view: &'v View<'a>) -> Gateways<'v, 'a> {
    let all = view
        .subjects(&["Gateway"])
        .filter(|it| it.object.id.group == GROUP);
    all.map(|it| {
        (
            (it.object.id.namespace.as_str(), it.object.id.name.as_str()),
            it,
        )
    })
    .collect()
}

/// What a route says of one Gateway.
pub struct Parent<'s> {
    /// The reference.
    pub node: &'s Node,
    /// The Gateway's namespace and name.
    pub gateway: (&'s str, &'s str),
}

/// The Gateways that a route names; what is no Gateway is left out.
pub fn parents<'s>(route: &'s Subject<'_>) -> impl Iterator<Item = Parent<'s>> {
    let object = route.object;
    let references = object
        .node
        .at(&["spec", "parentRefs"])
        .map_or(&[][..], Node::items);
    references.iter().filter_map(move |node| {
        let group = node.str_at(&["group"]).unwrap_or(GROUP);
        let kind = node.str_at(&["kind"]).unwrap_or("Gateway");
        let namespace = node.str_at(&["namespace"]).unwrap_or(&object.id.namespace);
        let gateway = (namespace, node.str_at(&["name"])?);
        ((group, kind) == (GROUP, "Gateway")).then_some(Parent { node, gateway })
    })
}

/// Why a listener does not take a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// It is another one than the route names.
    Name,
    /// It is of another port than the route names.
    Port,
    /// It takes routes of other kinds.
    Kind,
    /// It takes no routes of this namespace.
    Namespace,
    /// It is for other host names.
    Host,
}

/// Whether a listener takes a route; what can't be told from here counts as yes.
pub fn takes(listener: &Node, parent: &Parent<'_>, route: &Subject<'_>) -> Result<(), Refusal> {
    let wanted = |key: &str| parent.node.get(key).and_then(Node::scalar_text);
    let has = |key: &str| listener.get(key).and_then(Node::scalar_text);
    if wanted("sectionName").is_some_and(|name| has("name") != Some(name)) {
        return Err(Refusal::Name);
    }
    if wanted("port").is_some_and(|port| has("port") != Some(port)) {
        return Err(Refusal::Port);
    }
    let allowed = listener.get("allowedRoutes");
    let kinds = allowed
        .and_then(|it| it.get("kinds"))
        .map_or(&[][..], Node::items);
    let id = &route.object.id;
    let protocol = listener.str_at(&["protocol"]);
    let kind_fits = match kinds {
        [] => !matches!(protocol, Some("TCP" | "UDP" | "TLS")),
        some => some
            .iter()
            .any(|kind| kind.str_at(&["kind"]) == Some(&id.kind)),
    };
    if !kind_fits {
        return Err(Refusal::Kind);
    }
    let from = allowed.and_then(|it| it.str_at(&["namespaces", "from"]));
    let same = id.namespace == parent.gateway.0;
    match from.unwrap_or("Same") {
        "Same" if !same => return Err(Refusal::Namespace),
        "None" => return Err(Refusal::Namespace),
        _ => {}
    }
    match hosts(listener, route).is_empty() {
        true => Err(Refusal::Host),
        false => Ok(()),
    }
}

/// The host names that a route answers to at a listener; `*` is every one.
pub fn hosts<'s>(listener: &'s Node, route: &'s Subject<'_>) -> Vec<&'s str> {
    let own = listener
        .str_at(&["hostname"])
        .filter(|host| !host.is_empty())
        .unwrap_or("*");
    let stated = route
        .object
        .node
        .at(&["spec", "hostnames"])
        .map_or(&[][..], Node::items);
    if stated.is_empty() {
        return vec![own];
    }
    let stated = stated.iter().filter_map(Node::as_str);
    stated.filter_map(|host| meet(own, host)).collect()
}

/// The names that two patterns share, as the narrower of them; a variable may be any name.
fn meet<'t>(one: &'t str, other: &'t str) -> Option<&'t str> {
    if one == "*" || other.contains("${") {
        return Some(other);
    }
    if one.eq_ignore_ascii_case(other) || one.contains("${") {
        return Some(other);
    }
    let within = |wide: &str, narrow: &str| {
        let Some(end) = wide.strip_prefix('*') else {
            return false;
        };
        let (end, narrow) = (end.to_ascii_lowercase(), narrow.to_ascii_lowercase());
        narrow.trim_start_matches('*').ends_with(&end) && narrow.len() > end.len()
    };
    match (within(one, other), within(other, one)) {
        (true, _) => Some(other),
        (_, true) => Some(one),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::meet;

    #[test]
    fn names_meet_where_one_is_within_the_other() {
        for (one, other, met) in [
            ("*", "a.example.org", Some("a.example.org")),
            ("a.example.org", "A.example.org", Some("A.example.org")),
            ("*.example.org", "a.example.org", Some("a.example.org")),
            ("*.example.org", "b.a.example.org", Some("b.a.example.org")),
            ("*.example.org", "example.org", None),
            ("a.example.org", "*.example.org", Some("a.example.org")),
            ("*.example.org", "*.a.example.org", Some("*.a.example.org")),
            ("a.example.org", "b.example.org", None),
            ("a.example.org", "${HOST}", Some("${HOST}")),
        ] {
            assert_eq!(meet(one, other), met, "{one} {other}");
        }
    }
}
