//! What to write so that a call gets through, in the words of the spec.

use super::endpoint::{Being, Endpoint};
use super::judge::{Verdict, Why};
use super::network::{Network, Part};
use super::port::Port;
use super::selector::Holds;

/// What would let a call through, one sentence for each end that lacks it.
#[must_use]
pub fn advice(
    network: &Network,
    from: &Endpoint,
    to: &Endpoint,
    port: Option<Port>,
    verdict: &Verdict<'_>,
) -> Vec<String> {
    let mut said = Vec::new();
    for (side, own) in [(&verdict.egress, from), (&verdict.ingress, to)] {
        if let Why::Denied(policy, rule) = &side.why {
            said.push(format!(
                "take the rule at `{}` of {} out: what denies wins over every allow for `{}`",
                rule.pointer, policy.id, own.title
            ));
        }
    }
    let closed = |holds: Holds| holds == Holds::No;
    let (out, into) = (closed(verdict.egress.holds), closed(verdict.ingress.holds));
    if !said.is_empty() || !(out || into) {
        return said;
    }
    let caller = part_of(network, from);
    let called = part_of(network, to);
    if let (Some(caller), Some(called)) = (caller, called)
        && caller.app.is_some()
        && called.door.is_some()
    {
        return vec![format!(
            "`talksTo: [{}]` in app `{}`",
            app(called),
            app(caller)
        )];
    }
    let ports = port.map_or(String::new(), |port| format!(", ports: [{}]", port.number));
    if out {
        said.extend(way_out(network, caller, from, to, &ports));
    }
    if into {
        said.push(way_in(called, from, to, &ports));
    }
    said
}

/// What lets pods call.
fn way_out(
    network: &Network,
    caller: Option<&Part>,
    from: &Endpoint,
    to: &Endpoint,
    ports: &str,
) -> Option<String> {
    let peer = word(network, to, false);
    match caller {
        Some(caller) if caller.app.is_some() => match to.being {
            Being::World => {
                let peer = peer.strip_prefix("network:").unwrap_or(&peer);
                let app = app(caller);
                Some(format!(
                    "`egress: [{{ to: {peer}{ports} }}]` in app `{app}`"
                ))
            }
            Being::Pods
            | Being::Node
            | Being::Host
            | Being::ApiServer
            | Being::Ingress
            | Being::Health => Some(own_policy(from)),
        },
        Some(caller) => Some(format!(
            "`network: {{ egress: [{{ to: \"{peer}\"{ports} }}] }}` in component `{}`, or a policy of your own below its `objects`",
            caller.name
        )),
        None => Some(own_policy(from)),
    }
}

/// What lets pods be called.
fn way_in(called: Option<&Part>, from: &Endpoint, to: &Endpoint, ports: &str) -> String {
    match (called, from.being) {
        (Some(called), Being::Pods) if called.app.is_some() => {
            let namespace = home(from);
            format!("`reachableFrom: [{namespace}]` in app `{}`", app(called))
        }
        (Some(called), Being::Ingress) if called.app.is_some() => {
            format!("`pattern: web` in app `{}`", app(called))
        }
        (Some(called), Being::Pods) if called.app.is_none() => {
            let namespace = home(from);
            format!(
                "`network: {{ ingress: [{{ from: \"namespace:{namespace}\"{ports} }}] }}` in component `{}`, or a policy of your own below its `objects`",
                called.name
            )
        }
        _ => own_policy(to),
    }
}

/// The namespace to write: that of pods that nobody names is anyone's to fill in.
fn home(end: &Endpoint) -> &str {
    let named = end.namespace().filter(|_| end.title != "cluster");
    named.unwrap_or("NAMESPACE")
}

fn own_policy(own: &Endpoint) -> String {
    format!(
        "a policy of your own for `{}`, below the `objects` of a component",
        own.title
    )
}

/// An end in the words of a flow.
fn word(network: &Network, end: &Endpoint, inbound: bool) -> String {
    match end.being {
        Being::Pods => {
            let namespace = home(end);
            let at = end
                .workload
                .as_ref()
                .and_then(|workload| workload.component);
            let provided = network.providers.iter().find(|(_, by)| Some(**by) == at);
            match provided {
                Some((capability, _)) if !inbound => format!("capability:{capability}"),
                Some(_) | None => format!("namespace:{namespace}"),
            }
        }
        Being::Node | Being::Host => "nodes".to_owned(),
        Being::ApiServer => "kube-apiserver".to_owned(),
        Being::Ingress => "gateway".to_owned(),
        Being::Health => "nodes".to_owned(),
        Being::World => match (end.title.as_str(), end.addresses.as_slice()) {
            ("internet", _) => "internet".to_owned(),
            (_, [one]) if end.name.is_none() => format!("network:{}", one.network),
            (_, _) => "internet".to_owned(),
        },
    }
}

fn part_of<'n>(network: &'n Network, end: &Endpoint) -> Option<&'n Part> {
    let workload = end.workload.as_ref()?;
    network.parts.get(workload.component?)
}

fn app(part: &Part) -> &str {
    part.app.as_ref().unwrap_or(&part.name).as_str()
}
