//! What the templates of a machine read: needs of components below, facts of the spec above, in Talos' forms.

use super::contract::Contract;
use super::disk;
use super::make::Make;
use crate::lower::needs::{Needs, module_entry, text};
use crate::resolve::cluster::Cluster;
use syntax::{Diagnostic, Entry, Map, Node, Origin, OriginId, Text};

/// The facts that machines may have in common: who agrees in them shares all that is made from them.
pub const SHARED: [&str; 16] = [
    "nameservers",
    "searchDomains",
    "ntp",
    "hosts",
    "env",
    "volumes",
    "modules",
    "sysctls",
    "sysfs",
    "labels",
    "annotations",
    "taints",
    "registries",
    "files",
    "firewall",
    "extensionServices",
];

/// What components need, as the templates take it.
const NEEDED: [&str; 6] = [
    "kubeletArgs",
    "apiServerArgs",
    "controllerManagerArgs",
    "schedulerArgs",
    "etcdArgs",
    "mounts",
];

/// What one machine's templates are made from.
pub struct Source<'a> {
    /// The cell.
    pub cell: &'a Cluster<'a>,
    /// What the Talos version wants.
    pub contract: &'a Contract,
    /// What components need.
    pub needs: &'a Needs,
    /// What holds for the whole cluster: versions, endpoint, names, admission, audit.
    pub cluster: &'a Map,
}

/// The `host` of the templates, for machines with these facts.
pub fn host(source: &Source<'_>, facts: &Node, make: &mut Make<'_>) -> Node {
    let mut host = source.cluster.clone();
    let because = facts.origin();
    if let Some(role) = facts.get("role") {
        host.set("role", role.origin(), role.clone());
    }
    for word in NEEDED {
        if let Some(value) = source.needs.get(word) {
            host.set(word, value.origin(), value.clone());
        }
    }
    if let Some(access) = api_access(source, make) {
        host.set("apiAccess", access.origin(), access);
    }
    for word in ["sysctls", "modules"] {
        if let Some(value) = over_needs(source, word, facts, make) {
            host.set(word, value.origin(), value);
        }
    }
    if let Some(sysfs) = facts.get("sysfs") {
        host.set("sysfs", sysfs.origin(), texts(sysfs));
    }
    names_and_time(source, facts, &mut host);
    kubernetes_node(source, facts, &mut host, make);
    if let Some(files) = facts.get("files") {
        let written = files.items().iter().map(|item| file(item, make));
        host.set("files", files.origin(), Node::list(written, files.origin()));
    }
    if let Some(env) = facts.get("env") {
        let key = if source.contract.environment_document() {
            "environment"
        } else {
            "env"
        };
        host.set(key, env.origin(), texts(env));
    }
    let empty = || Node::map(Map::default(), because);
    let volumes = facts.get("volumes");
    let volumes = volumes.map_or_else(empty, |volumes| disk::volumes(volumes, make));
    host.set("volumes", volumes.origin(), volumes);
    let registries = |key: &str| facts.at(&["registries", key]).cloned();
    for (key, value) in [
        ("hosts", facts.get("hosts").cloned()),
        ("mirrors", registries("mirrors")),
        ("registryTLS", registries("tls")),
        ("extensionServices", facts.get("extensionServices").cloned()),
        ("firewallRules", None),
    ] {
        let value = value.unwrap_or_else(empty);
        host.set(key, value.origin(), value);
    }
    Node::map(host, because)
}

/// Whose pods may call Talos: every namespace that a component asks for, and the roles of all of them.
fn api_access(source: &Source<'_>, make: &mut Make<'_>) -> Option<Node> {
    let asked = source.needs.get("apiAccess")?.items();
    let (mut roles, mut namespaces): (Vec<Node>, Vec<Node>) = (Vec::new(), Vec::new());
    for access in asked {
        let wanted = access.get("roles").map_or(&[][..], Node::items).iter();
        roles.extend(wanted.cloned());
        namespaces.extend(access.get("namespace").cloned());
    }
    let reads: Vec<OriginId> = asked.iter().map(Node::origin).collect();
    let origin = make.origins.rule("talos/api-access", &reads);
    let list = |mut nodes: Vec<Node>| {
        nodes.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
        nodes.dedup();
        Node::list(nodes, origin)
    };
    let lists = [("roles", list(roles)), ("namespaces", list(namespaces))];
    Some(Node::from_entries(lists, origin))
}

/// Resolvers and time servers: the machine's, else the cluster's.
fn names_and_time(source: &Source<'_>, facts: &Node, host: &mut Map) {
    let network = |key: &str| source.cell.settings.at(&["network", key]);
    let said = |key: &str| facts.get(key).or_else(|| network(key));
    let mut resolver = Map::default();
    for (key, value) in [
        ("nameservers", said("nameservers")),
        ("searchDomains", facts.get("searchDomains")),
    ] {
        if let Some(value) = value {
            resolver.set(key, value.origin(), value.clone());
        }
    }
    if !resolver.is_empty() {
        host.set(
            "resolver",
            facts.origin(),
            Node::map(resolver, facts.origin()),
        );
    }
    if let Some(ntp) = said("ntp") {
        host.set("ntp", ntp.origin(), ntp.clone());
    }
    if let Some(nodes) = network("nodes") {
        host.set("nodes", nodes.origin(), nodes.clone());
    }
}

