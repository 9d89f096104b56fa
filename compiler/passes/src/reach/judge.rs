//! Whether one end reaches another: the policies of both, each in its direction.

use super::endpoint::{Being, Endpoint};
use super::network::Network;
use super::policy::{Policy, Rule};
use super::port::{Port, Protocol};
use super::selector::Holds;
use std::collections::BTreeSet;

/// Whether a call gets through, and what decides it at each end.
#[derive(Clone, Debug)]
pub struct Verdict<'n> {
    /// Whether it does.
    pub holds: Holds,
    /// What lets the caller call.
    pub egress: Side<'n>,
    /// What lets it in at who is called.
    pub ingress: Side<'n>,
}

/// What decides at one end.
#[derive(Clone, Debug)]
pub struct Side<'n> {
    /// Whether it lets the call through.
    pub holds: Holds,
    /// Why.
    pub why: Why<'n>,
}

/// Why one end lets a call through or not.
#[derive(Clone, Debug)]
pub enum Why<'n> {
    /// No policy is about this end: it is no pod, or on the nodes' own network.
    NoPod,
    /// A pod and its own node always reach each other.
    OwnNode,
    /// Nothing in this cluster enforces policies.
    Unenforced,
    /// No policy closes this end.
    Open,
    /// A rule lets it through.
    Allowed(&'n Policy, &'n Rule),
    /// A rule denies it.
    Denied(&'n Policy, &'n Rule),
    /// These policies close the end, and no rule lets it through.
    Closed(Vec<&'n Policy>),
    /// It can't be told: at these policies and rules, and why.
    Unclear(Vec<Doubt<'n>>),
}

/// What can't be told.
#[derive(Clone, Debug)]
pub struct Doubt<'n> {
    /// The policy.
    pub policy: &'n Policy,
    /// The rule; `None` where it is whether the policy is about the pods.
    pub rule: Option<&'n Rule>,
    /// What is not known.
    pub what: String,
}

impl Network {
    /// Whether a call from one end gets through to a port of another.
    #[must_use]
    pub fn judge(&self, from: &Endpoint, to: &Endpoint, port: Port) -> Verdict<'_> {
        let egress = self.side(from, to, port, false);
        let ingress = self.side(to, from, port, true);
        Verdict {
            holds: egress.holds.and(ingress.holds),
            egress,
            ingress,
        }
    }

    /// What one end's policies say of a call.
    fn side(&self, own: &Endpoint, other: &Endpoint, port: Port, inbound: bool) -> Side<'_> {
        let yes = |why| Side {
            holds: Holds::Yes,
            why,
        };
        match (own.being, other.being) {
            (Being::Pods, Being::Host) if inbound || !self.by_identity => return yes(Why::OwnNode),
            (Being::Pods, _) if !self.enforced => return yes(Why::Unenforced),
            (Being::Pods, _) => {}
            (Being::Node | Being::Host, _) => return self.node(inbound),
            (Being::ApiServer | Being::Ingress | Being::Health | Being::World, _) => {
                return yes(Why::NoPod);
            }
        }
        let called = if inbound { own } else { other };
        let mut found = Found::default();
        for policy in &self.policies {
            let about = policy.subject.as_ref();
            let about = about.map_or(Holds::No, |subject| subject.takes(&own.labels));
            if about == Holds::No {
                continue;
            }
            let section = policy.section(inbound);
            if section.closes {
                found.closed((policy, inbound), about, own);
            }
            for rule in &section.rules {
                let takes = about.and(rule.takes(other, port, called, self.by_identity));
                let doubt = || match about {
                    Holds::Yes => rule.doubt(other, port, called, self.by_identity),
                    Holds::No | Holds::Unsure => policy.doubt(own),
                };
                found.rule(policy, rule, takes, doubt);
            }
        }
        found.side()
    }

    /// A node: only a policy for nodes could close it, and which nodes that selects is not known here.
    fn node(&self, inbound: bool) -> Side<'_> {
        let about = |policy: &&Policy| policy.subject.is_none() && policy.section(inbound).closes;
        let doubts: Vec<Doubt<'_>> = self
            .policies
            .iter()
            .filter(about)
            .map(|policy| Doubt {
                policy,
                rule: None,
                what: "the labels of nodes are not known".to_owned(),
            })
            .collect();
        match doubts.is_empty() {
            true => Side {
                holds: Holds::Yes,
                why: Why::NoPod,
            },
            false => Side {
                holds: Holds::Unsure,
                why: Why::Unclear(doubts),
            },
        }
    }

    /// The ports of one protocol at which the verdict is one: from, to, and what it is.
    #[must_use]
    pub fn ports(
        &self,
        from: &Endpoint,
        to: &Endpoint,
        protocol: Protocol,
    ) -> Vec<(u16, u16, Holds)> {
        let mut edges = BTreeSet::from([1]);
        for section in self.policies.iter().flat_map(|p| [&p.ingress, &p.egress]) {
            for rule in &section.rules {
                rule.ports.edges(&to.ports, &mut edges);
            }
        }
        let mut ranges: Vec<(u16, u16, Holds)> = Vec::new();
        let ends = edges.iter().skip(1).map(|next| next - 1).chain([u16::MAX]);
        for (first, last) in edges.iter().copied().zip(ends) {
            let port = Port {
                protocol,
                number: first,
            };
            let holds = self.judge(from, to, port).holds;
            match ranges.last_mut() {
                Some((_, end, before)) if *before == holds => *end = last,
                _ => ranges.push((first, last, holds)),
            }
        }
        ranges
    }
}

