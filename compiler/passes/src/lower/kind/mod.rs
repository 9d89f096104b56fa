//! A Kind cluster: its config, the files that its API server mounts, and what differs from machines.
//!
//! The config names its files relative to its own folder: `kind create cluster --config NAME.yaml` is run in `kind/`.

mod contract;
mod differences;
#[cfg(test)]
mod tests;

use super::needs::Needs;
use super::{Cx, Shapes, apiserver};
use crate::resolve::cluster::Cluster;
use contract::Contract;
pub use differences::differences;
use model::object::{Content, Document};
use std::sync::Arc;
use syntax::{Diagnostic, Map, Node, OriginId};

/// The static shapes of this target.
pub const SHAPES: Shapes = &[
    ("kind/admission", include_str!("admission.yaml")),
    ("kind/cluster", include_str!("cluster.yaml")),
    ("kind/taints", include_str!("taints.yaml")),
    ("kind/v1beta3", include_str!("v1beta3.yaml")),
    ("kind/v1beta4", include_str!("v1beta4.yaml")),
];

/// Writes everything that Kind reads for a cluster.
pub fn lower(cell: &Cluster<'_>, cx: &mut Cx<'_>) {
    let needs = Needs::gather(cell, "kind", cx);
    let Some(kubernetes) = cell.settings.at(&["versions", "kubernetes"]).cloned() else {
        let missing = format!("cluster `{}` states no version of Kubernetes", cell.name);
        let place = cx.origins.place(cell.because);
        let help = "state it under `versions`: Kind has a node image for each";
        cx.found.add(
            Diagnostic::error("no-version", missing)
                .at(place, "this cluster")
                .help(help),
        );
        return;
    };
    let contract = Contract::of(&kubernetes.scalar_text().unwrap_or_default());
    let mut host = Map::default();
    set(&mut host, "image", image(cell, &kubernetes, cx));
    set(&mut host, "family", family(cell, cx));
    let cni = needs.get("cni").cloned();
    set(
        &mut host,
        "cni",
        cni.unwrap_or_else(|| cx.text("kind/cni", "none", &[cell.because])),
    );
    let proxy = needs.get("kubeProxy").cloned();
    let proxy = proxy
        .unwrap_or_else(|| Node::bool(true, cx.origins.rule("kind/kube-proxy", &[cell.because])));
    set(&mut host, "kubeProxy", proxy);
    set(&mut host, "ports", together(cell, &needs, "ports"));
    set(&mut host, "mounts", together(cell, &needs, "mounts"));
    clashing_ports(&host, cx);
    let audit = apiserver::audit(&cell.scope, cx);
    let level = apiserver::level(&cell.scope, "audit");
    let audited = level
        .as_ref()
        .is_none_or(|level| level.as_str() != Some("none"));
    let reads = [level.as_ref().map_or(cell.because, Node::origin)];
    let audited = Node::bool(audited, cx.origins.rule("kind/audited", &reads));
    kubeadm(cell, &contract, &kubernetes, &audited, &mut host, cx);
    let is_audited = audited.as_bool() == Some(true);
    let scope = cell
        .scope
        .clone()
        .with("host", Arc::new(Node::map(host, cell.because)));
    if let Some(config) = cx.shape("kind/cluster", &scope) {
        file(cell, format!("kind/{}.yaml", cell.name), config, cx);
    }
    if let Some(audit) = audit.filter(|_| is_audited) {
        file(cell, format!("kind/{}/audit.yaml", cell.name), audit, cx);
    }
    if let Some(admission) = apiserver::admission(&cell.scope, cx)
        && let Some(admission) = cx.shape(
            "kind/admission",
            &scope.with("admission", Arc::new(admission)),
        )
    {
        file(
            cell,
            format!("kind/{}/admission.yaml", cell.name),
            admission,
            cx,
        );
    }
    cx.notes.extend(differences(cell));
    let (text, reads) = differences::document(cell);
    let path = format!("kind/{}.differences.md", cell.name);
    cx.documents.push(Document {
        path,
        content: Content::Text { text, reads },
        because: cell.because,
    });
}

fn set(host: &mut Map, key: &'static str, value: Node) {
    host.set(key, value.origin(), value);
}

fn file(cell: &Cluster<'_>, path: String, node: Node, cx: &mut Cx<'_>) {
    cx.documents.push(Document {
        path,
        content: Content::Yaml(vec![node]),
        because: cell.because,
    });
}

/// The node image: the spec's own, else the one of the Kubernetes version.
fn image(cell: &Cluster<'_>, kubernetes: &Node, cx: &mut Cx<'_>) -> Node {
    if let Some(image) = cell.settings.at(&["kind", "image"]) {
        return image.clone();
    }
    let version = kubernetes.scalar_text().unwrap_or_default();
    let image = ecow::eco_format!("kindest/node:v{}", version.trim_start_matches('v'));
    cx.text("kind/image", image, &[kubernetes.origin()])
}

