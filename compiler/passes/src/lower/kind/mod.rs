//! A Kind cluster: its config, the files that its API server mounts, and what differs from machines.
//!
//! The config names its files relative to its own folder: `kind create cluster --config NAME.yaml` is run in `kind/`.

mod contract;
mod differences;
mod host;
mod kubeadm;
#[cfg(test)]
mod tests;

use super::needs::Needs;
use super::{Cx, apiserver};
use crate::resolve::cluster::Cluster;
use contract::Contract;
pub use differences::differences;
use model::object::{Content, Document};
use syntax::{Diagnostic, Node, OriginId};

/// Writes everything that Kind reads for a cluster.
pub fn lower(cell: &Cluster<'_>, cx: &mut Cx<'_>) {
    let needs = Needs::gather(cell, "kind", cx);
    let Some(kubernetes) = kubernetes(cell, cx) else {
        return;
    };
    let contract = Contract::of(&kubernetes.scalar_text().unwrap_or_default());
    let mut host = host::host(cell, &needs, &kubernetes, cx);
    let audit = apiserver::audit(&cell.scope, cx);
    let level = apiserver::level(&cell.scope, "audit");
    let audited = level
        .as_ref()
        .is_none_or(|level| level.as_str() != Some("none"));
    let reads = [level.as_ref().map_or(cell.because, Node::origin)];
    let audited = Node::bool(audited, cx.origins.rule("kind/audited", &reads));
    kubeadm::patches(cell, &contract, &kubernetes, &audited, &mut host, cx);
    let is_audited = audited.as_bool() == Some(true);
    let scope = cell
        .scope
        .clone()
        .with("host", Node::map(host, cell.because));
    let folder = format!("kind/{}", cell.name);
    if let Some(config) = cx.shape("kind/cluster", &scope) {
        file(format!("{folder}.yaml"), config, cell.because, cx);
    }
    if let Some(audit) = audit.filter(|_| is_audited) {
        file(format!("{folder}/audit.yaml"), audit, audited.origin(), cx);
    }
    if let Some(admission) = apiserver::admission(&cell.scope, cx)
        && let Some(admission) = cx.shape("kind/admission", &scope.with("admission", admission))
    {
        let path = format!("{folder}/admission.yaml");
        file(path, admission, cell.because, cx);
    }
    cx.notes.extend(differences(cell));
    let (text, reads) = differences::document(cell);
    cx.documents.push(Document {
        path: format!("{folder}.differences.md"),
        content: Content::Text { text, reads },
        because: cell.because,
    });
}

/// The cluster's version of Kubernetes, where it states one that is known.
fn kubernetes(cell: &Cluster<'_>, cx: &mut Cx<'_>) -> Option<Node> {
    let Some(stated) = cell.settings.at(&["versions", "kubernetes"]) else {
        let missing = format!("cluster `{}` states no version of Kubernetes", cell.name);
        let place = cx.origins.place(cell.because);
        let help = format!(
            "write `versions: {{ kubernetes: {} }}`: Kind has a node image for each version",
            contract::EXAMPLE
        );
        cx.found.add(
            Diagnostic::error("no-version", missing)
                .at(place, "this cluster")
                .help(help),
        );
        return None;
    };
    if let Err((problem, help)) = Contract::knows(&stated.scalar_text().unwrap_or_default()) {
        let place = cx.origins.place(stated.origin());
        cx.found.add(
            Diagnostic::error("unknown-version", problem)
                .at(place, "this version")
                .help(help),
        );
        return None;
    }
    Some(stated.clone())
}

fn file(path: String, node: Node, because: OriginId, cx: &mut Cx<'_>) {
    cx.documents.push(Document {
        path,
        content: Content::Yaml(vec![node]),
        because,
    });
}
