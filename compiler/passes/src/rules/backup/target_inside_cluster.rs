//! `target-inside-cluster`: copies are not kept by what they are copies of.

use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use ipnet::IpNet;
use model::form::{parse_pool, parse_url};
use std::collections::BTreeSet;
use std::net::IpAddr;
use syntax::{Node, Span};

pub const RULE: Rule = Rule {
    id: "target-inside-cluster",
    group: Group::Backup,
    levels: Levels::all(Level::Warning),
    page: include_str!("target-inside-cluster.md"),
    on: On::Cluster(check),
};

/// Where kinds of objects state the address of a bucket's service.
const STATED: [(&str, &str, &[&str]); 3] = [
    (
        "velero.io",
        "BackupStorageLocation",
        &["spec", "config", "s3Url"],
    ),
    (
        "barmancloud.cnpg.io",
        "ObjectStore",
        &["spec", "configuration", "endpointURL"],
    ),
    (
        "postgresql.cnpg.io",
        "Cluster",
        &["spec", "backup", "barmanObjectStore", "endpointURL"],
    ),
];

const HELP: &str = "copy to a service that outlives this cluster: another site's, a provider's, at least another machine's";

fn check(view: &View<'_>, told: &mut Told) {
    // The objects' addresses come from the setting: each line is told of once.
    let mut seen: BTreeSet<Span> = BTreeSet::new();
    if let Some(endpoint) = view.on(&["backup", "target", "s3", "endpoint"])
        && let Some(finding) = judge(view, endpoint)
    {
        seen.extend(view.origins.spans(endpoint.origin()));
        told.add(finding);
    }
    for (group, kind, path) in STATED {
        for subject in view.subjects(&[kind]) {
            let object = subject.object;
            let Some(endpoint) = object.node.at(path).filter(|_| object.id.group == group) else {
                continue;
            };
            let Some(finding) = judge(view, endpoint) else {
                continue;
            };
            let places = view.origins.spans(endpoint.origin());
            if !places.iter().any(|place| seen.contains(place)) {
                seen.extend(places);
                let finding = finding.object(&object.id).because(object.because);
                told.add(match subject.component {
                    Some(component) => finding.component(component),
                    None => finding,
                });
            }
        }
    }
}

fn judge(view: &View<'_>, endpoint: &Node) -> Option<Finding> {
    let (_, host, _) = parse_url(endpoint.as_str()?)?;
    let who = inside(view, host.trim_matches(['[', ']']))?;
    Some(
        Finding::new(format!(
            "the bucket for copies of this cluster is behind {who}"
        ))
        .at(endpoint.origin(), "lost with the cluster")
        .help(HELP),
    )
}

/// What of this cluster answers at a host, where that is known.
fn inside(view: &View<'_>, host: &str) -> Option<String> {
    if let Some((name, namespace)) = service(host) {
        return (!leads_outside(view, name, namespace))
            .then(|| format!("its own Service `{name}` in `{namespace}`"));
    }
    match host.parse::<IpAddr>() {
        Ok(address) => of_address(view, address),
        Err(_) => {
            let routes = view.subjects(&["HTTPRoute", "Ingress"]);
            let route = routes
                .into_iter()
                .find(|route| publishes(&route.object.node, host))?;
            let id = &route.object.id;
            Some(format!("its own {} `{}`", id.kind, id.name))
        }
    }
}

/// The name and namespace of a Service of the cluster's, by its DNS name.
fn service(host: &str) -> Option<(&str, &str)> {
    let name = host.strip_suffix(".cluster.local").unwrap_or(host);
    let (name, namespace) = name.strip_suffix(".svc")?.split_once('.')?;
    (!namespace.contains('.')).then_some((name, namespace))
}

/// Whether a Service is known to stand for what is elsewhere: it has no pods.
fn leads_outside(view: &View<'_>, name: &str, namespace: &str) -> bool {
    let mut services = view.subjects(&["Service"]);
    let known =
        services.find(|it| it.object.id.name == name && it.object.id.namespace == namespace);
    known.is_some_and(|it| it.object.node.at(&["spec", "selector"]).is_none())
}

fn publishes(route: &Node, host: &str) -> bool {
    let hosts = route.at(&["spec", "hostnames"]);
    let hosts = hosts.map_or(&[][..], Node::items).iter();
    let rules = route.at(&["spec", "rules"]).map_or(&[][..], Node::items);
    let of_rules = rules.iter().filter_map(|rule| rule.get("host"));
    hosts.chain(of_rules).any(|it| it.as_str() == Some(host))
}

fn of_address(view: &View<'_>, address: IpAddr) -> Option<String> {
    if address.is_loopback() {
        return Some("an address of the pod's own".to_owned());
    }
    let network = |key: &str| view.on(&["network", key]);
    let list = |key: &str| network(key).map_or(&[][..], Node::items).iter();
    let holds = |block: &Node| {
        let block = block.as_str().and_then(|text| text.parse::<IpNet>().ok());
        block.is_some_and(|block| block.contains(&address))
    };
    if list("pods").chain(list("services")).any(holds) {
        return Some("an address of its own pods or Services".to_owned());
    }
    let pools = view.on(&["network", "loadBalancer", "pools"]);
    let in_pool = |pool: &Node| {
        let pool = pool.as_str().and_then(parse_pool);
        pool.is_some_and(|(first, last)| (first..=last).contains(&address))
    };
    let same = |node: &Node| {
        let text = node.as_str().and_then(|text| text.split('/').next());
        text.and_then(|text| text.parse().ok()) == Some(address)
    };
    let gateways = network("gateways").map_or(&[][..], Node::entries).iter();
    let balanced = pools.map_or(&[][..], Node::items).iter().any(in_pool)
        || gateways.map(|entry| &entry.value).any(same);
    if balanced {
        return Some("an address of its own load balancer".to_owned());
    }
    let nodes = view.on(&["nodes"]).map_or(&[][..], Node::entries);
    let node = nodes.iter().find(|node| {
        let one = node.value.get("address");
        let more = node.value.get("addresses");
        one.into_iter()
            .chain(more.map_or(&[][..], Node::items))
            .any(same)
    });
    if let Some(node) = node {
        return Some(format!("its own node `{}`", node.key));
    }
    network("apiServer")
        .filter(|it| same(it))
        .map(|_| "the address of its own API server".to_owned())
}
