//! Reads CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy: what they mean is said by Cilium's documentation of them.

use super::address::Block;
use super::policy::{Peer, Peers, Policy, Rule, Section};
use super::port::{Ports, Protocol, Range};
use super::selector::{NAMESPACE, Selector};
use model::object::ObjectId;
use syntax::{Node, Text};

/// The entities that are selected by their own name.
const ENTITIES: [&str; 9] = [
    "health",
    "host",
    "ingress",
    "init",
    "kube-apiserver",
    "none",
    "remote-node",
    "unmanaged",
    "world",
];
/// What `cluster` is beside pods.
const CLUSTER: [&str; 7] = [
    "health",
    "host",
    "ingress",
    "init",
    "kube-apiserver",
    "remote-node",
    "unmanaged",
];

/// Reads the policies of an object: that of `spec`, and each of `specs`.
#[must_use]
pub fn read(id: &ObjectId, file: &str, derived: bool, node: &Node) -> Vec<Policy> {
    let one = node.get("spec").map(|spec| (spec, "/spec".to_owned()));
    let many = node.get("specs").map_or(&[][..], Node::items).iter();
    let many = many
        .enumerate()
        .map(|(at, spec)| (spec, format!("/specs/{at}")));
    one.into_iter()
        .chain(many)
        .map(|(spec, pointer)| {
            let home = Some(id.namespace.as_str()).filter(|home| !home.is_empty());
            let (subject, unread) = subject(spec, home);
            Policy {
                id: id.clone(),
                file: file.to_owned(),
                derived,
                subject,
                unread,
                ingress: section(spec, &pointer, true, home),
                egress: section(spec, &pointer, false, home),
            }
        })
        .collect()
}

/// The pods that a policy is about (`None` for nodes), and what of that is not understood.
fn subject(spec: &Node, home: Option<&str>) -> (Option<Selector>, Option<String>) {
    let Some(pods) = spec.get("endpointSelector") else {
        return (None, None);
    };
    let (selector, unread) = match Selector::of_identity(pods) {
        Ok(selector) => (selector, None),
        Err(what) => (Selector::unknown(), Some(what)),
    };
    let selector = match home {
        Some(home) => selector.within(home),
        None => selector,
    };
    (Some(selector), unread)
}

/// One direction: it is closed where there is a rule, unless `enableDefaultDeny` says otherwise.
fn section(spec: &Node, pointer: &str, inbound: bool, home: Option<&str>) -> Section {
    let key = if inbound { "ingress" } else { "egress" };
    let mut section = Section {
        pointer: format!("{pointer}/{key}"),
        origin: spec.origin(),
        ..Section::default()
    };
    for (key, denies) in [(key.to_owned(), false), (format!("{key}Deny"), true)] {
        let Some(rules) = spec.get(&key).filter(|rules| !rules.items().is_empty()) else {
            continue;
        };
        if section.rules.is_empty() {
            section.pointer = format!("{pointer}/{key}");
            section.origin = rules.origin();
        }
        let rules = rules.items().iter().enumerate();
        section.rules.extend(rules.map(|(at, node)| Rule {
            denies,
            ..rule(node, format!("{pointer}/{key}/{at}"), inbound, home)
        }));
    }
    let stated = spec.at(&["enableDefaultDeny", key]).and_then(Node::as_bool);
    section.closes = stated.unwrap_or(!section.rules.is_empty());
    section
}

fn rule(node: &Node, pointer: String, inbound: bool, home: Option<&str>) -> Rule {
    let mut peers: Option<Vec<Peer>> = None;
    let mut ports = Ports::All;
    let mut doubts = Vec::new();
    let side = if inbound { "from" } else { "to" };
    for entry in node.entries() {
        match entry.key.as_str() {
            "toPorts" => ports = of_ports(&entry.value, &mut doubts),
            "icmps" => {}
            "authentication" => doubts.push("it asks for authentication".to_owned()),
            word => {
                let known = word
                    .strip_prefix(side)
                    .and_then(|what| of_peers(what, &entry.value, home));
                let unknown = || vec![Peer::Unknown(format!("`{word}`"))];
                let list = known.unwrap_or_else(unknown);
                peers.get_or_insert_default().extend(list);
            }
        }
    }
    let pings = node
        .get("icmps")
        .is_some_and(|icmps| !icmps.items().is_empty());
    let peers = match peers {
        Some(peers) => Peers::These(peers),
        // A rule that says neither who nor what lets nothing through: it only closes.
        None if !pings && matches!(ports, Ports::All) => Peers::These(Vec::new()),
        None => Peers::Anyone,
    };
    if pings && matches!(ports, Ports::All) {
        ports = Ports::These(Vec::new());
    }
    Rule {
        pointer,
        node: node.clone(),
        denies: false,
        peers,
        ports,
        doubts,
    }
}

