//! What a Kind cluster does not show that machines will: sentences computed from what the cluster was decided to be.

use super::apiserver;
use crate::resolve::cluster::Cluster;
use syntax::{Node, OriginId};

/// The sentences, and what each was made from.
struct Told<'a> {
    cell: &'a Cluster<'a>,
    sentences: Vec<String>,
    reads: Vec<OriginId>,
}

/// How a Kind cluster differs from one of machines: one sentence each, the weightiest first.
#[must_use]
pub fn differences(cell: &Cluster<'_>) -> Vec<String> {
    told(cell).sentences
}

/// The same as a document.
pub(super) fn document(cell: &Cluster<'_>) -> (String, Vec<OriginId>) {
    let Told {
        sentences,
        mut reads,
        ..
    } = told(cell);
    let mut text = format!(
        "# How `{}` differs from a cluster of machines\n\n",
        cell.name
    );
    for sentence in sentences {
        text.push_str("- ");
        text.push_str(&sentence);
        text.push('\n');
    }
    reads.push(cell.because);
    (text, reads)
}

fn told<'a>(cell: &'a Cluster<'a>) -> Told<'a> {
    let mut told = Told {
        cell,
        sentences: Vec::new(),
        reads: Vec::new(),
    };
    told.nodes();
    told.network();
    told.storage();
    told.security();
    told
}

impl<'a> Told<'a> {
    fn say(&mut self, sentence: String) {
        self.sentences.push(sentence);
    }

    /// A setting, and that it was read; one that is off counts as none.
    fn read(&mut self, path: &[&str]) -> Option<&'a Node> {
        let node = self.cell.settings.at(path)?;
        self.reads.push(node.origin());
        (!node.is_off()).then_some(node)
    }

    fn count(&mut self, key: &str) -> i64 {
        let node = self.cell.facts.get(key);
        self.reads.extend(node.map(Node::origin));
        node.and_then(Node::as_i64).unwrap_or(0)
    }

    fn nodes(&mut self) {
        let (planes, workers) = (self.count("controlPlanes"), self.count("workers"));
        let many =
            |count: i64, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
        let nodes = format!(
            "{} and {}",
            many(planes, "control plane"),
            many(workers, "worker")
        );
        self.say(format!(
            "Its nodes ({nodes}) are containers of one workstation: they share its kernel, and fail with it."
        ));
        if let Some(size) = self.read(&["size"]).and_then(Node::as_str) {
            let mut part = |key| {
                self.read(&["sizes", size, key])
                    .and_then(Node::scalar_text)
                    .unwrap_or_default()
            };
            let (cpu, memory, disk) = (part("cpu"), part("memory"), part("disk"));
            self.say(format!(
                "The size `{size}` says how many nodes there are; {cpu} CPUs, {memory} of memory and {disk} of disk for each are not enforced."
            ));
        }
        self.say(
            "There is no machine config: kernel parameters and modules, system extensions, disk encryption and the machines' firewall are the workstation's."
                .into(),
        );
        let copied = self
            .read(&["backup", "etcd"])
            .and_then(|etcd| etcd.get("upload"));
        self.say(
            match copied.and_then(Node::as_bool) {
                Some(true) => "etcd runs on the workstation's disk; its snapshots leave it.",
                Some(false) => "etcd runs on the workstation's disk, and its snapshots stay there.",
                None => "etcd runs on the workstation's disk, and nothing backs it up.",
            }
            .into(),
        );
    }

    fn network(&mut self) {
        match self.read(&["network", "cni"]).and_then(Node::as_str) {
            Some(cni) => self.say(format!(
                "The network is `{cni}` over the bridge of the containers: no VLAN, no bond, no address of the real network."
            )),
            None => self.say("It has no network of the platform's choosing.".into()),
        }
        let balancer = self.read(&["network", "loadBalancer"]).is_some();
        let gateway = self.read(&["network", "gateway"]).is_some();
        if balancer {
            self.say(
                "Addresses of the load balancer are reachable from the workstation only.".into(),
            );
        } else {
            self.say("Services of type LoadBalancer get no address: no pool is stated.".into());
        }
        let ports = self.ports();
        if gateway && !ports.is_empty() {
            self.say(format!(
                "The gateway is reached through ports of the workstation: {}.",
                ports.join(", ")
            ));
        } else if !gateway {
            self.say("There is no gateway: nothing is reached from outside but through `kubectl port-forward`.".into());
        }
        self.say(
            "The API server listens on a port of 127.0.0.1 that Kind chooses; there is no shared address of control planes."
                .into(),
        );
    }

    /// Which ports of the workstation lead where.
    fn ports(&mut self) -> Vec<String> {
        let said = self.cell.settings.at(&["kind", "ports"]).into_iter();
        let needed = self
            .cell
            .components
            .iter()
            .filter_map(|enabled| enabled.needs.at(&["kind", "ports"]));
        let mut shown = Vec::new();
        for port in needed.chain(said).flat_map(Node::items) {
            let part = |key: &str| {
                port.get(key)
                    .and_then(Node::scalar_text)
                    .unwrap_or_default()
            };
            self.reads
                .extend(port.entries().iter().map(|entry| entry.value.origin()));
            let sentence = format!("{} for {}", part("host"), part("container"));
            if !shown.contains(&sentence) {
                shown.push(sentence);
            }
        }
        shown
    }

    fn storage(&mut self) {
        match self.read(&["storage", "block"]).and_then(Node::as_str) {
            Some(block) => self.say(format!(
                "Block storage is `{block}`: folders in a node's container, on one node each, without snapshots, and gone with the cluster."
            )),
            None => self.say(
                "Block storage is what Kind ships: its class `standard` keeps folders in a node's container, gone with the cluster."
                    .into(),
            ),
        }
    }

    fn security(&mut self) {
        let audit = apiserver::level(&self.cell.scope, "audit");
        self.reads.extend(audit.as_ref().map(Node::origin));
        match audit.as_ref().and_then(Node::as_str).unwrap_or("metadata") {
            "none" => self.say("The API server keeps no audit log.".into()),
            level => self.say(format!(
                "The API server keeps its audit log (level `{level}`) inside the container of each control plane, for a week at most."
            )),
        }
        let enforced = apiserver::level(&self.cell.scope, "podSecurity");
        self.reads.extend(enforced.as_ref().map(Node::origin));
        let level = enforced
            .as_ref()
            .and_then(Node::as_str)
            .unwrap_or("baseline")
            .to_owned();
        let warned = if level == "restricted" {
            ""
        } else {
            ", and `restricted` is warned of"
        };
        self.say(format!(
            "Pod Security holds as on machines: `{level}` is enforced where a namespace says nothing{warned}."
        ));
        if self.read(&["security", "network"]).and_then(Node::as_str) == Some("open") {
            self.say(
                "Every pod may talk to every other: no network policy denies by default.".into(),
            );
        }
        if self.read(&["security", "certificates"]).is_some()
            && self.read(&["security", "issuer", "acme"]).is_none()
        {
            self.say(
                "Certificates come from an authority of the cluster's own that no browser knows."
                    .into(),
            );
        }
    }
}
