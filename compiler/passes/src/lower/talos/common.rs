//! What machines with the same facts have in common: the main document and the documents beside it, made once.

use super::host::{self, Source};
use super::make::Make;
use crate::lower::Cx;
use syntax::{Map, Node, OriginId};

/// Machines with the same shared facts, and what was made from them.
pub struct Common {
    /// The facts.
    pub facts: Node,
    /// The main document.
    pub main: Node,
    /// The others.
    pub documents: Vec<Node>,
}

/// Everything that machines with these facts have in common.
pub fn common(source: &Source<'_>, facts: Node, cx: &mut Cx<'_>) -> Common {
    let mut make = Make {
        origins: cx.origins,
        found: cx.found,
    };
    let mut host = host::host(source, &facts, &mut make);
    firewall(source, &facts, &mut host, cx);
    let scope = source.cell.scope.clone().with("host", host);
    let null = || Node::null(OriginId::default());
    let mut main = cx.shape("talos/v1alpha1", &scope).unwrap_or_else(null);
    prune(&mut main);
    let documents = cx.shape("talos/documents", &scope).unwrap_or_else(null);
    let documents = documents.items().to_vec();
    Common {
        facts,
        main,
        documents,
    }
}

/// Drops maps that became empty because everything in them was left out.
fn prune(node: &mut Node) {
    for path in [
        ["machine", "kernel"],
        ["machine", "kubelet"],
        ["cluster", "etcd"],
    ] {
        let section = node
            .as_map_mut()
            .and_then(|map| map.get_mut(path[0]))
            .and_then(Node::as_map_mut);
        if let Some(section) = section
            && section
                .get(path[1])
                .and_then(Node::as_map)
                .is_some_and(Map::is_empty)
        {
            section.remove(path[1]);
        }
    }
}

/// The firewall: what the spec says over the rules without which a blocked cluster is dead.
fn firewall(source: &Source<'_>, facts: &Node, host: &mut Node, cx: &mut Cx<'_>) {
    let Some(firewall) = facts.get("firewall") else {
        return;
    };
    let default = firewall.get("default").cloned();
    let default =
        default.unwrap_or_else(|| cx.text("talos/firewall", "block", &[firewall.origin()]));
    let mut rules = Map::default();
    if default.as_str() == Some("block") {
        let scope = source.cell.scope.clone().with("host", host.clone());
        if let Some(vital) = cx.shape("talos/firewall", &scope) {
            rules = vital.as_map().cloned().unwrap_or_default();
        }
    }
    for rule in firewall.get("rules").map_or(&[][..], Node::entries) {
        rules.set(rule.key.clone(), rule.key_origin, rule.value.clone());
    }
    if let Some(host) = host.as_map_mut() {
        host.set("firewallDefault", default.origin(), default);
        host.set(
            "firewallRules",
            firewall.origin(),
            Node::map(rules, firewall.origin()),
        );
    }
}
