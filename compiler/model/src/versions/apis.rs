//! Which versions of kinds come and go, and how long Kubernetes itself is mended.

use super::{Minor, data, minor};
use std::collections::BTreeMap;
use std::sync::OnceLock;
use syntax::Node;

/// A version of a kind that not every cluster serves, or that there is a better one for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Api {
    /// The Kubernetes that served it first.
    pub since: Option<Minor>,
    /// Whether it is deprecated: since this Kubernetes, or, of a CRD, since its project says so.
    pub deprecated: Option<Deprecated>,
    /// The Kubernetes that no longer serves it.
    pub gone: Option<Minor>,
    /// Whether it is served only where somebody asks for it.
    pub asked: bool,
    /// What to write instead, as `group/version Kind`.
    pub instead: Option<String>,
}

/// Since when a version is deprecated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deprecated {
    /// Since this Kubernetes.
    Kubernetes(Minor),
    /// Its CRD says so.
    Definition,
}

/// By group, kind and version.
type Table = BTreeMap<String, BTreeMap<String, BTreeMap<String, Api>>>;

/// What is known of a version of a kind.
#[must_use]
pub fn api(group: &str, kind: &str, version: &str) -> Option<&'static Api> {
    static TABLE: OnceLock<Table> = OnceLock::new();
    let table = TABLE.get_or_init(read);
    table.get(group)?.get(kind)?.get(version)
}

/// The last day on which a minor version of Kubernetes is mended.
#[must_use]
pub fn support_ends(kubernetes: Minor) -> Option<&'static str> {
    let ends = data().at(&["kubernetes", "support", "ends"])?;
    ends.str_at(&[&super::shown(kubernetes)])
}

fn read() -> Table {
    let mut table = Table::new();
    for path in [&["kubernetes", "apis", "rows"][..], &["kinds", "rows"]] {
        for row in data().at(path).map_or(&[][..], Node::items) {
            add(&mut table, row);
        }
    }
    table
}

fn add(table: &mut Table, row: &Node) {
    let group = row.str_at(&["group"]).unwrap_or_default();
    let versions = row.get("versions").map_or(&[][..], Node::entries);
    let elsewhere = row.get("instead").and_then(|it| it.entries().first());
    let best = versions.last().map(|entry| entry.key.as_str());
    for kind in row.get("kinds").map_or(&[][..], Node::items) {
        let kind = kind.as_str().unwrap_or_default();
        let kinds = table.entry(group.to_owned()).or_default();
        let known = kinds.entry(kind.to_owned()).or_default();
        for entry in versions {
            let instead = match (elsewhere, best) {
                (Some(other), _) => {
                    let kind = other.value.as_str().unwrap_or_default();
                    Some(format!("{} {kind}", other.key))
                }
                (None, Some(best)) if entry.key != best => Some(format!("{group}/{best} {kind}")),
                (None, _) => None,
            };
            known.insert(entry.key.to_string(), one(&entry.value, instead));
        }
    }
}

fn one(node: &Node, instead: Option<String>) -> Api {
    let at = |key: &str| node.str_at(&[key]).and_then(minor);
    let flag = |key: &str| node.get(key).and_then(Node::as_bool) == Some(true);
    let since = at("deprecated").map(Deprecated::Kubernetes);
    Api {
        since: at("since"),
        deprecated: since.or_else(|| flag("deprecated").then_some(Deprecated::Definition)),
        gone: at("gone"),
        asked: flag("asked"),
        instead,
    }
}

#[cfg(test)]
mod tests {
    use super::{Deprecated, api, support_ends};

    #[test]
    fn versions_come_and_go() {
        let old = api("networking.k8s.io", "ServiceCIDR", "v1beta1").cloned();
        let old = old.unwrap_or_default();
        assert_eq!((old.since, old.gone), (Some((1, 31)), Some((1, 37))));
        assert_eq!(old.deprecated, Some(Deprecated::Kubernetes((1, 34))));
        assert_eq!(
            old.instead.as_deref(),
            Some("networking.k8s.io/v1 ServiceCIDR")
        );
        assert!(old.asked);
        let new = api("networking.k8s.io", "ServiceCIDR", "v1").cloned();
        assert_eq!(new.and_then(|new| new.instead), None);
        let other = api("cilium.io", "CiliumLoadBalancerIPPool", "v2alpha1").cloned();
        let other = other.unwrap_or_default();
        assert_eq!(other.deprecated, Some(Deprecated::Definition));
        assert!(api("apps", "Deployment", "v1").is_none());
    }

    #[test]
    fn support_ends_some_day() {
        assert_eq!(support_ends((1, 31)), Some("2025-11-11"));
        assert_eq!(support_ends((1, 99)), None);
    }
}
