//! `below-pod-security`: a namespace takes the pods that are put into it.

use super::{pod, refused, standard};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View, Workload};
use refused::Offence;
use standard::Standard;
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "below-pod-security",
    group: Group::Workload,
    levels: Levels::all(Level::Error),
    page: include_str!("below-pod-security.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    let minor = minor(view);
    let levels = standard::levels(view);
    for workload in view.workloads() {
        let Some(&(level, stated)) = levels.get(workload.id.namespace.as_str()) else {
            continue;
        };
        if level == Standard::Privileged {
            continue;
        }
        let offences = match workload.pod {
            Some(spec) => refused::offences((level, minor), spec, workload.all_containers()),
            None => declared(workload),
        };
        if !offences.is_empty() {
            standard::tell(told, workload, finding(workload, level, stated, offences));
        }
    }
}

/// The minor version of Kubernetes; 0 where it is not known.
fn minor(view: &View<'_>) -> u64 {
    let version = view.cluster.at(&["versions", "kubernetes"]);
    let version = version.and_then(Node::as_str).unwrap_or_default();
    let minor = version.split('.').nth(1);
    minor.and_then(|it| it.parse().ok()).unwrap_or(0)
}

/// What a component says of pods that its chart makes.
fn declared(workload: &Workload<'_>) -> Vec<Offence> {
    let host = workload.node.get("hostNetwork");
    let host = host.filter(|host| pod::is_true(Some(host)));
    let host = host.map(|host| (host.origin(), "the network of its node".to_owned()));
    host.into_iter().collect()
}

fn finding(
    workload: &Workload<'_>,
    level: Standard,
    stated: &Node,
    offences: Vec<Offence>,
) -> Finding {
    let (namespace, word) = (&workload.id.namespace, level.word());
    let mut finding = Finding::new(format!(
        "the pods of {} are refused: namespace `{namespace}` enforces `{word}`",
        workload.title()
    ));
    for (at, label) in offences {
        finding = finding.at(at, label);
    }
    finding
        .at(stated.origin(), format!("`{word}` is enforced by this"))
        .help(format!(
            "write what `{word}` asks for, or put it into a namespace of a component that says which `podSecurity` it needs, and `because`"
        ))
}
