//! HTTPRoutes that claim the same host and path at the same gateway: the younger one is never asked.

use super::{Look, items};
use crate::lint::clusters::{Cluster, id};
use crate::lint::schema::title;
use std::collections::BTreeMap;
use syntax::{Diagnostic, Node};

/// Judges a cluster.
pub(super) fn check(look: &mut Look<'_>, cluster: &Cluster) {
    let mut seen: BTreeMap<[String; 3], &Node> = BTreeMap::new();
    for (_, _, item) in items(cluster) {
        let node = &item.node;
        if node.str_at(&["kind"]) != Some("HTTPRoute") {
            continue;
        }
        for (key, at) in claims(node) {
            let first = *seen.entry(key.clone()).or_insert(node);
            if id(first) == id(node) {
                continue;
            }
            let [_, host, path] = key;
            let message = format!(
                "{} claims `{host}{path}`, as {} does",
                title(node),
                title(first)
            );
            let problem = Diagnostic::warning("duplicate-route", message)
                .at(look.repo.place(at.origin()), "claimed twice")
                .at(look.name_of(first), "the other one");
            look.add(problem.help(
                "at one gateway the older route wins: give one of them another host or path",
            ));
        }
    }
}

/// What a route claims: gateway, host and path; and where it says so.
fn claims(node: &Node) -> Vec<([String; 3], &Node)> {
    let own = id(node).0;
    let list = |key: &str| node.at(&["spec", key]).map_or(&[][..], Node::items);
    let (parents, hosts, rules) = (list("parentRefs"), list("hostnames"), list("rules"));
    let mut paths: Vec<String> = rules.iter().flat_map(paths).collect();
    paths.sort();
    paths.dedup();
    let mut all = Vec::new();
    for parent in parents {
        let text = |key: &str| parent.get(key).and_then(Node::scalar_text);
        let namespace = text("namespace").unwrap_or_else(|| own.as_str().into());
        let part = |key: &str| text(key).unwrap_or_default();
        let gateway = format!(
            "{namespace}/{}/{}/{}",
            part("name"),
            part("sectionName"),
            part("port")
        );
        for host in hosts {
            let Some(name) = host.as_str() else { continue };
            let claims = paths.iter().map(|path| -> ([String; 3], &Node) {
                let key = [gateway.clone(), name.to_lowercase(), path.clone()];
                (key, host)
            });
            all.extend(claims);
        }
    }
    all
}

/// The paths that a rule takes whatever else a request has.
fn paths(rule: &Node) -> Vec<String> {
    let Some(matches) = rule.get("matches").filter(|it| !it.items().is_empty()) else {
        return vec!["/*".to_owned()];
    };
    let narrow = ["headers", "queryParams", "method"];
    let wide = matches
        .items()
        .iter()
        .filter(|it| narrow.iter().all(|key| it.get(key).is_none()));
    let path = |it: &Node| {
        let value = it.str_at(&["path", "value"]).unwrap_or("/");
        match it.str_at(&["path", "type"]).unwrap_or("PathPrefix") {
            "PathPrefix" => format!("{}/*", value.trim_end_matches('/')),
            "Exact" => value.to_owned(),
            other => format!("{value} ({other})"),
        }
    };
    wide.map(path).collect()
}
