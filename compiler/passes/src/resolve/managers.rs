//! Clusters that make others: who manages whom, and what a manager has to know of them.
//!
//! `managedBy` and `infrastructure` are said by a cluster's own layers alone, so no level has to be merged to see them.

use super::{ClusterSpec, Platform};
use std::collections::BTreeMap;
use syntax::suggest::nearest;
use syntax::{Diagnostic, Diagnostics, Map, Node, OriginId, Origins, Text};

/// The capability whose component makes clusters.
pub const MANAGER: &str = "clusters.manager";
/// The namespace of a manager that holds its clusters, their classes and their credentials.
pub const NAMESPACE: &str = "clusters";
/// The provider of clusters that others make.
pub const PROVIDER: &str = "capi";

/// By manager: the places of its clusters in the platform's list.
pub type Managers = BTreeMap<Text, Vec<usize>>;

/// What a cluster's own layers say last.
fn last<'c>(cluster: &'c ClusterSpec, path: &[&str]) -> Option<&'c Node> {
    cluster.layers.iter().rev().find_map(|layer| layer.at(path))
}

fn is_managed(cluster: &ClusterSpec) -> bool {
    last(cluster, &["provider"]).and_then(Node::as_str) == Some(PROVIDER)
}

/// Who manages whom; a manager that is none is reported.
pub(super) fn managers(
    clusters: &[ClusterSpec],
    origins: &Origins,
    found: &mut Diagnostics,
) -> Managers {
    let by_name: BTreeMap<&Text, &ClusterSpec> = clusters.iter().map(|c| (&c.name, c)).collect();
    let mut managers = Managers::new();
    for (at, cluster) in clusters.iter().enumerate() {
        if !is_managed(cluster) {
            continue;
        }
        let Some((stated, name)) =
            last(cluster, &["managedBy"]).and_then(|node| Some((node, node.as_str()?)))
        else {
            continue;
        };
        match by_name
            .get(&Text::from(name))
            .filter(|manager| !is_managed(manager))
        {
            Some(manager) => {
                docker_in_kind(cluster, manager, origins, found);
                managers.entry(name.into()).or_default().push(at);
            }
            None => found.add(no_manager(cluster, stated, name, &by_name, origins)),
        }
    }
    managers
}

/// Why a cluster can't be the manager of another.
fn no_manager(
    cluster: &ClusterSpec,
    stated: &Node,
    name: &str,
    known: &BTreeMap<&Text, &ClusterSpec>,
    origins: &Origins,
) -> Diagnostic {
    let place = origins.place(stated.origin());
    let able: Vec<&str> = known
        .iter()
        .filter(|(_, other)| !is_managed(other))
        .map(|(name, _)| name.as_str())
        .collect();
    let able_text = || match able.as_slice() {
        [] => "add a cluster of provider `talos` or `kind` that makes it".to_owned(),
        some => format!("there are: {}", some.join(", ")),
    };
    if name == cluster.name {
        return Diagnostic::error("own-manager", "a cluster can't make itself")
            .at(place, "its own name")
            .help(able_text());
    }
    if let Some(other) = known.get(&Text::from(name)) {
        let message = format!("`{name}` is made by Cluster API itself, and can't make clusters");
        return Diagnostic::error("managed-manager", message)
            .at(place, "not a manager")
            .at(
                last(other, &["provider"]).and_then(|node| origins.place(node.origin())),
                "its provider",
            )
            .help(able_text());
    }
    let problem = Diagnostic::error("unknown-manager", format!("there is no cluster `{name}`"))
        .at(place, "not under `clusters`");
    match (nearest(name, able.iter().copied()), place) {
        (Some(near), Some(span)) => problem
            .help(format!("did you mean `{near}`?"))
            .fix(span, near),
        (Some(near), None) => problem.help(format!("did you mean `{near}`?")),
        (None, _) => problem.help(able_text()),
    }
}

