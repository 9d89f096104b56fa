//! What holds for every machine of a cluster: its Talos version's contract, the endpoint, names, admission, audit.

use super::address;
use super::contract::{Contract, EXAMPLE};
use crate::lower::needs::Needs;
use crate::lower::{Cx, apiserver};
use crate::resolve::cluster::Cluster;
use syntax::{Diagnostic, Map, Node, OriginId};

/// The contract of the cluster's Talos version, and whether that Talos runs its Kubernetes.
pub fn contract(cell: &Cluster<'_>, cx: &mut Cx<'_>) -> Option<Contract> {
    let versions = cell.settings.get("versions");
    let place = cx.origins.place(cell.because);
    let Some(talos) = versions.and_then(|versions| versions.get("talos")) else {
        let missing = format!("cluster `{}` states no version of Talos", cell.name);
        let help = format!(
            "write `versions: {{ talos: {EXAMPLE} }}` beside Kubernetes': it decides how machine configs are written"
        );
        cx.found.add(
            Diagnostic::error("no-version", missing)
                .at(place, "this cluster")
                .help(help),
        );
        return None;
    };
    let contract = match Contract::of(&talos.scalar_text()?) {
        Ok(contract) => contract,
        Err((problem, help)) => {
            let place = cx.origins.place(talos.origin());
            cx.found.add(
                Diagnostic::error("unknown-version", problem)
                    .at(place, "this version")
                    .help(help),
            );
            return None;
        }
    };
    if let Some(kubernetes) = versions.and_then(|versions| versions.get("kubernetes"))
        && let Some(version) = kubernetes.as_str()
        && !contract.runs(version)
    {
        let (oldest, newest) = contract.kubernetes();
        let problem = format!("Talos {} does not run Kubernetes {version}", contract.tag());
        cx.found.add(
            Diagnostic::error("version-closure", problem)
                .at(
                    cx.origins.place(kubernetes.origin()),
                    "not run by this Talos",
                )
                .at(
                    cx.origins.place(talos.origin()),
                    format!("runs Kubernetes 1.{oldest} to 1.{newest}"),
                )
                .help("choose a Kubernetes that it runs, or a Talos that runs this Kubernetes"),
        );
    }
    Some(contract)
}

/// What holds for every machine of the cluster.
pub fn cluster(cell: &Cluster<'_>, needs: &Needs, cx: &mut Cx<'_>) -> Option<Map> {
    let mut host = Map::default();
    let kubernetes = cell.settings.at(&["versions", "kubernetes"])?;
    let version = kubernetes.scalar_text()?;
    let tag = cx.text(
        "talos/kubernetes-image",
        ecow::eco_format!("v{}", version.trim_start_matches('v')),
        &[kubernetes.origin()],
    );
    host.set("kubernetes", tag.origin(), tag);
    let endpoint = endpoint(cell, cx)?;
    host.set("endpoint", endpoint.origin(), endpoint);
    let cni = needs.get("cni").cloned();
    let cni = cni.unwrap_or_else(|| cx.text("talos/cni", "none", &[cell.because]));
    host.set("cni", cni.origin(), cni);
    let proxy = needs.get("kubeProxy").cloned();
    let proxy = proxy
        .unwrap_or_else(|| Node::bool(true, cx.origins.rule("talos/kube-proxy", &[cell.because])));
    host.set("kubeProxy", proxy.origin(), proxy);
    let schedulable = match cell.settings.get("allowSchedulingOnControlPlanes") {
        Some(said) => said.clone(),
        None => {
            let workers = cell.facts.get("workers");
            let origin = workers.map_or(cell.because, Node::origin);
            let origin = cx.origins.rule("talos/schedulable", &[origin]);
            Node::bool(workers.and_then(Node::as_i64) == Some(0), origin)
        }
    };
    host.set("schedulable", schedulable.origin(), schedulable);
    let names = names(cell, cx);
    host.set("names", names.origin(), names);
    for (key, node) in [
        ("audit", apiserver::audit(&cell.scope, cx)),
        ("admission", apiserver::admission(&cell.scope, cx)),
    ] {
        if let Some(node) = node {
            host.set(key, node.origin(), node);
        }
    }
    Some(host)
}

/// Where the control plane is reached: the cluster's endpoint, else its first machine's address.
fn endpoint(cell: &Cluster<'_>, cx: &mut Cx<'_>) -> Option<Node> {
    if let Some(endpoint) = cell.facts.get("endpoint") {
        return Some(endpoint.clone());
    }
    let nodes = cell.settings.get("nodes").map_or(&[][..], Node::entries);
    let first = nodes
        .iter()
        .find(|node| node.value.str_at(&["role"]) == Some("controlplane"));
    match first.and_then(|node| address::own(&node.value)) {
        Some((address, origin)) => {
            let host = if address.contains(':') {
                ecow::eco_format!("[{address}]")
            } else {
                address
            };
            Some(cx.text(
                "talos/endpoint",
                ecow::eco_format!("https://{host}:6443"),
                &[origin],
            ))
        }
        None => {
            let problem = format!("cluster `{}` has no address for its API", cell.name);
            let place = cx.origins.place(cell.because);
            cx.found.add(
                Diagnostic::error("no-endpoint", problem)
                    .at(place, "this cluster")
                    .help("state `network.apiServer`: a free address of the nodes' network, which the control planes share, or a host"),
            );
            None
        }
    }
}

/// The names in the certificate of the API: its host and the further ones that the spec states.
fn names(cell: &Cluster<'_>, cx: &mut Cx<'_>) -> Node {
    let host = cell.settings.at(&["network", "apiServer"]);
    let sans = cell.settings.at(&["network", "sans"]);
    let mut names: Vec<Node> = Vec::new();
    for name in host.into_iter().chain(sans.map_or(&[][..], Node::items)) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    let reads: Vec<OriginId> = host.into_iter().chain(sans).map(Node::origin).collect();
    Node::list(names, cx.origins.rule("talos/names", &reads))
}

/// The address that control planes share: `network.apiServer`, where it is a free address of the nodes' network.
pub fn vip<'a>(cell: &'a Cluster<'_>, facts: &Node) -> Option<&'a Node> {
    let host = cell.settings.at(&["network", "apiServer"])?;
    let address: std::net::IpAddr = host.as_str()?.parse().ok()?;
    if facts.str_at(&["role"]) != Some("controlplane") {
        return None;
    }
    let nodes = cell.settings.get("nodes").map_or(&[][..], Node::entries);
    let taken = nodes.iter().filter_map(|node| address::own(&node.value));
    let taken = taken
        .filter_map(|(text, _)| text.parse::<std::net::IpAddr>().ok())
        .any(|own| own == address);
    let inside = cell
        .settings
        .str_at(&["network", "nodes"])
        .is_none_or(|nodes| address::contains(nodes, address));
    (!taken && inside).then_some(host)
}
