//! Ports of rules, and whether they take one that is asked for.

use super::selector::Holds;
use std::collections::BTreeMap;
use syntax::Text;

/// A protocol with ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// SCTP.
    Sctp,
}

impl Protocol {
    /// All of them.
    pub const ALL: [Protocol; 3] = [Protocol::Tcp, Protocol::Udp, Protocol::Sctp];

    /// Reads its name, in any case.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let same = |protocol: &Protocol| text.eq_ignore_ascii_case(protocol.name());
        Protocol::ALL.into_iter().find(same)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Protocol::Tcp => "TCP",
            Protocol::Udp => "UDP",
            Protocol::Sctp => "SCTP",
        }
    }
}

/// A port that is asked for: the pod's own, not a Service's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Port {
    /// Its protocol.
    pub protocol: Protocol,
    /// Its number.
    pub number: u16,
}

impl std::fmt::Display for Port {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.protocol {
            Protocol::Tcp => write!(f, "{}", self.number),
            Protocol::Udp | Protocol::Sctp => {
                write!(f, "{}/{}", self.number, self.protocol.name())
            }
        }
    }
}

/// The named ports of a pod.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Each with its name.
    pub ports: BTreeMap<Text, Port>,
    /// Whether these are all of them.
    pub complete: bool,
}

/// Ports that a rule takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Range {
    /// From one to another.
    Numbers(u16, u16),
    /// What the pod calls so.
    Name(Text),
}

/// The ports of a rule: each with its protocol, or `None` for every one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ports {
    /// Every port of every protocol.
    All,
    /// These.
    These(Vec<(Option<Protocol>, Range)>),
}

impl Ports {
    /// Whether they take a port of a pod.
    #[must_use]
    pub fn take(&self, port: Port, named: &Named) -> Holds {
        let Ports::These(list) = self else {
            return Holds::Yes;
        };
        let one = |(protocol, range): &(Option<Protocol>, Range)| {
            if protocol.is_some_and(|protocol| protocol != port.protocol) {
                return Holds::No;
            }
            match range {
                Range::Numbers(first, last) => {
                    Holds::certain((*first..=*last).contains(&port.number))
                }
                Range::Name(name) => match named.ports.get(name) {
                    Some(known) => Holds::certain(*known == port),
                    None if named.complete => Holds::No,
                    None => Holds::Unsure,
                },
            }
        };
        list.iter().map(one).fold(Holds::No, Holds::or)
    }

    /// The numbers at which something may change.
    pub fn edges(&self, named: &Named, edges: &mut std::collections::BTreeSet<u16>) {
        let Ports::These(list) = self else {
            return;
        };
        for (_, range) in list {
            let (first, last) = match range {
                Range::Numbers(first, last) => (*first, *last),
                Range::Name(name) => match named.ports.get(name) {
                    Some(port) => (port.number, port.number),
                    None => continue,
                },
            };
            edges.insert(first.max(1));
            edges.extend(last.checked_add(1));
        }
    }
}
