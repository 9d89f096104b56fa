//! The network of a lowered cell: its pods with what is known of them, its policies, and what else there is to reach.

use super::endpoint::{Being, Endpoint, Workload};
use super::places::Places;
use super::policy::Policy;
use super::port::{Named, Port, Protocol};
use super::selector::{Labels, NAME, Namespace};
use super::{by_address, by_identity};
use crate::emit::{Leaf, layout};
use crate::evaluate::Enabled;
use crate::lower::kubernetes::POLICIES;
use crate::resolve::cluster::Cluster;
use model::object::{Content, Object, ObjectId};
use std::collections::BTreeMap;
use syntax::{Node, OriginId, Text};

/// Kubernetes' own kind of policy.
const BY_ADDRESS: &str = "NetworkPolicy";
/// The kind of policy whose peers are known by what they are.
const BY_IDENTITY: &str = "CiliumNetworkPolicy";
/// The same, for every namespace.
const CLUSTERWIDE: &str = "CiliumClusterwideNetworkPolicy";

/// What a cell's pods can reach: read from its output.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// The cluster.
    pub cluster: String,
    /// Whether something enforces policies.
    pub enforced: bool,
    /// Whether what enforces them knows peers by what they are, so that address blocks don't select them.
    pub by_identity: bool,
    /// Where the cluster is told to deny by default; `None` where it is not.
    pub denies: Option<OriginId>,
    /// The namespaces of the output.
    pub namespaces: BTreeMap<Text, Namespace>,
    /// Where each of them is made.
    pub made: BTreeMap<Text, OriginId>,
    /// The workloads.
    pub pods: Vec<Endpoint>,
    /// The policies.
    pub policies: Vec<Policy>,
    /// Its components and apps, in the cluster's order.
    pub parts: Vec<Part>,
    /// Each capability, and who provides it.
    pub providers: BTreeMap<Text, usize>,
    /// Where things are.
    pub places: Places,
}

/// A component or app, as far as reaching it goes.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its name.
    pub name: Text,
    /// The app's name, where it is one: several environments share it.
    pub app: Option<Text>,
    /// Its namespace.
    pub namespace: Text,
    /// The pods of an app that answer others, and their port.
    pub door: Option<(Node, Option<Node>)>,
    /// The flows that it declares.
    pub flows: Node,
    /// The webhooks that it declares.
    pub webhooks: Vec<Node>,
    /// Whether it makes the kind of policy by identity: it is then the gateway itself.
    pub makes_identity: bool,
    /// Why it is there.
    pub because: OriginId,
}

impl Network {
    /// The network of a cluster, from its files as trees.
    #[must_use]
    pub fn of(cluster: &Cluster<'_>, leaves: &[Leaf]) -> Self {
        let objects = objects(&cluster.name, leaves);
        Network::read(cluster, objects, &|folder| shared(folder, leaves))
    }

    /// The network of a cluster, from its objects and their folders, before they are placed.
    #[must_use]
    pub fn of_objects(cluster: &Cluster<'_>, objects: &[(String, Object)]) -> Self {
        let own = format!("clusters/{}/", cluster.name);
        let own = objects
            .iter()
            .filter(|(folder, _)| folder.starts_with(&own));
        let objects = own.map(|(folder, object)| {
            let file = format!("{folder}/");
            (file, object.id.clone(), &object.node)
        });
        Network::read(cluster, objects.collect(), &|folder| {
            texts(Some(&layout::shared_labels(cluster, folder)))
        })
    }

    /// Reads objects, each with its file; `shared` are the labels of all objects of a folder.
    fn read(
        cluster: &Cluster<'_>,
        objects: Vec<(String, ObjectId, &Node)>,
        shared: &dyn Fn(&str) -> BTreeMap<Text, Text>,
    ) -> Self {
        let denies = cluster
            .at(&["security", "network"])
            .filter(|said| said.as_str() == Some("default-deny"));
        let parts: Vec<Part> = cluster.components.iter().map(part).collect();
        let by_identity = parts.iter().any(|part| part.makes_identity);
        let enforcer = |c: &Enabled<'_>| c.component.provides("network.policies").is_some();
        let mut network = Network {
            cluster: cluster.name.to_string(),
            enforced: by_identity || cluster.components.iter().any(enforcer),
            by_identity,
            denies: denies.map(Node::origin),
            places: Places::of(cluster),
            providers: providers(cluster),
            parts,
            ..Network::default()
        };
        network.read_namespaces(&objects, shared);
        network.read_declared(cluster);
        for (file, id, node) in objects {
            network.read_object(&file, &id, node);
        }
        network
    }

