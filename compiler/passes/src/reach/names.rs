//! The names by which people ask: an app, a component, `NAMESPACE/WORKLOAD`, a namespace, an entity, an address, a host.

use super::address::Block;
use super::endpoint::{Being, Endpoint};
use super::network::Network;
use super::selector::{Labels, Namespace};
use std::collections::BTreeSet;
use syntax::{Node, OriginId, Text};

/// The names of what is no workload, each with what it means.
#[rustfmt::skip]
pub const ENTITIES: [(&str, &str); 8] = [
    ("cluster", "a pod of a namespace that nobody names"),
    ("dns", "the cluster's DNS"),
    ("gateway", "what carries requests from outside"),
    ("health", "the probes of the network itself"),
    ("host", "the node that a pod runs on"),
    ("internet", "public addresses"),
    ("kube-apiserver", "the API server"),
    ("node", "any node, and the pods on its network"),
];

/// The namespace of cluster DNS and the label of its pods.
const DNS: (&str, &str, &str) = ("kube-system", "k8s-app", "kube-dns");

/// Why a name is no end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Miss {
    /// Nothing here is called so.
    Unknown,
    /// It is an address of a pod or Service: which one is not known before it runs.
    Inside(&'static str),
}

impl Network {
    /// What a name means: several workloads for an app, component or namespace that has several.
    ///
    /// # Errors
    /// It means nothing here.
    pub fn find(&self, name: &str) -> Result<Vec<Endpoint>, Miss> {
        if let Some(found) = self.entity(name) {
            return found.map(|one| vec![one]).ok_or(Miss::Unknown);
        }
        if let Some(block) = Block::read(name) {
            return self.address(name, block).map(|one| vec![one]);
        }
        let found = self.workloads(name);
        if !found.is_empty() {
            return Ok(found);
        }
        if is_host(name) {
            let name = name.trim_end_matches('.');
            let mut host = self.internet(name);
            host.name = Some(name.to_ascii_lowercase().into());
            return Ok(vec![host]);
        }
        Err(Miss::Unknown)
    }

    /// Every name that means something here.
    #[must_use]
    pub fn names(&self) -> BTreeSet<String> {
        let mut names: BTreeSet<String> = ENTITIES.iter().map(|(n, _)| (*n).to_owned()).collect();
        names.extend(self.pods.iter().map(|pods| pods.title.clone()));
        names.extend(self.namespaces.keys().map(Text::to_string));
        for (at, part) in self.parts.iter().enumerate() {
            if self.pods.iter().any(|pods| is_of(pods, at)) {
                names.insert(part.name.to_string());
                names.extend(part.app.as_ref().map(Text::to_string));
            }
        }
        names
    }

    /// An entity; the inner `None` where this cluster has none.
    #[expect(clippy::option_option, reason = "no entity, or one that is not here")]
    fn entity(&self, name: &str) -> Option<Option<Endpoint>> {
        let entity = |being, reserved: &[&'static str], addresses: &[Block]| {
            let labels = Labels::reserved(reserved);
            Some(Endpoint::entity(name, being, labels, addresses.to_vec()))
        };
        Some(match name {
            "cluster" => Some(self.stranger()),
            "dns" => Some(self.dns()),
            "gateway" => self.gateway(),
            "health" => entity(Being::Health, &["health"], &[]),
            "host" => entity(Being::Host, &["host"], &self.places.nodes),
            "internet" => Some(self.internet(name)),
            "kube-apiserver" => Some(self.api_server()),
            "node" | "nodes" => Some(self.nodes("node")),
            _ => return None,
        })
    }

    /// The API server: it runs on nodes, which the control planes are for each other.
    #[must_use]
    pub fn api_server(&self) -> Endpoint {
        let labels = Labels::reserved(&["kube-apiserver", "remote-node"]);
        let addresses = self.places.api_server.clone();
        Endpoint::entity("kube-apiserver", Being::ApiServer, labels, addresses)
    }

    /// What is on the internet.
    #[must_use]
    pub fn internet(&self, title: &str) -> Endpoint {
        self.outside(title, Block::internet())
    }

    /// Addresses outside of the cluster.
    #[must_use]
    pub fn outside(&self, title: &str, block: Option<Block>) -> Endpoint {
        let labels = Labels::reserved(&["world"]);
        Endpoint::entity(title, Being::World, labels, block.into_iter().collect())
    }

    /// A pod without labels, of a namespace without labels that no policy names.
    #[must_use]
    pub fn stranger(&self) -> Endpoint {
        let labels = Labels {
            complete: true,
            namespace: Some(Namespace {
                name: "a-namespace-that-nobody-names".into(),
                complete: true,
                ..Namespace::default()
            }),
            ..Labels::default()
        };
        Endpoint::entity("cluster", Being::Pods, labels, self.places.pods.clone())
    }

