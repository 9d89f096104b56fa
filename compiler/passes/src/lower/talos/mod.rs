//! Talos machine configs: one file per node, whole but for its secrets, which are merged in when it is applied.
//!
//! What machines of a cluster have in common is made once from templates; over it come the disk, image, names and links
//! of each machine, then the patches of the spec, general to specific.

mod contract;
mod disk;
mod host;
mod image;
mod link;
mod make;
mod patch;
mod patches;
mod schematic;
#[cfg(test)]
mod tests;

use super::needs::Needs;
use super::{Cx, Shapes, apiserver};
use crate::template::Scope;
use contract::Contract;
use host::Source;
use make::Make;
use model::object::{Content, Document};
use patches::Patches;
use std::sync::Arc;
use syntax::merge::{MergeRules, merge};
use syntax::{Diagnostic, Entry, Kind, Map, Node, OriginId, Text};

/// The static shapes of this target.
pub const SHAPES: Shapes = &[
    ("talos/documents", include_str!("documents.yaml")),
    ("talos/firewall", include_str!("firewall.yaml")),
    ("talos/v1alpha1", include_str!("v1alpha1.yaml")),
];

/// A cluster as this target reads it.
pub struct Cell<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its settings and identity, merged.
    pub settings: &'a Node,
    /// What `cluster` means in templates.
    pub facts: &'a Node,
    /// What templates see.
    pub scope: &'a Scope,
    /// What each component needs of the hosts, by the component's name.
    pub needs: Vec<(Text, Node)>,
    /// Why the cluster is there.
    pub because: OriginId,
}

/// Machines with the same shared facts, and what was made from them.
struct Common {
    facts: Node,
    main: Node,
    documents: Vec<Node>,
}

/// Writes the config of every machine of a cluster.
pub fn machines(cell: &Cell<'_>, cx: &mut Cx<'_>) {
    let Some(contract) = contract(cell, cx) else { return };
    let needs = Needs::gather(&cell.needs, cx.origins, cx.found);
    let Some(cluster) = cluster(cell, &needs, cx) else { return };
    let source = Source { cell, contract: &contract, needs: &needs, cluster: &cluster };
    let mut patches = Patches::of(cell.settings, cx);
    let mut commons: Vec<Common> = Vec::new();
    let mut images = image::Images::new(&contract);
    let nodes = cell.settings.get("nodes").map_or(&[][..], Node::entries);
    for node in nodes.iter().filter(|node| node.value.as_map().is_some()) {
        let facts = merged_facts(cell, node, cx);
        let shared = shared(&facts);
        let at = commons.iter().position(|common| identical(&common.facts, &shared));
        if at.is_none() {
            let made = common(&source, shared, cx);
            commons.push(made);
        }
        let Some(common) = at.map_or_else(|| commons.last(), |at| commons.get(at)) else { continue };
        let mut documents = Vec::with_capacity(common.documents.len() + 4);
        documents.push(common.main.clone());
        own_documents(&source, node, &facts, &mut images, &mut documents, cx);
        documents.extend(common.documents.iter().cloned());
        depends_on_role(cell, node, &mut documents, cx);
        patches.apply(node, &mut documents, cx);
        let path = format!("machines/{}/{}.yaml", cell.name, node.key);
        cx.documents.push(Document { path, content: Content::Yaml(documents), because: node.key_origin });
    }
    patches.report(cx);
    images.write(cell.name, cx);
}

/// The contract of the cluster's Talos version, and whether that Talos runs its Kubernetes.
fn contract(cell: &Cell<'_>, cx: &mut Cx<'_>) -> Option<Contract> {
    let versions = cell.settings.get("versions");
    let place = cx.origins.place(cell.because);
    let Some(talos) = versions.and_then(|versions| versions.get("talos")) else {
        let missing = format!("cluster `{}` states no version of Talos", cell.name);
        let help = "state it: `versions: { talos: 1.13.9 }`; it decides how machine configs are written";
        cx.found.add(Diagnostic::error("no-version", missing).at(place, "this cluster").help(help));
        return None;
    };
    let contract = match Contract::of(&talos.scalar_text()?) {
        Ok(contract) => contract,
        Err((problem, help)) => {
            let place = cx.origins.place(talos.origin());
            cx.found.add(Diagnostic::error("unknown-version", problem).at(place, "this version").help(help));
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
                .at(cx.origins.place(kubernetes.origin()), "not run by this Talos")
                .at(cx.origins.place(talos.origin()), format!("runs Kubernetes 1.{oldest} to 1.{newest}"))
                .help("choose a Kubernetes that it runs, or a Talos that runs this Kubernetes"),
        );
    }
    Some(contract)
}