    /// The namespaces, with the labels that their folder's `kustomization.yaml` adds.
    fn read_namespaces(
        &mut self,
        objects: &[(String, ObjectId, &Node)],
        shared: &dyn Fn(&str) -> BTreeMap<Text, Text>,
    ) {
        for (file, id, node) in objects {
            if id.kind != "Namespace" || !id.group.is_empty() {
                continue;
            }
            let mut labels = BTreeMap::from([(Text::from(NAME), id.name.clone())]);
            let shared = file.rsplit_once('/').map(|(folder, _)| shared(folder));
            let own = node
                .at(&["metadata", "labels"])
                .map_or(&[][..], Node::entries);
            for label in own {
                let value = label.value.scalar_text().unwrap_or_default();
                labels.insert(label.key.clone(), value);
            }
            labels.extend(shared.unwrap_or_default());
            let namespace = Namespace {
                name: id.name.clone(),
                labels,
                complete: true,
            };
            self.namespaces.insert(id.name.clone(), namespace);
            self.made.insert(id.name.clone(), node.origin());
        }
    }

    /// A namespace, whether or not it is of the output.
    #[must_use]
    pub fn namespace(&self, name: &str) -> Namespace {
        self.namespaces
            .get(name)
            .cloned()
            .unwrap_or_else(|| Namespace {
                name: name.into(),
                ..Namespace::default()
            })
    }

    /// Pods of a namespace that have these labels, and perhaps more.
    #[must_use]
    pub fn some_pods(&self, title: &str, namespace: &str, labels: Option<&Node>) -> Endpoint {
        let labels = Labels {
            own: texts(labels),
            namespace: Some(self.namespace(namespace)),
            ..Labels::default()
        };
        Endpoint::entity(title, Being::Pods, labels, self.places.pods.clone())
    }

    /// The workloads that components declare: more labels than those may be on their pods.
    fn read_declared(&mut self, cluster: &Cluster<'_>) {
        for (at, component) in cluster.components.iter().enumerate() {
            let home = component.namespace_name().unwrap_or_default();
            let declared = component.declares.get("workloads");
            for said in declared.map_or(&[][..], Node::items) {
                let kind = said.str_at(&["kind"]).unwrap_or_default();
                let flag = |key: &str| said.get(key).and_then(Node::as_bool) == Some(true);
                let workload = Workload {
                    kind: kind.into(),
                    name: said.str_at(&["name"]).unwrap_or_default().into(),
                    component: Some(at),
                    ends: flag("hook") || matches!(kind, "Job" | "CronJob"),
                    origin: said.origin(),
                };
                let home = said.str_at(&["namespace"]).unwrap_or(home);
                let labels = texts(said.get("pods"));
                let on_host = flag("hostNetwork");
                self.add(workload, home, (labels, false), on_host, Named::default());
            }
        }
    }

    /// An object: a policy, or a workload whose template says all of its labels.
    fn read_object(&mut self, file: &str, id: &ObjectId, node: &Node) {
        let derived = file.split('/').nth(2) == Some(POLICIES);
        match (id.group.as_str(), id.kind.as_str()) {
            ("networking.k8s.io", BY_ADDRESS) => {
                self.policies
                    .push(by_address::read(id, file, derived, node));
            }
            (_, BY_IDENTITY | CLUSTERWIDE) => {
                self.policies
                    .extend(by_identity::read(id, file, derived, node));
            }
            _ => self.read_workload(file, id, node),
        }
    }

    fn read_workload(&mut self, file: &str, id: &ObjectId, node: &Node) {
        let spec = node.get("spec");
        let pod = match (id.group.as_str(), id.kind.as_str()) {
            ("apps", "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet")
            | ("batch", "Job") => spec.and_then(|spec| spec.get("template")),
            ("batch", "CronJob") => spec.and_then(|s| s.at(&["jobTemplate", "spec", "template"])),
            ("", "Pod") => Some(node),
            _ => None,
        };
        let Some(pod) = pod else {
            return;
        };
        let unit = file.split('/').nth(2).unwrap_or_default();
        let owner = |part: &Part| {
            let rest = unit.strip_prefix(part.name.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("-config"))
        };
        let exact = self.parts.iter().position(|part| part.name == unit);
        let workload = Workload {
            kind: id.kind.clone(),
            name: id.name.clone(),
            component: exact.or_else(|| self.parts.iter().position(owner)),
            ends: matches!(id.kind.as_str(), "Job" | "CronJob"),
            origin: node.origin(),
        };
        let labels = texts(pod.at(&["metadata", "labels"]));
        let on_host = pod.at(&["spec", "hostNetwork"]).and_then(Node::as_bool) == Some(true);
        let named = named_ports(pod.get("spec"));
        self.add(workload, &id.namespace, (labels, true), on_host, named);
    }

