//! Reads `networking.k8s.io/v1` NetworkPolicy: what it means is said by Kubernetes' documentation of the kind.

use super::address::Block;
use super::policy::{Peer, Peers, Policy, Rule, Section};
use super::port::{Ports, Protocol, Range};
use super::selector::{NAMESPACE_LABELS, Selector};
use model::object::ObjectId;
use syntax::Node;

/// Reads a policy.
#[must_use]
pub fn read(id: &ObjectId, file: &str, derived: bool, node: &Node) -> Policy {
    let nothing = Node::null(node.origin());
    let spec = node.get("spec").unwrap_or(&nothing);
    let pods = spec.get("podSelector").unwrap_or(&nothing);
    let (subject, unread) = match Selector::of_labels(pods, "") {
        Ok(subject) => (subject, None),
        Err(what) => (Selector::unknown(), Some(what)),
    };
    Policy {
        id: id.clone(),
        file: file.to_owned(),
        derived,
        subject: Some(subject.within(&id.namespace)),
        unread,
        ingress: section(spec, true, &id.namespace),
        egress: section(spec, false, &id.namespace),
    }
}

/// One direction: `policyTypes` says whether it is closed; without it, ingress is, and egress where there is a rule.
fn section(spec: &Node, inbound: bool, home: &str) -> Section {
    let (key, kind) = if inbound {
        ("ingress", "Ingress")
    } else {
        ("egress", "Egress")
    };
    let rules = spec.get(key);
    let types = spec
        .get("policyTypes")
        .filter(|types| !types.items().is_empty());
    let closes = match types {
        Some(types) => types.items().iter().any(|one| one.as_str() == Some(kind)),
        None => inbound || rules.is_some_and(|rules| !rules.items().is_empty()),
    };
    let place = types.or(rules).unwrap_or(spec);
    let pointer = match (types, rules) {
        (Some(_), _) => "/spec/policyTypes".to_owned(),
        (None, Some(_)) => format!("/spec/{key}"),
        (None, None) => "/spec".to_owned(),
    };
    // A direction that is not named is not held, whatever its rules say.
    let rules = rules.filter(|_| closes).map_or(&[][..], Node::items);
    Section {
        closes,
        pointer,
        origin: place.origin(),
        rules: rules
            .iter()
            .enumerate()
            .map(|(at, node)| rule(node, format!("/spec/{key}/{at}"), inbound, home))
            .collect(),
    }
}

fn rule(node: &Node, pointer: String, inbound: bool, home: &str) -> Rule {
    let mut doubts = Vec::new();
    let key = if inbound { "from" } else { "to" };
    for entry in node.entries() {
        if entry.key != key && entry.key != "ports" {
            doubts.push(format!("`{}` is not understood", entry.key));
        }
    }
    let peers = match node.get(key).map_or(&[][..], Node::items) {
        [] => Peers::Anyone,
        peers => Peers::These(peers.iter().map(|one| peer(one, home)).collect()),
    };
    let ports = match node.get("ports").map_or(&[][..], Node::items) {
        [] => Ports::All,
        list => Ports::These(
            list.iter()
                .filter_map(|one| port(one, &mut doubts))
                .collect(),
        ),
    };
    Rule {
        pointer,
        node: node.clone(),
        denies: false,
        peers,
        ports,
        doubts,
    }
}

/// Pods of the policy's own namespace, of others, or addresses.
fn peer(node: &Node, home: &str) -> Peer {
    if let Some(block) = node.get("ipBlock") {
        return Block::of(block)
            .map_or_else(|| Peer::Unknown("this block".to_owned()), Peer::Block);
    }
    let pods = node.get("podSelector");
    let pods = pods.map_or(Ok(Selector::default()), |pods| {
        Selector::of_labels(pods, "")
    });
    let pods = match node.get("namespaceSelector") {
        None => pods.map(|pods| pods.within(home)),
        Some(namespaces) => {
            let namespaces = Selector::of_labels(namespaces, NAMESPACE_LABELS);
            pods.and_then(|pods| Ok(pods.and(namespaces?).pods()))
        }
    };
    pods.map_or_else(Peer::Unknown, Peer::Selected)
}

/// A port; without a number it is every one of the protocol.
fn port(node: &Node, doubts: &mut Vec<String>) -> Option<(Option<Protocol>, Range)> {
    let stated = node.str_at(&["protocol"]).unwrap_or("TCP");
    let Some(protocol) = Protocol::read(stated) else {
        doubts.push(format!("the protocol `{stated}` is not understood"));
        return None;
    };
    let number = |key: &str| u16::try_from(node.get(key)?.as_i64()?).ok();
    let range = match (node.get("port"), number("port")) {
        (None, _) => Range::Numbers(0, u16::MAX),
        (Some(_), Some(first)) => Range::Numbers(first, number("endPort").unwrap_or(first)),
        (Some(name), None) => Range::Name(name.scalar_text().unwrap_or_default()),
    };
    Some((Some(protocol), range))
}