/// The family of addresses, by the networks of pods.
fn family(cell: &Cluster<'_>, cx: &mut Cx<'_>) -> Node {
    let pods = cell.facts.get("pods");
    let six = |node: &Node| node.as_str().is_some_and(|cidr| cidr.contains(':'));
    let items = pods.map_or(&[][..], Node::items);
    let family = match (items.iter().any(six), items.iter().all(six)) {
        (true, true) => "ipv6",
        (true, false) => "dual",
        (false, _) => "ipv4",
    };
    let reads: Vec<OriginId> = pods.into_iter().chain(items).map(Node::origin).collect();
    cx.text("kind/family", family, &reads)
}

/// What components need and the spec adds, under a word that both have.
fn together(cell: &Cluster<'_>, needs: &Needs, word: &str) -> Node {
    let said = cell.settings.at(&["kind", word]);
    let mut items = needs.get(word).map_or(&[][..], Node::items).to_vec();
    for item in said.map_or(&[][..], Node::items) {
        if !items.contains(item) {
            items.push(item.clone());
        }
    }
    Node::list(
        items,
        said.or(needs.get(word)).map_or(cell.because, Node::origin),
    )
}

/// A port of the workstation can lead to one place only.
fn clashing_ports(host: &Map, cx: &mut Cx<'_>) {
    let ports = host.get("ports").map_or(&[][..], Node::items);
    let key = |port: &Node| {
        (
            port.get("host").cloned(),
            port.str_at(&["protocol"]).unwrap_or("TCP").to_owned(),
        )
    };
    for (at, port) in ports.iter().enumerate() {
        let before = ports.iter().take(at).find(|other| key(other) == key(port));
        let (Some(other), Some(number)) = (before, port.get("host")) else {
            continue;
        };
        let shown = number.scalar_text().unwrap_or_default();
        cx.found.add(
            Diagnostic::error(
                "port-clash",
                format!("port {shown} of the workstation is taken twice"),
            )
            .at(cx.origins.place(number.origin()), "asked for here")
            .at(
                other
                    .get("host")
                    .and_then(|other| cx.origins.place(other.origin())),
                "and here",
            )
            .help("give one of the two another `host` port"),
        );
    }
}

/// The patches of kubeadm's configuration: the API server's flags and files, and taints.
fn kubeadm(
    cell: &Cluster<'_>,
    contract: &Contract,
    kubernetes: &Node,
    audited: &Node,
    host: &mut Map,
    cx: &mut Cx<'_>,
) {
    let version = cx.text("kind/kubeadm", contract.kubeadm(), &[kubernetes.origin()]);
    let scope = cell
        .scope
        .clone()
        .with("audited", Arc::new(audited.clone()))
        .with("kubeadm", Arc::new(version));
    let (mut merges, mut operations) = (Vec::new(), Vec::new());
    if contract.arguments_are_a_list() {
        if let Some(patch) = cx
            .shape("kind/v1beta4", &scope)
            .map(|node| printed(node, cx))
        {
            let of = cx.origins.rule("kind/kubeadm", &[kubernetes.origin()]);
            let word = |text: &'static str| Node::string(text, of);
            let target = [
                ("group", word("kubeadm.k8s.io")),
                ("version", word(contract.kubeadm())),
                ("kind", word("ClusterConfiguration")),
                ("patch", patch),
            ];
            operations.push(Node::from_entries(target, of));
        }
    } else if let Some(patch) = cx.shape("kind/v1beta3", &scope) {
        merges.push(printed(patch, cx));
    }
    let mut planes = Vec::new();
    if schedulable(cell)
        && let Some(patches) = cx.shape("kind/taints", &scope)
    {
        planes.extend(
            patches
                .items()
                .to_vec()
                .into_iter()
                .map(|patch| printed(patch, cx)),
        );
    }
    for (key, list) in [
        ("merges", merges),
        ("operations", operations),
        ("planePatches", planes),
    ] {
        let reads: Vec<OriginId> = list
            .iter()
            .map(Node::origin)
            .chain([kubernetes.origin()])
            .collect();
        let origin = cx.origins.rule("kind/patches", &reads);
        host.set(key, origin, Node::list(list, origin));
    }
}

/// A patch as the text that Kind wants.
fn printed(patch: Node, cx: &mut Cx<'_>) -> Node {
    let mut reads: Vec<OriginId> = vec![patch.origin()];
    reads.extend(patch.leaves().map(|(_, leaf)| leaf.origin()));
    reads.dedup();
    let text = syntax::print::print(&patch);
    cx.text("kind/patch", text, &reads)
}

/// Whether control planes take workloads though there are other nodes; a single node is Kind's own affair.
fn schedulable(cell: &Cluster<'_>) -> bool {
    let count = |key: &str| cell.facts.get(key).and_then(Node::as_i64).unwrap_or(0);
    let (planes, workers) = (count("controlPlanes"), count("workers"));
    let said = cell
        .settings
        .get("allowSchedulingOnControlPlanes")
        .and_then(Node::as_bool);
    planes + workers > 1 && said.unwrap_or(workers == 0)
}