    fn add(
        &mut self,
        workload: Workload,
        namespace: &str,
        (own, complete): (BTreeMap<Text, Text>, bool),
        on_host: bool,
        ports: Named,
    ) {
        let title = format!("{namespace}/{}", workload.name);
        let known = |other: &Endpoint| {
            let same = other.workload.as_ref();
            same.is_some_and(|o| o.name == workload.name && o.kind == workload.kind)
                && other.title == title
        };
        if self.pods.iter().any(known) {
            return;
        }
        let mut pods = match on_host {
            true => self.nodes(&title),
            false => {
                let labels = Labels {
                    own,
                    complete,
                    namespace: Some(self.namespace(namespace)),
                    ..Labels::default()
                };
                Endpoint::entity(&title, Being::Pods, labels, self.places.pods.clone())
            }
        };
        pods.ports = ports;
        pods.workload = Some(workload);
        self.pods.push(pods);
    }

    /// The nodes, called so.
    #[must_use]
    pub fn nodes(&self, title: &str) -> Endpoint {
        let labels = Labels::reserved(&["remote-node"]);
        Endpoint::entity(title, Being::Node, labels, self.places.nodes.clone())
    }
}

fn part(component: &Enabled<'_>) -> Part {
    let crds = component.declares.get("crds").map_or(&[][..], Node::items);
    let mut kinds = crds.iter().filter_map(|crd| crd.get("kinds"));
    let hooks = component.declares.get("webhooks");
    let app = component.app.as_ref();
    Part {
        name: component.name.clone(),
        app: app.and_then(|app| app.str_at(&["name"])).map(Text::from),
        namespace: component.namespace_name().unwrap_or_default().into(),
        door: app
            .and_then(|app| app.get("door"))
            .and_then(|door| Some((door.get("pods")?.clone(), door.get("port").cloned()))),
        flows: component.network.clone(),
        webhooks: hooks.map_or(&[][..], Node::items).to_vec(),
        makes_identity: kinds.any(|kinds| kinds.get(BY_IDENTITY).is_some()),
        because: component.because,
    }
}

/// Who provides each capability here.
fn providers(cluster: &Cluster<'_>) -> BTreeMap<Text, usize> {
    let chosen = cluster.choices.entries().iter().filter_map(|entry| {
        let choice = entry.value.as_str()?;
        let at = cluster.components.iter().position(|c| {
            let provided = c.component.provides(&entry.key);
            provided.is_some_and(|provided| provided.choice == choice)
        })?;
        Some((entry.key.clone(), at))
    });
    chosen.collect()
}

/// The Kubernetes objects of a cluster's folders, each with its file.
fn objects<'l>(cluster: &str, leaves: &'l [Leaf]) -> Vec<(String, ObjectId, &'l Node)> {
    let folder = format!("clusters/{cluster}/");
    let mut objects = Vec::new();
    for leaf in leaves.iter().filter(|leaf| leaf.path.starts_with(&folder)) {
        if let Content::Yaml(documents) = &leaf.content {
            let named = documents
                .iter()
                .filter_map(|node| Some((leaf.path.clone(), ObjectId::of(node)?, node)));
            objects.extend(named);
        }
    }
    objects
}

/// The labels that a folder's `kustomization.yaml` puts on its objects: not on their pods.
fn shared(folder: &str, leaves: &[Leaf]) -> BTreeMap<Text, Text> {
    let path = format!("{folder}/kustomization.yaml");
    let leaf = leaves.iter().find(|leaf| leaf.path == path);
    let Some(Content::Yaml(documents)) = leaf.map(|leaf| &leaf.content) else {
        return BTreeMap::new();
    };
    let lists = documents.iter().filter_map(|node| node.get("labels"));
    let pairs = lists
        .flat_map(Node::items)
        .map(|label| texts(label.get("pairs")));
    pairs.flatten().collect()
}

fn named_ports(pod: Option<&Node>) -> Named {
    let lists = ["containers", "initContainers"];
    let containers = lists
        .iter()
        .filter_map(|list| pod?.get(list))
        .flat_map(Node::items);
    let ports = containers.flat_map(|c| c.get("ports").map_or(&[][..], Node::items));
    let named = ports.filter_map(|port| {
        let protocol = Protocol::read(port.str_at(&["protocol"]).unwrap_or("TCP"))?;
        let number = u16::try_from(port.get("containerPort")?.as_i64()?).ok()?;
        Some((port.str_at(&["name"])?.into(), Port { protocol, number }))
    });
    Named {
        ports: named.collect(),
        complete: true,
    }
}

/// A map of labels.
fn texts(labels: Option<&Node>) -> BTreeMap<Text, Text> {
    let entries = labels.map_or(&[][..], Node::entries).iter();
    entries
        .map(|label| {
            (
                label.key.clone(),
                label.value.scalar_text().unwrap_or_default(),
            )
        })
        .collect()
}
