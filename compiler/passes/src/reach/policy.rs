//! A policy as every dialect means it: whom it is about, and what its rules let through.

use super::address::Block;
use super::endpoint::Endpoint;
use super::port::{Port, Ports};
use super::selector::{Holds, Selector};
use model::object::ObjectId;
use syntax::{Node, OriginId, Text};

/// A policy of the output.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The object.
    pub id: ObjectId,
    /// Its file, below the output folder.
    pub file: String,
    /// Whether the compiler wrote it for what components declare; else a component or the user did.
    pub derived: bool,
    /// The pods that it is about; `None` where it is about nodes.
    pub subject: Option<Selector>,
    /// What of that is not understood.
    pub unread: Option<String>,
    /// What calls them.
    pub ingress: Section,
    /// What they call.
    pub egress: Section,
}

impl Policy {
    /// Why it can't be told whether it is about the pods of an end.
    #[must_use]
    pub fn doubt(&self, own: &Endpoint) -> String {
        match &self.unread {
            Some(what) => format!("{what} is not understood"),
            None => format!("not every label of `{}` is known", own.title),
        }
    }

    /// One direction of it.
    #[must_use]
    pub fn section(&self, inbound: bool) -> &Section {
        if inbound { &self.ingress } else { &self.egress }
    }
}

/// One direction of a policy.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// Whether what no rule allows is denied.
    pub closes: bool,
    /// Where that stands in the file.
    pub pointer: String,
    /// Where it came from.
    pub origin: OriginId,
    /// The rules.
    pub rules: Vec<Rule>,
}

impl Section {
    /// How many of its rules let somebody through.
    #[must_use]
    pub fn lets(&self) -> usize {
        let lets = |rule: &&Rule| match &rule.peers {
            Peers::Anyone => !rule.denies,
            Peers::These(peers) => !rule.denies && !peers.is_empty(),
        };
        self.rules.iter().filter(lets).count()
    }
}

/// One rule of a policy.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Where it stands in the file.
    pub pointer: String,
    /// The rule as it is written.
    pub node: Node,
    /// Whether it denies.
    pub denies: bool,
    /// The other end.
    pub peers: Peers,
    /// The ports at the end that is called.
    pub ports: Ports,
    /// What of it is not understood, or lets only a part of the requests through.
    pub doubts: Vec<String>,
}

/// The other end of a rule.
#[derive(Clone, Debug)]
pub enum Peers {
    /// Whoever it is.
    Anyone,
    /// One of these.
    These(Vec<Peer>),
}

/// One kind of other end.
#[derive(Clone, Debug)]
pub enum Peer {
    /// By labels.
    Selected(Selector),
    /// By address.
    Block(Block),
    /// By the name that was looked up, `*` allowed.
    Name(Text),
    /// Not understood.
    Unknown(String),
}

impl Peer {
    /// Whether it takes an end, where those that the cluster manages have no address for rules (`by_identity`).
    #[must_use]
    pub fn takes(&self, end: &Endpoint, by_identity: bool) -> Holds {
        match self {
            Peer::Selected(selector) => selector.takes(&end.labels),
            Peer::Block(_) if by_identity && !end.is_world() => Holds::No,
            Peer::Block(block) => block.takes_all(&end.addresses),
            Peer::Name(pattern) => match &end.name {
                Some(name) => Holds::certain(matches(pattern, name)),
                // Which addresses a name has is known when it is looked up.
                None if end.is_world() => Holds::Unsure,
                None => Holds::No,
            },
            Peer::Unknown(_) => Holds::Unsure,
        }
    }

    fn doubt(&self) -> String {
        match self {
            Peer::Selected(_) => "not every label of the other end is known".to_owned(),
            Peer::Block(_) => "it takes a part of these addresses".to_owned(),
            Peer::Name(name) => format!("the addresses of `{name}` are not known"),
            Peer::Unknown(what) => format!("{what} is not understood"),
        }
    }
}

/// Whether a name is one of a pattern's: `*` stands for any letters of one label, `**.` at its head for any labels.
fn matches(pattern: &str, name: &str) -> bool {
    if pattern == "*" {
        return true;
    }
    if let Some(rest) = pattern.strip_prefix("**.") {
        let below = name
            .strip_suffix(rest)
            .and_then(|head| head.strip_suffix('.'));
        return below.is_some_and(|head| !head.is_empty());
    }
    let (patterns, labels) = (pattern.split('.'), name.split('.'));
    patterns.clone().count() == labels.clone().count()
        && patterns
            .zip(labels)
            .all(|(pattern, label)| like(pattern, label))
}

fn like(pattern: &str, label: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern.eq_ignore_ascii_case(label);
    };
    let Some(label) = label.strip_prefix(head) else {
        return false;
    };
    let mut tails = label.char_indices().map(|(at, _)| at).chain([label.len()]);
    tails.any(|at| label.get(at..).is_some_and(|tail| like(rest, tail)))
}

impl Rule {
    /// Whether it takes a call of a port between its pods and another end; `named` are the ports of who is called.
    #[must_use]
    pub fn takes(&self, end: &Endpoint, port: Port, called: &Endpoint, by_identity: bool) -> Holds {
        let peers = match &self.peers {
            Peers::Anyone => Holds::Yes,
            Peers::These(list) => {
                let each = list.iter().map(|peer| peer.takes(end, by_identity));
                each.fold(Holds::No, Holds::or)
            }
        };
        let sure = if self.doubts.is_empty() {
            Holds::Yes
        } else {
            Holds::Unsure
        };
        peers.and(self.ports.take(port, &called.ports)).and(sure)
    }

    /// Why it can't be told whether it takes a call.
    #[must_use]
    pub fn doubt(
        &self,
        end: &Endpoint,
        port: Port,
        called: &Endpoint,
        by_identity: bool,
    ) -> String {
        if let Some(doubt) = self.doubts.first() {
            return doubt.clone();
        }
        if self.ports.take(port, &called.ports) == Holds::Unsure {
            return "the number of a named port is not known".to_owned();
        }
        let unsure = match &self.peers {
            Peers::Anyone => None,
            Peers::These(list) => list
                .iter()
                .find(|peer| peer.takes(end, by_identity) == Holds::Unsure),
        };
        unsure.map_or_else(
            || "not every label of the pods is known".to_owned(),
            Peer::doubt,
        )
    }
}
