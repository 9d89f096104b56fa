//! What `reach` answers: for each cluster and each pair of workloads, the verdict and what decides it.

use passes::reach::endpoint::Endpoint;
use passes::reach::policy::{Policy, Rule};
use passes::reach::port::{Port, Protocol};
use passes::reach::{self, Holds, Miss, Network, Reach, Side, Why};
use syntax::{Diagnostic, Node, Sources, Span};

/// A port that is often asked for: where none is open, it stands for all.
const OFTEN: u16 = 443;

/// What is asked.
pub struct Question<'a> {
    /// Who calls.
    pub from: &'a str,
    /// Who is called.
    pub to: &'a str,
    /// At which port; without one, at which ports.
    pub port: Option<Port>,
}

/// The answer for a cluster.
pub struct Answer {
    /// The cluster.
    pub cluster: String,
    /// Each pair of ends.
    pub pairs: Vec<Pair>,
}

/// The answer for two ends.
pub struct Pair {
    /// Who calls.
    pub from: String,
    /// Who is called.
    pub to: String,
    /// Whether it is reached, at the port or at any.
    pub holds: Holds,
    /// The open ports, where none is asked for.
    pub open: Option<String>,
    /// The ports of which it can't be told.
    pub unclear: Option<String>,
    /// What decides where it is called from.
    pub egress: Reason,
    /// What decides where it is called.
    pub ingress: Reason,
    /// What would let it through.
    pub fix: Vec<String>,
}

/// What decides at one end.
pub struct Reason {
    /// Whether it is let through.
    pub holds: Holds,
    /// Why, as a word.
    pub why: &'static str,
    /// Why, as a sentence.
    pub said: String,
    /// What decides it, each with what is not known of it where it can't be told.
    pub rules: Vec<Decider>,
}

/// A place in the output and the line that made it.
pub struct Decider {
    /// The file, below the output folder.
    pub file: String,
    /// The place in it.
    pub pointer: String,
    /// The line of the spec or of a component.
    pub place: Option<String>,
    /// What stands there.
    pub line: String,
    /// What is not known.
    pub doubt: Option<String>,
}

impl Answer {
    /// The answer for a cluster; `None` where it has not both ends.
    ///
    /// # Errors
    /// An address that is inside of the cluster.
    pub fn of(
        cell: &Reach,
        question: &Question<'_>,
        sources: &Sources,
    ) -> Result<Option<Self>, Box<Diagnostic>> {
        let network = &cell.network;
        let (Some(from), Some(to)) = (ends(network, question.from)?, ends(network, question.to)?)
        else {
            return Ok(None);
        };
        let mut pairs = Vec::new();
        for from in &from {
            for to in &to {
                // A workload is not asked whether it reaches itself, unless it alone is.
                if from.title != to.title || question.from == question.to {
                    pairs.push(pair(cell, sources, from, to, question.port));
                }
            }
        }
        Ok((!pairs.is_empty()).then(|| Answer {
            cluster: network.cluster.clone(),
            pairs,
        }))
    }

    /// The answer for all pairs; `None` where it is not one.
    pub fn holds(&self) -> Option<Holds> {
        let mut pairs = self.pairs.iter().map(|pair| pair.holds);
        let first = pairs.next()?;
        pairs.all(|holds| holds == first).then_some(first)
    }
}

fn ends(network: &Network, name: &str) -> Result<Option<Vec<Endpoint>>, Box<Diagnostic>> {
    match network.find(name) {
        Ok(ends) => Ok(Some(ends)),
        Err(Miss::Unknown) => Ok(None),
        Err(Miss::Inside(whose)) => Err(Box::new(
            Diagnostic::error(
                "no-such-end",
                format!(
                    "`{name}` is {whose} address in cluster `{}`",
                    network.cluster
                ),
            )
            .help("which one has it is known when it runs: name the workload, NAMESPACE/WORKLOAD"),
        )),
    }
}

fn pair(
    cell: &Reach,
    sources: &Sources,
    from: &Endpoint,
    to: &Endpoint,
    port: Option<Port>,
) -> Pair {
    let network = &cell.network;
    let ranges = match port {
        Some(_) => Vec::new(),
        None => ranges(network, from, to),
    };
    let shown = port.unwrap_or_else(|| telling(&ranges));
    let verdict = network.judge(from, to, shown);
    let place = |span| Some((sources.locate(span), line(span, sources)));
    let stated = |node: &Node| place(reach::stated(node, &cell.origins, sources)?);
    let closed = |policy: &Policy, inbound: bool| {
        // What the compiler closes, it was told to.
        let told = network.denies.filter(|_| policy.derived);
        let origin = told.unwrap_or(policy.section(inbound).origin);
        place(cell.origins.place(origin)?)
    };
    let places = Places {
        stated: &stated,
        closed: &closed,
    };
    let reason = |side: &Side<'_>, own: &Endpoint, inbound| reason(side, own, inbound, &places);
    let listed = |wanted: Holds| {
        let text = list(&ranges, wanted);
        (!text.is_empty()).then_some(text)
    };
    Pair {
        from: from.title.clone(),
        to: to.title.clone(),
        holds: verdict.holds,
        open: listed(Holds::Yes),
        unclear: listed(Holds::Unsure),
        egress: reason(&verdict.egress, from, false),
        ingress: reason(&verdict.ingress, to, true),
        fix: reach::advice(network, from, to, port, &verdict),
    }
}

