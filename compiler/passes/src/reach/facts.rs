//! What rules ask of a cell's network: namespaces that are open, declared flows without a path, and allows that let in more
//! than was declared.

use super::endpoint::{Being, Endpoint};
use super::flows::Declared;
use super::network::Network;
use super::policy::{Policy, Rule};
use super::port::{Port, Ports, Protocol, Range};
use super::selector::Holds;
use std::collections::BTreeSet;
use syntax::{OriginId, Text};

/// Namespaces of the cluster's own, in which nothing is denied.
const SYSTEM: [&str; 5] = [
    "default",
    "flux-system",
    "kube-node-lease",
    "kube-public",
    "kube-system",
];
/// The port of an API server.
const API_SERVER: u16 = 6443;

/// A namespace with pods that a cluster which denies by default leaves open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenNamespace {
    /// Its name.
    pub namespace: Text,
    /// Whether others may call its pods.
    pub ingress: bool,
    /// Whether its pods may call others.
    pub egress: bool,
    /// Where it is made, else a workload in it.
    pub origin: OriginId,
    /// Where the cluster is told to deny by default.
    pub setting: OriginId,
}

/// The namespaces with pods that no policy closes, where `security.network: default-deny`.
#[must_use]
pub fn open_namespaces(network: &Network) -> Vec<OpenNamespace> {
    let Some(setting) = network.denies else {
        return Vec::new();
    };
    let mut seen = BTreeSet::new();
    let mut open = Vec::new();
    for pods in network.pods.iter().filter(|pods| pods.being == Being::Pods) {
        let Some(namespace) = pods.namespace() else {
            continue;
        };
        if SYSTEM.contains(&namespace) || !seen.insert(namespace.to_owned()) {
            continue;
        }
        // Pods of which nothing is known: only what is about all pods closes them.
        let any = network.some_pods(namespace, namespace, None);
        let closed = |inbound: bool| {
            network.policies.iter().any(|policy| {
                let about = policy.subject.as_ref();
                policy.section(inbound).closes
                    && about.is_some_and(|subject| subject.takes(&any.labels) == Holds::Yes)
            })
        };
        let (ingress, egress) = (!closed(true), !closed(false));
        if ingress || egress {
            let workload = pods.workload.as_ref().map(|workload| workload.origin);
            let made = network.made.get(namespace).copied().or(workload);
            open.push(OpenNamespace {
                namespace: namespace.into(),
                ingress,
                egress,
                origin: made.unwrap_or_default(),
                setting,
            });
        }
    }
    open
}

/// A declared flow that the policies of the output don't let through.
#[derive(Clone, Debug)]
pub struct Missing {
    /// The flow.
    pub flow: Declared,
    /// Who calls.
    pub from: Endpoint,
    /// Who is called.
    pub to: Endpoint,
    /// At which port.
    pub port: Port,
    /// Whether the caller's side lets it through.
    pub egress: Holds,
    /// Whether the side of who is called does.
    pub ingress: Holds,
}

/// The declared flows without a path, each with the first pair of ends that it fails for.
#[must_use]
pub fn missing_paths(network: &Network) -> Vec<Missing> {
    missing_paths_among(network, |_| true)
}

/// The same, of some of the declared flows.
#[must_use]
pub fn missing_paths_among(network: &Network, wanted: impl Fn(&Declared) -> bool) -> Vec<Missing> {
    let flows = network.declared().into_iter().filter(wanted);
    flows.filter_map(|flow| missing(network, flow)).collect()
}

fn missing(network: &Network, flow: Declared) -> Option<Missing> {
    let mut failed: Option<Missing> = None;
    let mut reached = false;
    for own in &flow.own {
        for peer in &flow.peers {
            let (from, to) = if flow.inbound {
                (peer, own)
            } else {
                (own, peer)
            };
            for number in flow.probes() {
                let port = Port {
                    protocol: Protocol::Tcp,
                    number,
                };
                let verdict = network.judge(from, to, port);
                let own_side = if flow.inbound {
                    &verdict.ingress
                } else {
                    &verdict.egress
                };
                let fails = || Missing {
                    from: from.clone(),
                    to: to.clone(),
                    port,
                    egress: verdict.egress.holds,
                    ingress: verdict.ingress.holds,
                    flow: flow.clone(),
                };
                if own_side.holds == Holds::No {
                    return Some(fails());
                }
                if verdict.holds == Holds::No {
                    failed.get_or_insert_with(fails);
                } else {
                    reached = true;
                }
            }
        }
    }
    let lacks = match flow.group() {
        Group::Others => false,
        Group::Some => !reached,
        Group::All => true,
    };
    failed.filter(|_| lacks)
}

/// Whose side of a flow has to let it through beside that of who declares it.
enum Group {
    /// Nobody's: each of the others says so by itself, as who measures pods and those who let it in by `metrics` do.
    Others,
    /// That of one in the namespace which is named.
    Some,
    /// Everyone's who is meant.
    All,
}