/// What was found at one end.
#[derive(Default)]
struct Found<'n> {
    closes: Option<Holds>,
    closing: Vec<(&'n Policy, bool)>,
    allowed: Option<(&'n Policy, &'n Rule)>,
    denied: Option<(&'n Policy, &'n Rule)>,
    maybe_allowed: Vec<Doubt<'n>>,
    maybe_denied: Vec<Doubt<'n>>,
    maybe_closed: Vec<Doubt<'n>>,
}

impl<'n> Found<'n> {
    fn closed(&mut self, (policy, inbound): (&'n Policy, bool), about: Holds, own: &Endpoint) {
        self.closes = Some(self.closes.map_or(about, |closes| closes.or(about)));
        match about {
            Holds::Yes => self.closing.push((policy, inbound)),
            Holds::No | Holds::Unsure => self.maybe_closed.push(Doubt {
                policy,
                rule: None,
                what: policy.doubt(own),
            }),
        }
    }

    fn rule(
        &mut self,
        policy: &'n Policy,
        rule: &'n Rule,
        takes: Holds,
        doubt: impl Fn() -> String,
    ) {
        let (sure, unsure) = match rule.denies {
            true => (&mut self.denied, &mut self.maybe_denied),
            false => (&mut self.allowed, &mut self.maybe_allowed),
        };
        match takes {
            Holds::No => {}
            Holds::Yes => {
                sure.get_or_insert((policy, rule));
            }
            Holds::Unsure => unsure.push(Doubt {
                policy,
                rule: Some(rule),
                what: doubt(),
            }),
        }
    }

    /// A rule that denies wins over those that allow; what nobody closes is open.
    fn side(self) -> Side<'n> {
        let side = |holds, why| Side { holds, why };
        if let Some((policy, rule)) = self.denied {
            return side(Holds::No, Why::Denied(policy, rule));
        }
        if !self.maybe_denied.is_empty() {
            return side(Holds::Unsure, Why::Unclear(self.maybe_denied));
        }
        if let Some((policy, rule)) = self.allowed {
            return side(Holds::Yes, Why::Allowed(policy, rule));
        }
        match self.closes {
            None | Some(Holds::No) => side(Holds::Yes, Why::Open),
            Some(Holds::Unsure) => side(Holds::Unsure, Why::Unclear(self.maybe_closed)),
            Some(Holds::Yes) if self.maybe_allowed.is_empty() => {
                // What only closes is named before what also lets something through.
                let mut closing = self.closing;
                closing.sort_by_key(|(policy, inbound)| policy.section(*inbound).lets());
                let policies = closing.into_iter().map(|(policy, _)| policy);
                side(Holds::No, Why::Closed(policies.collect()))
            }
            Some(Holds::Yes) => side(Holds::Unsure, Why::Unclear(self.maybe_allowed)),
        }
    }
}