/// Labels, annotations and taints of the Kubernetes Node. Control planes that take no workloads get no outside traffic.
fn kubernetes_node(source: &Source<'_>, facts: &Node, host: &mut Map, make: &mut Make<'_>) {
    let schedulable = source
        .cluster
        .get("schedulable")
        .and_then(Node::as_bool)
        .unwrap_or(false);
    let mut labels = Map::default();
    if facts.str_at(&["role"]) == Some("controlplane") && !schedulable {
        let reads: Vec<OriginId> = [facts.get("role"), source.cluster.get("schedulable")]
            .into_iter()
            .flatten()
            .map(Node::origin)
            .collect();
        let empty = make.text("talos/no-outside-traffic", "", &reads);
        labels.set(
            "node.kubernetes.io/exclude-from-external-load-balancers",
            empty.origin(),
            empty,
        );
    }
    let said = facts.get("labels");
    for entry in said.map_or(&[][..], Node::entries) {
        labels.set(entry.key.clone(), entry.key_origin, text(&entry.value));
    }
    if !labels.is_empty() {
        let origin = said.map_or(facts.origin(), Node::origin);
        host.set("labels", origin, Node::map(labels, origin));
    }
    for key in ["annotations", "taints"] {
        if let Some(value) = facts.get(key) {
            host.set(key, value.origin(), texts(value));
        }
    }
}

/// Facts over needs, key by key; a fact that contradicts a need holds, and says so.
fn over_needs(
    source: &Source<'_>,
    word: &'static str,
    facts: &Node,
    make: &mut Make<'_>,
) -> Option<Node> {
    let need = source.needs.get(word);
    let fact = facts.get(word);
    let origin = fact.or(need)?.origin();
    let mut together = need.and_then(Node::as_map).cloned().unwrap_or_default();
    for entry in entries(fact) {
        let Some(known) = together.get(&entry.key).cloned() else {
            together.push(entry);
            continue;
        };
        if known != entry.value {
            contradicts(source, word, &entry, &known, make);
        }
        let winner = entry.value.origin();
        let merged = make.origins.add(Origin::Merged {
            winner,
            losers: [known.origin()].into(),
        });
        together.set(entry.key, entry.key_origin, entry.value.with_origin(merged));
    }
    Some(Node::map(together, origin))
}

/// The entries of a fact: of a map with texts as values, or of a list of kernel modules.
fn entries(fact: Option<&Node>) -> Vec<Entry> {
    let Some(fact) = fact else { return Vec::new() };
    let from_map = fact.entries().iter().map(|entry| Entry {
        value: text(&entry.value),
        ..entry.clone()
    });
    let from_list = fact.items().iter().filter_map(|item| {
        let (key, value) = module_entry(item)?;
        Some(Entry {
            key,
            key_origin: item.origin(),
            value,
        })
    });
    from_map.chain(from_list).collect()
}

fn contradicts(source: &Source<'_>, word: &str, entry: &Entry, known: &Node, make: &mut Make<'_>) {
    let who = source
        .needs
        .asker(word, &entry.key)
        .unwrap_or("a component");
    let place = |origin| make.origins.place(origin);
    make.found.add(
        Diagnostic::warning(
            "need-overridden",
            format!("`{}` is not what `{who}` needs", entry.key),
        )
        .at(place(entry.value.origin()), "stated here, and it holds")
        .at(place(known.origin()), format!("`{who}` needs this"))
        .help("take it out unless you know better"),
    );
}

/// A map with every value as text.
fn texts(node: &Node) -> Node {
    let mut map = Map::default();
    for entry in node.entries() {
        map.push(Entry {
            value: text(&entry.value),
            ..entry.clone()
        });
    }
    Node::map(map, node.origin())
}

/// A file as Talos writes it: the mode as a number.
fn file(file: &Node, make: &mut Make<'_>) -> Node {
    let mut map = Map::default();
    let origin = file.origin();
    for key in ["path", "content"] {
        if let Some(entry) = file.as_map().and_then(|map| map.entry(key)) {
            map.push(entry.clone());
        }
    }
    let mode = file.get("permissions");
    let digits = mode
        .and_then(Node::scalar_text)
        .unwrap_or_else(|| Text::from("0644"));
    let reads = [mode.map_or(origin, Node::origin)];
    let number = i64::from_str_radix(&digits, 8).unwrap_or(0o644);
    let at = make.origins.rule("talos/file-mode", &reads);
    map.set("permissions", at, Node::integer(number, at));
    let op = file
        .get("op")
        .cloned()
        .unwrap_or_else(|| make.text("talos/file-op", "create", &[origin]));
    map.set("op", op.origin(), op);
    Node::map(map, origin)
}