/// The peers that a key names: `Endpoints`, `Entities`, `CIDR`, `CIDRSet`, `FQDNs`; `None` for any other.
fn of_peers(what: &str, list: &Node, home: Option<&str>) -> Option<Vec<Peer>> {
    let items = list.items().iter();
    Some(match what {
        "Endpoints" => items.map(|node| endpoints(node, home)).collect(),
        "Entities" => items
            .flat_map(|node| entity(node.as_str().unwrap_or_default()))
            .collect(),
        "CIDR" => items
            .map(|node| {
                let text = node.as_str().unwrap_or_default();
                Block::read(text).map_or_else(|| Peer::Unknown(format!("`{text}`")), Peer::Block)
            })
            .collect(),
        "CIDRSet" => items
            .map(|node| {
                let unknown = || Peer::Unknown("a set of CIDRs without `cidr`".to_owned());
                Block::of(node).map_or_else(unknown, Peer::Block)
            })
            .collect(),
        "FQDNs" => items
            .map(|node| {
                let name = node
                    .str_at(&["matchName"])
                    .or(node.str_at(&["matchPattern"]));
                Peer::Name(Text::from(name.unwrap_or_default().trim_end_matches('.')))
            })
            .collect(),
        _ => return None,
    })
}

/// Pods by labels: of the policy's own namespace, unless the labels name another; of any, where the policy has none.
fn endpoints(node: &Node, home: Option<&str>) -> Peer {
    let selector = match Selector::of_identity(node) {
        Ok(selector) => selector,
        Err(what) => return Peer::Unknown(what),
    };
    if selector.is_reserved() || selector.names(NAMESPACE) {
        return Peer::Selected(selector);
    }
    Peer::Selected(match home {
        Some(_) if selector.names_namespaces() => selector,
        Some(home) => selector.within(home),
        None => selector.pods(),
    })
}

fn entity(name: &str) -> Vec<Peer> {
    let one = |name: &str| Peer::Selected(Selector::entity(name));
    match name {
        "all" => vec![Peer::Selected(Selector::default())],
        "cluster" => CLUSTER
            .into_iter()
            .map(one)
            .chain([Peer::Selected(Selector::default().pods())])
            .collect(),
        name if ENTITIES.contains(&name) => vec![one(name)],
        other => vec![Peer::Unknown(format!("the entity `{other}`"))],
    }
}

/// Ports; rules of layer 7 let only a part of the requests through.
fn of_ports(list: &Node, doubts: &mut Vec<String>) -> Ports {
    let mut ports = Vec::new();
    for rule in list.items() {
        for entry in rule.entries() {
            match entry.key.as_str() {
                "ports" => {}
                "rules" => doubts.push("it lets only some requests through".to_owned()),
                other => doubts.push(format!("`{other}` is not understood")),
            }
        }
        let stated = rule.get("ports").map_or(&[][..], Node::items);
        if stated.is_empty() {
            ports.push((None, Range::Numbers(0, u16::MAX)));
        }
        ports.extend(stated.iter().filter_map(|node| port(node, doubts)));
    }
    match list.items() {
        [] => Ports::All,
        _ => Ports::These(ports),
    }
}

/// A port as text: a number (0 is every one), or a name.
fn port(node: &Node, doubts: &mut Vec<String>) -> Option<(Option<Protocol>, Range)> {
    let stated = node.str_at(&["protocol"]).unwrap_or("ANY");
    let protocol = Protocol::read(stated);
    if protocol.is_none() && !stated.is_empty() && !stated.eq_ignore_ascii_case("any") {
        // ICMP has no ports: nothing that is asked for here.
        if !stated.to_ascii_lowercase().starts_with("icmp") {
            doubts.push(format!("the protocol `{stated}` is not understood"));
        }
        return None;
    }
    let text = node
        .get("port")
        .and_then(Node::scalar_text)
        .unwrap_or_default();
    let last = node.get("endPort").and_then(Node::as_i64);
    let last = last.and_then(|last| u16::try_from(last).ok());
    let range = match (text.as_str(), text.parse::<u16>()) {
        ("" | "0", _) => Range::Numbers(0, last.filter(|last| *last > 0).unwrap_or(u16::MAX)),
        (_, Ok(first)) => Range::Numbers(first, last.unwrap_or(first).max(first)),
        (name, Err(_)) => Range::Name(name.into()),
    };
    Some((protocol, range))
}
