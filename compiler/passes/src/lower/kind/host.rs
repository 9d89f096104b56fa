//! What the containers of a Kind cluster are: their image, addresses, ports and folders.

use crate::lower::Cx;
use crate::lower::needs::Needs;
use crate::resolve::cluster::Cluster;
use syntax::{Diagnostic, Map, Node, OriginId};

/// What the template of the cluster reads.
pub fn host(cell: &Cluster<'_>, needs: &Needs, kubernetes: &Node, cx: &mut Cx<'_>) -> Map {
    let cni = needs.get("cni").cloned();
    let cni = cni.unwrap_or_else(|| cx.text("kind/cni", "none", &[cell.because]));
    let proxy = needs.get("kubeProxy").cloned();
    let proxy = proxy
        .unwrap_or_else(|| Node::bool(true, cx.origins.rule("kind/kube-proxy", &[cell.because])));
    let mut host = Map::default();
    for (key, value) in [
        ("image", image(cell, kubernetes, cx)),
        ("family", family(cell, cx)),
        ("cni", cni),
        ("kubeProxy", proxy),
        ("ports", together(cell, needs, "ports")),
        ("mounts", together(cell, needs, "mounts")),
    ] {
        host.set(key, value.origin(), value);
    }
    clashing_ports(&host, cx);
    host
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
