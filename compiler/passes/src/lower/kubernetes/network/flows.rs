//! What components say that they exchange, with every peer resolved to who that is in this cluster.

use super::dialect::Dialect;
use crate::evaluate::Enabled;
use crate::lower::Cx;
use crate::resolve::cluster::Cluster;
use syntax::{Diagnostic, Map, Node, OriginId, Text};

/// One flow that is allowed to pods of a component.
#[derive(Debug)]
pub struct Allow {
    /// The component, by its place in the cluster's list.
    pub component: usize,
    /// The labels of its pods; `None` means all of its namespace.
    pub pods: Option<Node>,
    /// Whether others call it.
    pub inbound: bool,
    /// Who, as the shapes read it: `who`, `peers`, `blocks`, and `ports` where not all are meant.
    pub rule: Node,
    /// Where it is stated.
    pub origin: OriginId,
}

/// Who is at the other end.
struct Peer {
    who: &'static str,
    pods: Vec<(usize, Node)>,
}

/// The flows of a cluster.
pub struct Flows<'a> {
    cluster: &'a Cluster<'a>,
    dialect: &'a Dialect,
}

impl<'a> Flows<'a> {
    /// Of a cluster, in a dialect.
    pub fn new(cluster: &'a Cluster<'a>, dialect: &'a Dialect) -> Self {
        Flows { cluster, dialect }
    }

    /// Every flow of the components in namespaces that deny; one to a capability also opens the door of who provides it.
    pub fn collect(&self, denied: &dyn Fn(&str) -> bool, cx: &mut Cx<'_>) -> Vec<Allow> {
        let mut allows = Vec::new();
        for (at, component) in self.cluster.components.iter().enumerate() {
            let Some(home) = component.namespace.get("name") else {
                continue;
            };
            let here = home.as_str().is_some_and(denied);
            for (key, inbound) in [("ingress", true), ("egress", false)] {
                for flow in component.network.get(key).map_or(&[][..], Node::items) {
                    let Some(peer) = self.peer(component, flow, inbound, cx) else {
                        continue;
                    };
                    let pods = flow.get("pods").cloned();
                    if !inbound {
                        self.mirror(home, &pods, flow, &peer, denied, &mut allows);
                    }
                    if here {
                        let rule = self.rule(flow, &peer, inbound);
                        allows.push(Allow {
                            component: at,
                            pods,
                            inbound,
                            rule,
                            origin: flow.origin(),
                        });
                    }
                }
            }
            if here {
                allows.extend(self.webhooks(at, component));
            }
        }
        allows
    }

    /// The API server calls each declared webhook.
    fn webhooks(&self, at: usize, component: &Enabled<'_>) -> Vec<Allow> {
        let webhooks = component
            .declares
            .get("webhooks")
            .map_or(&[][..], Node::items);
        let allow = |webhook: &Node| {
            let origin = webhook.origin();
            let mut flow = Map::default();
            if let Some(port) = webhook.get("port") {
                flow.set(
                    "ports",
                    origin,
                    Node::list(vec![port.clone()], port.origin()),
                );
            }
            let peer = Peer {
                who: "kube-apiserver",
                pods: Vec::new(),
            };
            Allow {
                component: at,
                pods: webhook.get("pods").cloned(),
                inbound: true,
                rule: self.rule(&Node::map(flow, origin), &peer, true),
                origin,
            }
        };
        webhooks.iter().map(allow).collect()
    }

    /// The way in at a provider's pods for one that calls them.
    fn mirror(
        &self,
        home: &Node,
        pods: &Option<Node>,
        flow: &Node,
        peer: &Peer,
        denied: &dyn Fn(&str) -> bool,
        allows: &mut Vec<Allow>,
    ) {
        for (provider, called) in &peer.pods {
            let Some(component) = self.cluster.components.get(*provider) else {
                continue;
            };
            if !component.namespace_name().is_some_and(denied) {
                continue;
            }
            let caller = Peer {
                who: "pods",
                pods: vec![(*provider, peer_of(home, pods.as_ref()))],
            };
            allows.push(Allow {
                component: *provider,
                pods: called.get("labels").cloned(),
                inbound: true,
                rule: self.rule(flow, &caller, true),
                origin: flow.origin(),
            });
        }
    }

    /// A flow as the shapes read it.
    fn rule(&self, flow: &Node, peer: &Peer, inbound: bool) -> Node {
        let origin = flow.origin();
        let mut map = Map::default();
        map.set("who", origin, Node::string(peer.who, origin));
        let pods = peer.pods.iter().map(|(_, pods)| pods.clone()).collect();
        map.set("peers", origin, Node::list(pods, origin));
        let blocks = self.dialect.blocks(peer.who, inbound).to_vec();
        map.set("blocks", origin, Node::list(blocks, origin));
        if let Some(ports) = flow.get("ports").filter(|ports| !ports.items().is_empty()) {
            map.set("ports", origin, ports.clone());
        }
        Node::map(map, origin)
    }

