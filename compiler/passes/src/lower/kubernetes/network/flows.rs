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
    /// The port that it answers at, where it is an app.
    port: Option<Node>,
    /// The network that it is, outside of the cluster.
    network: Option<Node>,
}

impl Peer {
    /// One that is known by its word alone.
    fn of(who: &'static str) -> Self {
        Peer {
            who,
            pods: Vec::new(),
            port: None,
            network: None,
        }
    }
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
                    // Where an app calls another, that one's door is the port.
                    let flow = &at_the_door(flow, &peer);
                    if !peer.pods.is_empty() {
                        let reads = [flow.origin(), component.because];
                        let origin = cx.origins.rule("network-policies/other-end", &reads);
                        let flow = flow.clone().with_origin(origin);
                        let caller = (home, &pods, inbound);
                        self.mirror(caller, &flow, &peer, denied, &mut allows);
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
                flow.set("ports", origin, Node::list([port.clone()], port.origin()));
            }
            let peer = Peer::of("kube-apiserver");
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

    /// The other half of a flow at a provider's pods: the way in for one that calls them, the way out to one that they call.
    fn mirror(
        &self,
        (home, pods, inbound): (&Node, &Option<Node>, bool),
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
                pods: vec![(*provider, peer_of(home, pods.as_ref()))],
                ..Peer::of("pods")
            };
            allows.push(Allow {
                component: *provider,
                pods: called.get("labels").cloned(),
                inbound: !inbound,
                rule: self.rule(flow, &caller, !inbound),
                origin: flow.origin(),
            });
        }
    }

    /// A flow as the shapes read it.
    fn rule(&self, flow: &Node, peer: &Peer, inbound: bool) -> Node {
        let origin = flow.origin();
        let mut map = Map::default();
        map.set("who", origin, Node::string(peer.who, origin));
        let pods = peer.pods.iter().map(|(_, pods)| pods.clone());
        map.set("peers", origin, Node::list(pods, origin));
        let network = peer.network.iter().map(|cidr| {
            let origin = cidr.origin();
            Node::from_entries([("cidr", cidr.clone())], origin)
        });
        let blocks = self.dialect.blocks(peer.who, inbound).iter().cloned();
        let blocks = blocks.chain(network);
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
        let plain = |who| Some(Peer::of(who));
        match (word, inbound) {
            ("kube-apiserver", _) => return plain("kube-apiserver"),
            ("nodes", _) => return plain("nodes"),
            ("internet", false) => return plain("internet"),
            ("cluster", false) => return plain("every-pod"),
            ("outside", false) => return plain("outside"),
            ("metrics", true) => return plain("metrics"),
            ("gateway", true) => return self.gateway(),
            ("pods", _) => return self.own(component, flow),
            _ => {}
        }
        if let Some(unit) = word.strip_prefix("app:") {
            return self.app(unit);
        }
        if let Some(network) = word.strip_prefix("network:").filter(|_| !inbound) {
            return Some(Peer {
                network: Some(Node::string(network, said.origin())),
                ..Peer::of("network")
            });
        }
        if let Some(capability) = word.strip_prefix("capability:") {
            return self.pods_of(self.provider(capability)?);
        }
        if let Some(namespace) = word.strip_prefix("namespace:") {
            let name = Node::string(Text::from(namespace), said.origin());
            return Some(Peer {
                pods: vec![(usize::MAX, peer_of(&name, None))],
                ..Peer::of("pods")
            });
        }
        let known = if inbound {
            "kube-apiserver, nodes, metrics, gateway, pods, capability:NAME, namespace:NAME"
        } else {
            "kube-apiserver, nodes, internet, outside, cluster, pods, capability:NAME, namespace:NAME, network:CIDR"
        };
        cx.found.add(
            Diagnostic::error(
                "unknown-peer",
                format!("`{word}` is no peer of a network flow"),
            )
            .at(
                cx.origins.place(said.origin()),
                format!("in {}", component.title()),
            )
            .help(format!("there are: {known}")),
        );
        None
    }

    /// Pods of its own namespace, by the labels of the flow.
    fn own(&self, component: &Enabled<'_>, flow: &Node) -> Option<Peer> {
        let named = |other: &Enabled<'_>| other.name == component.name;
        let at = self.cluster.components.iter().position(named)?;
        let home = component.namespace.get("name")?;
        Some(Peer {
            pods: vec![(at, peer_of(home, flow.get("labels")))],
            ..Peer::of("pods")
        })
    }

    /// The pods of an app that answer others, and their port.
    fn app(&self, unit: &str) -> Option<Peer> {
        let called = |other: &Enabled<'_>| other.app.is_some() && other.name == unit;
        let at = self.cluster.components.iter().position(called)?;
        let component = self.cluster.components.get(at)?;
        let home = component.namespace.get("name")?;
        let door = component.app.as_ref()?.get("door")?;
        Some(Peer {
            pods: vec![(at, peer_of(home, door.get("pods")))],
            port: door.get("port").cloned(),
            ..Peer::of("pods")
        })
    }

    /// What carries requests from outside: the network itself, or pods of a gateway.
    fn gateway(&self) -> Option<Peer> {
        let at = self.provider("network.gateway")?;
        if self.dialect.maker == Some(at) {
            return Some(Peer::of("ingress"));
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
            return Some(Peer::of("nodes"));
        }
        let mut pods: Vec<(usize, Node)> = labels
            .iter()
            .map(|l| (at, peer_of(home, Some(l))))
            .collect();
        if pods.is_empty() {
            pods.push((at, peer_of(home, None)));
        }
        Some(Peer {
            pods,
            ..Peer::of("pods")
        })
    }
}

/// A flow with the port of whom it leads to, where it states none.
fn at_the_door(flow: &Node, peer: &Peer) -> Node {
    let mut flow = flow.clone();
    if let (Some(port), Some(map)) = (&peer.port, flow.as_map_mut()) {
        let ports = Node::list([port.clone()], port.origin());
        map.set("ports", port.origin(), ports);
    }
    flow
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
