//! Patches of kubeadm's configuration: the API server's flags and files, and the taints of control planes.

use super::contract::Contract;
use crate::lower::Cx;
use crate::resolve::cluster::Cluster;
use syntax::{Map, Node, OriginId};

/// The patches of kubeadm's configuration: the API server's flags and files, and taints.
pub fn patches(
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
        .with("audited", audited.clone())
        .with("kubeadm", version);
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