    /// Who is meant; `None` where this cluster has no such peer.
    fn peer(
        &self,
        component: &Enabled<'_>,
        flow: &Node,
        inbound: bool,
        cx: &mut Cx<'_>,
    ) -> Option<Peer> {
        let said = flow.get(if inbound { "from" } else { "to" })?;
        let word = said.as_str()?;
        let plain = |who| {
            Some(Peer {
                who,
                pods: Vec::new(),
            })
        };
        match (word, inbound) {
            ("kube-apiserver", _) => return plain("kube-apiserver"),
            ("nodes", _) => return plain("nodes"),
            ("internet", false) => return plain("internet"),
            ("outside", false) => return plain("outside"),
            ("metrics", true) => return plain("metrics"),
            ("gateway", true) => return self.gateway(),
            _ => {}
        }
        if let Some(capability) = word.strip_prefix("capability:") {
            return self.pods_of(self.provider(capability)?);
        }
        if let Some(namespace) = word.strip_prefix("namespace:") {
            let name = Node::string(Text::from(namespace), said.origin());
            return Some(Peer {
                who: "pods",
                pods: vec![(usize::MAX, peer_of(&name, None))],
            });
        }
        let known = if inbound {
            "kube-apiserver, nodes, metrics, gateway, capability:NAME, namespace:NAME"
        } else {
            "kube-apiserver, nodes, internet, outside, capability:NAME, namespace:NAME"
        };
        cx.found.add(
            Diagnostic::error(
                "unknown-peer",
                format!("`{word}` is no peer of a network flow"),
            )
            .at(
                cx.origins.place(said.origin()),
                format!("in component `{}`", component.name),
            )
            .help(format!("there are: {known}")),
        );
        None
    }

    /// What carries requests from outside: the network itself, or pods of a gateway.
    fn gateway(&self) -> Option<Peer> {
        let at = self.provider("network.gateway")?;
        if self.dialect.maker == Some(at) {
            return Some(Peer {
                who: "ingress",
                pods: Vec::new(),
            });
        }
        self.pods_of(at)
    }

    /// The component that provides a capability in this cluster.
    fn provider(&self, capability: &str) -> Option<usize> {
        let choice = self.cluster.choices.get(capability)?.as_str()?;
        let provides = |c: &Enabled<'_>| {
            c.component
                .provides(capability)
                .is_some_and(|p| p.choice == choice)
        };
        self.cluster.components.iter().position(provides)
    }

    /// The pods that a component declares; the nodes where it only runs on their network.
    fn pods_of(&self, at: usize) -> Option<Peer> {
        let component = self.cluster.components.get(at)?;
        let home = component.namespace.get("name")?;
        let workloads = component
            .declares
            .get("workloads")
            .map_or(&[][..], Node::items);
        let on_host = |w: &&Node| w.get("hostNetwork").and_then(Node::as_bool) == Some(true);
        let (host, own): (Vec<&Node>, Vec<&Node>) = workloads.iter().partition(on_host);
        let ends = |w: &&&Node| matches!(w.str_at(&["kind"]), Some("Job" | "CronJob"));
        let declared = own
            .iter()
            .filter(|w| !ends(w))
            .filter_map(|w| w.get("pods"));
        let labels: Vec<&Node> = declared
            .chain(component.objects.iter().filter_map(plain_pods))
            .collect();
        if labels.is_empty() && !host.is_empty() {
            return Some(Peer {
                who: "nodes",
                pods: Vec::new(),
            });
        }
        let mut pods: Vec<(usize, Node)> = labels
            .iter()
            .map(|l| (at, peer_of(home, Some(l))))
            .collect();
        if pods.is_empty() {
            pods.push((at, peer_of(home, None)));
        }
        Some(Peer { who: "pods", pods })
    }
}

/// The labels of the pods of a plain object that runs on and is not on the nodes' network.
fn plain_pods(object: &Node) -> Option<&Node> {
    let runs = matches!(
        object.str_at(&["kind"]),
        Some("Deployment" | "StatefulSet" | "DaemonSet")
    );
    let template = object.at(&["spec", "template"]).filter(|_| runs)?;
    let on_host = template
        .at(&["spec", "hostNetwork"])
        .and_then(Node::as_bool);
    template
        .at(&["metadata", "labels"])
        .filter(|_| on_host != Some(true))
}

/// Pods of a namespace, by their labels.
fn peer_of(namespace: &Node, labels: Option<&Node>) -> Node {
    let origin = namespace.origin();
    let mut map = Map::default();
    map.set("namespace", origin, namespace.clone());
    if let Some(labels) = labels {
        map.set("labels", labels.origin(), labels.clone());
    }
    Node::map(map, origin)
}