    fn dns(&self) -> Endpoint {
        let (namespace, label, value) = DNS;
        let value = Node::string(value, OriginId::default());
        let labels = Node::from_entries([(label, value)], OriginId::default());
        self.some_pods("dns", namespace, Some(&labels))
    }

    /// What carries requests from outside: the network itself, or the pods of a gateway.
    #[must_use]
    pub fn gateway(&self) -> Option<Endpoint> {
        let at = *self.providers.get("network.gateway")?;
        let part = self.parts.get(at)?;
        if part.makes_identity {
            let labels = Labels::reserved(&["ingress"]);
            return Some(Endpoint::entity(
                "gateway",
                Being::Ingress,
                labels,
                Vec::new(),
            ));
        }
        self.pods_of(at).into_iter().next()
    }

    /// The workloads of a component that stay, or all where none does.
    #[must_use]
    pub fn pods_of(&self, part: usize) -> Vec<Endpoint> {
        staying(self.pods.iter().filter(|pods| is_of(pods, part)))
    }

    /// An address: of a node, of the API server, or of what lies outside.
    fn address(&self, title: &str, block: Block) -> Result<Endpoint, Miss> {
        let within = |blocks: &[Block]| blocks.iter().any(|b| b.network.contains(&block.network));
        if within(&self.places.pods) {
            return Err(Miss::Inside("a pod's"));
        }
        if within(&self.places.services) {
            return Err(Miss::Inside("a Service's"));
        }
        let single = block.network.prefix_len() == block.network.max_prefix_len();
        let is = |blocks: &[Block]| single && blocks.contains(&block);
        let mut found = match (is(&self.places.api_server), is(&self.places.nodes)) {
            (true, _) => self.api_server(),
            (false, true) => self.nodes(title),
            (false, false) => self.outside(title, None),
        };
        title.clone_into(&mut found.title);
        found.addresses = vec![block];
        Ok(found)
    }

    /// The workloads that a name means: one, an app's, a component's, or those of a namespace.
    fn workloads(&self, name: &str) -> Vec<Endpoint> {
        if name.contains('/') {
            let named = self.pods.iter().filter(|pods| pods.title == name);
            return named.cloned().collect();
        }
        let app = |unit: bool| {
            self.parts.iter().position(|part| {
                let called = if unit {
                    Some(&part.name)
                } else {
                    part.app.as_ref()
                };
                part.app.is_some() && called.is_some_and(|called| called == name)
            })
        };
        let component = self.parts.iter().position(|part| part.name == name);
        if let Some(at) = app(true).or_else(|| app(false)).or(component) {
            let all = self.pods_of(at);
            // Beside an app's own pods its database runs, which has a name of its own.
            let part = self.parts.get(at);
            let own = part.and_then(|part| part.app.as_ref()).map(|app| {
                let called = |pods: &&Endpoint| {
                    let workload = pods.workload.as_ref();
                    workload.is_some_and(|workload| workload.name == *app)
                };
                all.iter().filter(called).cloned().collect::<Vec<_>>()
            });
            let found = own.filter(|own| !own.is_empty()).unwrap_or(all);
            if !found.is_empty() {
                return found;
            }
        }
        let namespace = name.strip_prefix("namespace:").unwrap_or(name);
        let within = |pods: &&Endpoint| pods.namespace() == Some(namespace);
        let found = staying(self.pods.iter().filter(within));
        if found.is_empty() && self.namespaces.contains_key(namespace) {
            return vec![self.some_pods(namespace, namespace, None)];
        }
        found
    }
}

fn is_of(pods: &Endpoint, part: usize) -> bool {
    let workload = pods.workload.as_ref();
    workload.is_some_and(|workload| workload.component == Some(part))
}

/// Those that stay, or all where none does.
fn staying<'e>(found: impl Iterator<Item = &'e Endpoint> + Clone) -> Vec<Endpoint> {
    let ends = |pods: &&Endpoint| pods.workload.as_ref().is_some_and(|workload| workload.ends);
    let stay: Vec<Endpoint> = found.clone().filter(|pods| !ends(pods)).cloned().collect();
    if stay.is_empty() {
        return found.cloned().collect();
    }
    stay
}

/// Whether a name is that of a host: it has a dot, and nothing else but letters, digits and hyphens.
fn is_host(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let labels = name.trim_end_matches('.').split('.');
    labels.clone().count() > 1
        && labels
            .into_iter()
            .all(|l| !l.is_empty() && l.chars().all(plain))
}