/// What holds for every machine of the cluster.
fn cluster(cell: &Cell<'_>, needs: &Needs, cx: &mut Cx<'_>) -> Option<Map> {
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
    let proxy = proxy.unwrap_or_else(|| Node::bool(true, cx.origins.rule("talos/kube-proxy", &[cell.because])));
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
    for (key, node) in [("audit", apiserver::audit(cell.scope, cx)), ("admission", apiserver::admission(cell.scope, cx))]
    {
        if let Some(node) = node {
            host.set(key, node.origin(), node);
        }
    }
    Some(host)
}

/// Where the control plane is reached: the cluster's endpoint, else its first machine's address.
fn endpoint(cell: &Cell<'_>, cx: &mut Cx<'_>) -> Option<Node> {
    if let Some(endpoint) = cell.facts.get("endpoint") {
        return Some(endpoint.clone());
    }
    let nodes = cell.settings.get("nodes").map_or(&[][..], Node::entries);
    let first = nodes.iter().find(|node| node.value.str_at(&["role"]) == Some("controlplane"));
    match first.and_then(|node| link::own_address(&node.value)) {
        Some((address, origin)) => {
            let host = if address.contains(':') { ecow::eco_format!("[{address}]") } else { address };
            Some(cx.text("talos/endpoint", ecow::eco_format!("https://{host}:6443"), &[origin]))
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
fn names(cell: &Cell<'_>, cx: &mut Cx<'_>) -> Node {
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

/// A machine's facts: the cluster's, its role's, its own. Patches stay apart: they are applied one level at a time.
fn merged_facts(cell: &Cell<'_>, node: &Entry, cx: &mut Cx<'_>) -> Node {
    let role = node.value.str_at(&["role"]).unwrap_or("worker");
    let levels = [cell.settings.get("machine"), cell.settings.at(&["roles", role]), Some(&node.value)];
    let mut merged = Node::map(Map::default(), node.key_origin);
    for level in levels.into_iter().flatten().filter(|level| level.as_map().is_some()) {
        let mut level = level.clone();
        if let Some(map) = level.as_map_mut() {
            map.remove("patches");
        }
        merged = if merged.entries().is_empty() {
            level
        } else {
            merge(merged, level, &MergeRules::none(), cx.origins, cx.found)
        };
    }
    let mut facts = Map::default();
    for entry in merged.entries().iter().filter(|entry| !entry.value.is_null()) {
        facts.push(entry.clone());
    }
    Node::map(facts, node.key_origin)
}

/// Marks what a machine's role decided: the main document and firewall rules, and everything where roles have facts.
fn depends_on_role(cell: &Cell<'_>, node: &Entry, documents: &mut [Node], cx: &mut Cx<'_>) {
    let Some(role) = node.value.get("role") else { return };
    let everything = cell.settings.get("roles").is_some_and(|roles| !roles.entries().is_empty());
    for (at, document) in documents.iter_mut().enumerate() {
        if at == 0 || everything || document.str_at(&["kind"]) == Some("NetworkRuleConfig") {
            let origin = cx.origins.rule("talos/role", &[document.origin(), role.origin()]);
            *document = std::mem::replace(document, Node::null(origin)).with_origin(origin);
        }
    }
}

/// The part of a machine's facts that others may share. Roles are compared by what they say, not by where.
fn shared(facts: &Node) -> Node {
    let mut shared = Map::default();
    for key in host::SHARED {
        if let Some(entry) = facts.as_map().and_then(|map| map.entry(key)) {
            shared.push(entry.clone());
        }
    }
    Node::map(shared, OriginId::default())
}

/// Whether two trees agree in data and origins.
fn identical(a: &Node, b: &Node) -> bool {
    let role = |node: &Node| matches!(node.as_str(), Some("controlplane" | "worker"));
    (a.origin() == b.origin() || role(a))
        && match (a.kind(), b.kind()) {
            (Kind::Map(a), Kind::Map(b)) => {
                a.len() == b.len()
                    && a.entries().iter().zip(b.entries()).all(|(a, b)| a.key == b.key && identical(&a.value, &b.value))
            }
            (Kind::List(a), Kind::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| identical(a, b)),
            (a, b) => a == b,
        }
}

/// Everything that machines with these facts have in common.
fn common(source: &Source<'_>, facts: Node, cx: &mut Cx<'_>) -> Common {
    let mut make = Make { origins: cx.origins, found: cx.found };
    let mut host = host::host(source, &facts, &mut make);
    firewall(source, &facts, &mut host, cx);
    let scope = source.cell.scope.clone().with("host", Arc::new(host));
    let null = || Node::null(OriginId::default());
    let mut main = cx.shape("talos/v1alpha1", &scope).unwrap_or_else(null);
    prune(&mut main);
    let documents = cx.shape("talos/documents", &scope).unwrap_or_else(null);
    let documents = documents.items().to_vec();
    Common { facts, main, documents }
}

/// Drops maps that became empty because everything in them was left out.
fn prune(node: &mut Node) {
    for path in [["machine", "kernel"], ["machine", "kubelet"], ["cluster", "etcd"]] {
        let section = node.as_map_mut().and_then(|map| map.get_mut(path[0])).and_then(Node::as_map_mut);
        if let Some(section) = section
            && section.get(path[1]).and_then(Node::as_map).is_some_and(Map::is_empty)
        {
            section.remove(path[1]);
        }
    }
}

/// The firewall: what the spec says over the rules without which a blocked cluster is dead.
fn firewall(source: &Source<'_>, facts: &Node, host: &mut Node, cx: &mut Cx<'_>) {
    let Some(firewall) = facts.get("firewall") else { return };
    let default = firewall.get("default").cloned();
    let default = default.unwrap_or_else(|| cx.text("talos/firewall", "block", &[firewall.origin()]));
    let mut rules = Map::default();
    if default.as_str() == Some("block") {
        let scope = source.cell.scope.clone().with("host", Arc::new(host.clone()));
        if let Some(vital) = cx.shape("talos/firewall", &scope) {
            rules = vital.as_map().cloned().unwrap_or_default();
        }
    }
    for rule in firewall.get("rules").map_or(&[][..], Node::entries) {
        rules.set(rule.key.clone(), rule.key_origin, rule.value.clone());
    }
    if let Some(host) = host.as_map_mut() {
        host.set("firewallDefault", default.origin(), default);
        host.set("firewallRules", firewall.origin(), Node::map(rules, firewall.origin()));
    }
}

/// What is the machine's alone: disk, image and names in the main document, then its hostname and links.
fn own_documents(
    source: &Source<'_>,
    node: &Entry,
    facts: &Node,
    images: &mut image::Images<'_>,
    documents: &mut Vec<Node>,
    cx: &mut Cx<'_>,
) {
    let settings = source.cell.settings;
    let empty = Node::map(Map::default(), OriginId::default());
    let network = settings.get("network").unwrap_or(&empty);
    let mut make = Make { origins: cx.origins, found: cx.found };
    let size = settings.str_at(&["size"]).and_then(|size| settings.at(&["sizes", size, "disk"]));
    let install = image::install(source, node, facts, size, images, &mut make);
    let names = source.cluster.get("names").map_or(&[][..], Node::items);
    if let Some(machine) = documents.first_mut().and_then(Node::as_map_mut).and_then(|main| main.get_mut("machine")) {
        image::set_own(machine, install, names, facts);
    }
    let mut hostname = make.document("HostnameConfig", None, node.key_origin);
    hostname.set("hostname", node.key_origin, Node::string(node.key.clone(), node.key_origin));
    documents.push(Node::map(hostname, node.key_origin));
    let vip = vip(source.cell, facts);
    let wanted = link::Wanted { facts, network, vip, because: node.key_origin };
    let links = link::links(&wanted, &mut make);
    if !links.addressed {
        let problem = format!("node `{}` has no address", node.key);
        let place = cx.origins.place(node.key_origin);
        let help = "state its `address`, or let it ask a DHCP server: `dhcp: true`";
        cx.found.add(Diagnostic::error("no-address", problem).at(place, "neither address nor DHCP").help(help));
    }
    documents.extend(links.documents);
}

/// The address that control planes share: `network.apiServer`, where it is a free address of the nodes' network.
fn vip<'a>(cell: &'a Cell<'_>, facts: &Node) -> Option<&'a Node> {
    let host = cell.settings.at(&["network", "apiServer"])?;
    let address: std::net::IpAddr = host.as_str()?.parse().ok()?;
    if facts.str_at(&["role"]) != Some("controlplane") {
        return None;
    }
    let nodes = cell.settings.get("nodes").map_or(&[][..], Node::entries);
    let taken = nodes.iter().filter_map(|node| link::own_address(&node.value));
    let taken = taken.filter_map(|(text, _)| text.parse::<std::net::IpAddr>().ok()).any(|own| own == address);
    let inside = cell.settings.str_at(&["network", "nodes"]).is_none_or(|nodes| link::contains(nodes, address));
    (!taken && inside).then_some(host)
}
