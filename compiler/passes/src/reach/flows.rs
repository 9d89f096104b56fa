//! What components and apps declare that they exchange, as ends and ports: what the policies of the output must let through.

use super::address::Block;
use super::endpoint::{Being, Endpoint};
use super::network::{Network, Part};
use syntax::{Node, OriginId, Text};

/// A flow that is declared.
#[derive(Clone, Debug)]
pub struct Declared {
    /// Whose it is, by its place among the parts of the network.
    pub part: usize,
    /// Whether others call it.
    pub inbound: bool,
    /// Who is at the other end, in the words of the spec.
    pub word: Text,
    /// The pods that it is for.
    pub own: Vec<Endpoint>,
    /// The other ends.
    pub peers: Vec<Endpoint>,
    /// The ports; none where all are meant.
    pub ports: Vec<u16>,
    /// Where it is declared.
    pub origin: OriginId,
}

impl Network {
    /// Every flow that components and apps declare, and the calls of the API server to their webhooks.
    #[must_use]
    pub fn declared(&self) -> Vec<Declared> {
        let mut all = Vec::new();
        for (at, part) in self.parts.iter().enumerate() {
            for (key, inbound) in [("ingress", true), ("egress", false)] {
                let flows = part.flows.get(key).map_or(&[][..], Node::items);
                all.extend(
                    flows
                        .iter()
                        .filter_map(|flow| self.flow(at, part, flow, inbound)),
                );
            }
            for hook in &part.webhooks {
                let ports = hook.get("port").and_then(number).into_iter().collect();
                all.push(Declared {
                    part: at,
                    inbound: true,
                    word: "kube-apiserver".into(),
                    own: self.pods_with(&part.namespace, hook.get("pods")),
                    peers: vec![self.api_server()],
                    ports,
                    origin: hook.origin(),
                });
            }
        }
        all
    }

    /// A flow; `None` where this cluster has no such peer.
    fn flow(&self, at: usize, part: &Part, flow: &Node, inbound: bool) -> Option<Declared> {
        let said = flow.get(if inbound { "from" } else { "to" })?;
        let word = said.as_str()?;
        let ports = flow.get("ports").map_or(&[][..], Node::items);
        let mut ports: Vec<u16> = ports.iter().filter_map(number).collect();
        let peers = match word.strip_prefix("app:") {
            Some(unit) => {
                let app = self
                    .parts
                    .iter()
                    .find(|p| p.app.is_some() && p.name == unit)?;
                let (pods, port) = app.door.as_ref()?;
                ports = port.as_ref().and_then(number).into_iter().collect();
                self.pods_with(&app.namespace, Some(pods))
            }
            None => self.peers(part, flow, word)?,
        };
        Some(Declared {
            part: at,
            inbound,
            word: word.into(),
            own: self.pods_with(&part.namespace, flow.get("pods")),
            peers,
            ports,
            origin: flow.origin(),
        })
    }

    fn peers(&self, part: &Part, flow: &Node, word: &str) -> Option<Vec<Endpoint>> {
        let one = |end| Some(vec![end]);
        match word {
            "kube-apiserver" => return one(self.api_server()),
            "nodes" => return one(self.nodes("node")),
            "internet" | "outside" => return one(self.internet("internet")),
            "cluster" => return one(self.stranger()),
            "gateway" => return self.gateway().and_then(one),
            "pods" => return Some(self.pods_with(&part.namespace, flow.get("labels"))),
            "metrics" => {
                let reads = |pods: &&Endpoint| {
                    let namespace = pods.labels.namespace.as_ref();
                    let label = namespace.and_then(|n| n.labels.get("formwork.dev/metrics"));
                    label.is_some_and(|value| value == "reader")
                };
                return Some(self.pods.iter().filter(reads).cloned().collect());
            }
            _ => {}
        }
        if let Some(network) = word.strip_prefix("network:") {
            let block = Block::read(network)?;
            return one(self.outside(network, Some(block)));
        }
        if let Some(namespace) = word.strip_prefix("namespace:") {
            return Some(self.pods_with(namespace, None));
        }
        let capability = word.strip_prefix("capability:")?;
        let provider = *self.providers.get(capability)?;
        let mut pods = self.pods_of(provider);
        // Where some of them are on the pods' network, those are meant.
        if pods.iter().any(|pods| pods.being == Being::Pods) {
            pods.retain(|pods| pods.being == Being::Pods);
        }
        Some(pods)
    }

    /// The pods of a namespace that have labels; where none is known, some that have them.
    fn pods_with(&self, namespace: &str, labels: Option<&Node>) -> Vec<Endpoint> {
        let has = |pods: &&Endpoint| {
            let wanted = labels.map_or(&[][..], Node::entries).iter();
            let mut held = wanted.map(|label| {
                let value = label.value.scalar_text();
                value.is_some() && pods.labels.own.get(&label.key) == value.as_ref()
            });
            pods.being == Being::Pods && pods.namespace() == Some(namespace) && held.all(|h| h)
        };
        let found: Vec<Endpoint> = self.pods.iter().filter(has).cloned().collect();
        if found.is_empty() {
            return vec![self.some_pods(&format!("{namespace}/*"), namespace, labels)];
        }
        found
    }
}

fn number(node: &Node) -> Option<u16> {
    let text = node.scalar_text()?;
    text.parse().ok()
}