/// Containers are made where the manager's own containers are.
fn docker_in_kind(
    cluster: &ClusterSpec,
    manager: &ClusterSpec,
    origins: &Origins,
    found: &mut Diagnostics,
) {
    let (Some(docker), Some(provider)) = (
        last(cluster, &["infrastructure", "docker"]),
        last(manager, &["provider"]),
    ) else {
        return;
    };
    if provider.as_str() == Some("kind") {
        return;
    }
    let message = format!(
        "containers are made beside a manager in Kind, and `{}` is none",
        manager.name
    );
    found.add(
        Diagnostic::error("docker-without-kind", message)
            .at(
                origins.place(docker.origin()),
                "there is no container runtime to reach",
            )
            .at(origins.place(provider.origin()), "the manager's provider")
            .help("choose another `infrastructure`, or a manager of `provider: kind`"),
    );
}

/// The clusters that a cluster makes.
pub fn managed<'p>(platform: &'p Platform, name: &str) -> impl Iterator<Item = &'p ClusterSpec> {
    let places = platform.managers.get(name).map_or(&[][..], Vec::as_slice);
    places.iter().filter_map(|at| platform.clusters.get(*at))
}

/// What `cluster.manages` means in templates; `None` in a cluster that makes no others.
pub(super) fn facts(platform: &Platform, name: &str, origins: &mut Origins) -> Option<Node> {
    let mut said: Vec<OriginId> = Vec::new();
    let mut kinds: BTreeMap<Text, OriginId> = BTreeMap::new();
    let mut secrets: BTreeMap<Text, Node> = BTreeMap::new();
    let mut ports: BTreeMap<i64, OriginId> = BTreeMap::new();
    for cluster in managed(platform, name) {
        said.extend(last(cluster, &["managedBy"]).map(Node::origin));
        for layer in &cluster.layers {
            for kind in layer.get("infrastructure").map_or(&[][..], Node::entries) {
                kinds.entry(kind.key.clone()).or_insert(kind.key_origin);
            }
        }
        let proxmox = |key| last(cluster, &["infrastructure", "proxmox", key]);
        if let Some((secret, text)) =
            proxmox("secret").and_then(|node| Some((node, node.as_str()?)))
        {
            secrets.entry(text.into()).or_insert_with(|| secret.clone());
        }
        if let Some((endpoint, port)) =
            proxmox("endpoint").and_then(|node| Some((node, port(node.as_str()?))))
        {
            ports.entry(port).or_insert(endpoint.origin());
        }
    }
    said.sort_unstable();
    said.dedup();
    let first = *said.first()?;
    let origin = origins.rule("cluster/manages", &[first]);
    let mut map = Map::default();
    map.set("namespace", origin, Node::string(NAMESPACE, origin));
    let kinds = kinds
        .into_iter()
        .map(|(kind, origin)| Node::string(kind, origin));
    map.set("infrastructures", origin, Node::list(kinds, origin));
    map.set("secrets", origin, Node::list(secrets.into_values(), origin));
    let ports = ports
        .into_iter()
        .map(|(port, origin)| Node::integer(port, origin));
    map.set("ports", origin, Node::list(ports, origin));
    Some(Node::map(map, origin))
}

/// The port of a web address.
fn port(url: &str) -> i64 {
    let (scheme, rest) = url.split_once("://").unwrap_or(("https", url));
    let host = rest.split('/').next().unwrap_or_default();
    let stated = host
        .rsplit_once(':')
        .and_then(|(_, port)| port.parse().ok());
    stated.unwrap_or(if scheme == "http" { 80 } else { 443 })
}

#[cfg(test)]
mod tests {
    use super::port;

    #[test]
    fn addresses_have_ports() {
        assert_eq!(port("https://pve.example.org:8006/api2"), 8006);
        assert_eq!(port("https://[fd00::1]:8006"), 8006);
        assert_eq!(port("https://pve.example.org/x:1"), 443);
        assert_eq!(port("http://pve"), 80);
        assert_eq!(port("https://[fd00::1]/"), 443);
    }
}