/// The port that stands for all, where none is asked for: the first that is open, else of which it can't be told.
fn telling(ranges: &Ranges) -> Port {
    let first = |wanted: Holds| ranges.iter().find(|(.., holds)| *holds == wanted);
    let found = first(Holds::Yes).or_else(|| first(Holds::Unsure));
    let (protocol, number) = found.map_or((Protocol::Tcp, OFTEN), |(protocol, port, ..)| {
        (*protocol, *port)
    });
    Port { protocol, number }
}

/// Ranges of ports, each with its protocol and whether they are open.
type Ranges = Vec<(Protocol, u16, u16, Holds)>;

fn ranges(network: &Network, from: &Endpoint, to: &Endpoint) -> Ranges {
    let protocols = Protocol::ALL.into_iter();
    protocols
        .flat_map(|protocol| {
            let ranges = network.ports(from, to, protocol).into_iter();
            ranges.map(move |(first, last, holds)| (protocol, first, last, holds))
        })
        .collect()
}

/// The ports of one kind, as people write them.
fn list(ranges: &Ranges, wanted: Holds) -> String {
    let of: Vec<_> = ranges
        .iter()
        .filter(|(.., holds)| *holds == wanted)
        .collect();
    let whole = |protocol: Protocol| {
        let mut all = of.iter();
        all.any(|(of, first, last, _)| *of == protocol && (*first, *last) == (1, u16::MAX))
    };
    if Protocol::ALL.into_iter().all(whole) {
        return "every port".to_owned();
    }
    let texts = of.iter().map(|(protocol, first, last, _)| {
        let suffix = match protocol {
            Protocol::Tcp => String::new(),
            Protocol::Udp | Protocol::Sctp => format!("/{}", protocol.name().to_ascii_lowercase()),
        };
        match (first, last) {
            (1, &u16::MAX) => format!("every port of {}", protocol.name()),
            (first, last) if first == last => format!("{first}{suffix}"),
            (first, last) => format!("{first}-{last}{suffix}"),
        }
    });
    texts.collect::<Vec<_>>().join(", ")
}

fn line(span: Span, sources: &Sources) -> String {
    let source = sources.get(span.file);
    let line = source.and_then(|source| source.line(source.place(span.start).line));
    let line = line.map_or("", |(_, line)| line.trim());
    line.chars().take(100).collect()
}

type Place = Option<(String, String)>;

/// Where rules are stated, and where it is said that an end is closed.
struct Places<'p> {
    stated: &'p dyn Fn(&Node) -> Place,
    closed: &'p dyn Fn(&Policy, bool) -> Place,
}

fn reason(side: &Side<'_>, own: &Endpoint, inbound: bool, places: &Places<'_>) -> Reason {
    let own = &own.title;
    let (why, said) = match &side.why {
        Why::NoPod => (
            "no-pod",
            format!("no policy is about `{own}`: it is no pod on the pods' network"),
        ),
        Why::OwnNode => (
            "own-node",
            "a pod and its own node always reach each other".to_owned(),
        ),
        Why::Unenforced => (
            "unenforced",
            "nothing in this cluster enforces policies".to_owned(),
        ),
        Why::Open => ("open", format!("no policy closes `{own}`")),
        Why::Allowed(..) => ("allowed", "allowed by".to_owned()),
        Why::Denied(..) => ("denied", "denied by".to_owned()),
        Why::Closed(_) => (
            "closed",
            "no rule lets it through; denied by default".to_owned(),
        ),
        Why::Unclear(_) => ("unclear", "it can't be told".to_owned()),
    };
    Reason {
        holds: side.holds,
        why,
        said,
        rules: deciders(side, inbound, places),
    }
}

/// What decides at an end.
fn deciders(side: &Side<'_>, inbound: bool, places: &Places<'_>) -> Vec<Decider> {
    let decider = |policy: &Policy, pointer: &str, place: Place, doubt: Option<String>| {
        let (place, line) = place.unzip();
        Decider {
            file: policy.file.clone(),
            pointer: pointer.to_owned(),
            place,
            line: line.unwrap_or_default(),
            doubt,
        }
    };
    let rule = |policy: &Policy, rule: &Rule, doubt| {
        decider(policy, &rule.pointer, (places.stated)(&rule.node), doubt)
    };
    let section = |policy: &Policy, doubt| {
        let pointer = &policy.section(inbound).pointer;
        decider(policy, pointer, (places.closed)(policy, inbound), doubt)
    };
    match &side.why {
        Why::NoPod | Why::OwnNode | Why::Unenforced | Why::Open => Vec::new(),
        Why::Allowed(policy, one) | Why::Denied(policy, one) => vec![rule(policy, one, None)],
        Why::Closed(policies) => policies
            .iter()
            .map(|policy| section(policy, None))
            .collect(),
        Why::Unclear(doubts) => doubts
            .iter()
            .map(|doubt| match doubt.rule {
                Some(one) => rule(doubt.policy, one, Some(doubt.what.clone())),
                None => section(doubt.policy, Some(doubt.what.clone())),
            })
            .collect(),
    }
}