impl Declared {
    fn group(&self) -> Group {
        match self.word.as_str() {
            "cluster" | "metrics" => Group::Others,
            word if word.starts_with("namespace:") => Group::Some,
            _ => Group::All,
        }
    }

    /// Ports to try it by: its own, or some of all.
    #[must_use]
    pub fn probes(&self) -> Vec<u16> {
        match (self.ports.as_slice(), self.word.as_str(), self.inbound) {
            ([], "kube-apiserver", false) => vec![API_SERVER],
            ([], _, _) => vec![1, 443, u16::MAX],
            (ports, _, _) => ports.to_vec(),
        }
    }
}

/// In what an allow is wider than what is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Width {
    /// It is for pods of every namespace.
    EveryNamespace,
    /// It is for the whole internet.
    Internet,
    /// It is for every port.
    EveryPort,
}

/// An allow that lets through more than is declared.
#[derive(Clone, Debug)]
pub struct Wide<'n> {
    /// The policy.
    pub policy: &'n Policy,
    /// The rule.
    pub rule: &'n Rule,
    /// Whether it is about what calls the pods.
    pub inbound: bool,
    /// In what it is wider.
    pub width: Width,
    /// Pods for which it is, by name.
    pub pods: String,
    /// Where the rule came from.
    pub origin: OriginId,
}

/// The allows of the output, the compiler's own included (`policy.derived`), that let through more than is declared for the
/// pods that they are about.
#[must_use]
pub fn wider_than_declared(network: &Network) -> Vec<Wide<'_>> {
    let declared = network.declared();
    let mut wide: Vec<Wide<'_>> = Vec::new();
    for policy in &network.policies {
        let about = |pods: &&Endpoint| {
            let subject = policy.subject.as_ref();
            subject.is_some_and(|subject| subject.takes(&pods.labels) == Holds::Yes)
        };
        for inbound in [true, false] {
            let rules = policy.section(inbound).rules.iter();
            for rule in rules.filter(|rule| !rule.denies) {
                for pods in network.pods.iter().filter(about) {
                    let flows = declared.iter().filter(|flow| {
                        flow.inbound == inbound
                            && flow.own.iter().any(|own| own.title == pods.title)
                    });
                    let flows: Vec<&Declared> = flows.collect();
                    for width in widths(network, rule, pods, inbound, &flows) {
                        let known = |w: &Wide<'_>| {
                            w.rule.pointer == rule.pointer
                                && w.policy.file == policy.file
                                && w.width == width
                        };
                        if wide.iter().any(known) {
                            continue;
                        }
                        wide.push(Wide {
                            policy,
                            rule,
                            inbound,
                            width,
                            pods: pods.title.clone(),
                            origin: rule.node.origin(),
                        });
                    }
                }
            }
        }
    }
    wide
}

/// In what a rule is wider for pods than their flows.
fn widths(
    network: &Network,
    rule: &Rule,
    pods: &Endpoint,
    inbound: bool,
    flows: &[&Declared],
) -> Vec<Width> {
    let takes = |end: &Endpoint| {
        let called = if inbound { pods } else { end };
        rule.takes(end, sample(&rule.ports), called, network.by_identity) == Holds::Yes
    };
    let said = |words: &[&str]| flows.iter().any(|flow| words.contains(&flow.word.as_str()));
    let mut widths = Vec::new();
    if takes(&network.stranger()) && !said(&["cluster"]) {
        widths.push(Width::EveryNamespace);
    }
    if takes(&network.internet("internet")) && !said(&["internet", "outside"]) {
        widths.push(Width::Internet);
    }
    let open = |flow: &&&Declared| flow.ports.is_empty() && flow.peers.iter().any(takes);
    if is_every(&rule.ports) && !nobody(rule) && !flows.iter().any(|flow| open(&flow)) {
        widths.push(Width::EveryPort);
    }
    widths
}

/// A port that a rule takes, where it takes any by number.
fn sample(ports: &Ports) -> Port {
    let first = match ports {
        Ports::All => None,
        Ports::These(list) => list.iter().find_map(|(protocol, range)| match range {
            Range::Numbers(first, _) => Some((*protocol, (*first).max(1))),
            Range::Name(_) => None,
        }),
    };
    let (protocol, number) = first.unwrap_or((None, 443));
    Port {
        protocol: protocol.unwrap_or(Protocol::Tcp),
        number,
    }
}

fn is_every(ports: &Ports) -> bool {
    match ports {
        Ports::All => true,
        Ports::These(list) => list
            .iter()
            .any(|(_, range)| matches!(range, Range::Numbers(0 | 1, u16::MAX))),
    }
}

fn nobody(rule: &Rule) -> bool {
    match &rule.peers {
        super::policy::Peers::Anyone => false,
        super::policy::Peers::These(peers) => peers.is_empty(),
    }
}
