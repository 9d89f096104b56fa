//! What each construct of both dialects means, by tables from what Kubernetes and Cilium document.

mod tables;

use super::address::Block;
use super::endpoint::{Being, Endpoint, Workload};
use super::network::Network;
use super::port::{Named, Port, Protocol};
use super::selector::{Holds, Labels, NAME, Namespace};
use super::{Why, open_namespaces, wider_than_declared};
use model::object::ObjectId;
use std::collections::BTreeMap;
use syntax::parse::parse_one;
use syntax::{Diagnostics, FileId, Node, OriginId, Origins};

fn node(text: &str) -> Node {
    let mut found = Diagnostics::default();
    let node = parse_one(FileId(0), text, &mut Origins::default(), &mut found);
    assert!(found.is_empty(), "{found:#?} in {text}");
    node.expect("a document")
}

/// Pods of a namespace with these labels, all of them known where `complete`.
fn pods(title: &str, labels: &[(&str, &str)], complete: bool) -> Endpoint {
    let (namespace, name) = title.split_once('/').expect("NAMESPACE/NAME");
    let labels = Labels {
        own: labels
            .iter()
            .map(|(k, v)| ((*k).into(), (*v).into()))
            .collect(),
        complete,
        namespace: Some(Namespace {
            name: namespace.into(),
            labels: BTreeMap::from([
                (NAME.into(), namespace.into()),
                ("team".into(), namespace.into()),
            ]),
            complete: true,
        }),
        ..Labels::default()
    };
    let block = Block::read("10.244.0.0/16").expect("a block");
    let mut pods = Endpoint::entity(title, Being::Pods, labels, vec![block]);
    if complete {
        let http = Port {
            protocol: Protocol::Tcp,
            number: 8080,
        };
        pods.ports = Named {
            ports: BTreeMap::from([("http".into(), http)]),
            complete,
        };
    }
    pods.workload = Some(Workload {
        kind: "Deployment".into(),
        name: name.into(),
        component: None,
        ends: false,
        origin: OriginId::default(),
    });
    pods
}

/// A network with `a/web`, `a/db` and `b/web`, of which all labels are known, `c/chart`, of which not, and policies.
fn network(by_identity: bool, policies: &[&str]) -> Network {
    let mut network = Network {
        enforced: true,
        by_identity,
        denies: Some(OriginId::default()),
        pods: vec![
            pods("a/web", &[("app", "web")], true),
            pods("a/db", &[("app", "db")], true),
            pods("b/web", &[("app", "web"), ("tier", "front")], true),
            pods("c/chart", &[("app", "chart")], false),
        ],
        ..Network::default()
    };
    network.places.nodes = vec![Block::read("192.168.1.0/24").expect("a block")];
    network.places.api_server = vec![Block::read("192.168.1.10").expect("a block")];
    for text in policies {
        let node = node(text);
        let id = ObjectId::of(&node).expect("an identity");
        match id.group.as_str() {
            "cilium.io" => network
                .policies
                .extend(super::by_identity::read(&id, "p", false, &node)),
            _ => network
                .policies
                .push(super::by_address::read(&id, "p", false, &node)),
        }
    }
    network
}

/// A NetworkPolicy of namespace `a`.
fn plain(spec: &str) -> String {
    format!(
        "{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {{name: p, namespace: a}}, spec: {spec}}}"
    )
}

/// A CiliumNetworkPolicy of namespace `a`.
fn by_identity(spec: &str) -> String {
    format!(
        "{{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {{name: p, namespace: a}}, spec: {spec}}}"
    )
}

/// `FROM TO PORT[/PROTOCOL]` under one policy: `+` it is reached, `-` not, `?` it can't be told.
fn asked(network: &Network, question: &str) -> char {
    let words: Vec<&str> = question.split(' ').collect();
    let [from, to, port] = words.as_slice() else {
        panic!("{question}");
    };
    let (number, protocol) = port.split_once('/').unwrap_or((port, "tcp"));
    let port = Port {
        protocol: Protocol::read(protocol).expect("a protocol"),
        number: number.parse().expect("a number"),
    };
    let one = |name: &str| network.find(name).expect(name).remove(0);
    match network.judge(&one(from), &one(to), port).holds {
        Holds::Yes => '+',
        Holds::No => '-',
        Holds::Unsure => '?',
    }
}

fn table(by_identity: bool, dialect: fn(&str) -> String, rows: &[(&str, &[&str])]) {
    let mut wrong = Vec::new();
    for (spec, questions) in rows {
        let policy = dialect(spec);
        let network = network(by_identity, &[&policy]);
        for row in *questions {
            let (wanted, question) = row.split_at(1);
            let got = asked(&network, question.trim());
            if !wanted.starts_with(got) {
                wrong.push(format!("{row}, not {got}: {policy}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn clusterwide_policies_and_several_in_one() {
    let all = "{apiVersion: cilium.io/v2, kind: CiliumClusterwideNetworkPolicy, metadata: {name: p}, spec: {endpointSelector: {}, ingress: [{fromEndpoints: [{}]}]}}";
    let closed = network(true, &[all]);
    assert_eq!(asked(&closed, "b/web a/web 80"), '+');
    assert_eq!(asked(&closed, "internet a/web 80"), '-');
    let nodes = "{apiVersion: cilium.io/v2, kind: CiliumClusterwideNetworkPolicy, metadata: {name: p}, spec: {nodeSelector: {}, ingress: [{}]}}";
    let closed = network(true, &[nodes]);
    assert_eq!(asked(&closed, "b/web a/web 80"), '+');
    assert_eq!(asked(&closed, "b/web node 80"), '?');
    let two = "{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: p, namespace: a}, specs: [{endpointSelector: {}, ingress: [{}]}, {endpointSelector: {}, ingress: [{fromEntities: [world]}]}]}";
    let network = network(true, &[two]);
    assert_eq!(asked(&network, "internet a/web 80"), '+');
    assert_eq!(asked(&network, "b/web a/web 80"), '-');
    let (from, to) = (
        network.internet("internet"),
        network.pods.first().expect("pods"),
    );
    let port = Port {
        protocol: Protocol::Tcp,
        number: 80,
    };
    let why = network.judge(&from, to, port).ingress.why;
    assert!(
        matches!(why, Why::Allowed(_, rule) if rule.pointer == "/specs/1/ingress/0"),
        "{why:?}"
    );
}

#[test]
fn what_closes_may_not_be_known() {
    let policy = "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: c}, spec: {podSelector: {matchLabels: {extra: x}}}}";
    let network = network(false, &[policy]);
    assert_eq!(asked(&network, "a/web c/chart 80"), '?');
}

#[test]
fn policies_add_up() {
    let (one, two) = (
        plain("{podSelector: {}}"),
        plain(
            "{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: b}}}], ports: [{port: 80}]}]}",
        ),
    );
    let network = network(false, &[&one, &two]);
    assert_eq!(asked(&network, "b/web a/web 80"), '+');
    assert_eq!(asked(&network, "b/web a/db 80"), '-');
    let one = |name: &str| network.find(name).expect(name).remove(0);
    let ports = network.ports(&one("b/web"), &one("a/web"), Protocol::Tcp);
    let expected = vec![
        (1, 79, Holds::No),
        (80, 80, Holds::Yes),
        (81, u16::MAX, Holds::No),
    ];
    assert_eq!(ports, expected);
}

#[test]
fn nobody_enforces() {
    let policy = plain("{podSelector: {}}");
    let mut network = network(false, &[&policy]);
    network.enforced = false;
    assert_eq!(asked(&network, "b/web a/web 80"), '+');
}

#[test]
fn namespaces_that_are_open() {
    let (closes, some) = (
        plain("{podSelector: {}, policyTypes: [Ingress, Egress]}"),
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: b}, spec: {podSelector: {}}}",
    );
    let mut network = network(false, &[&closes, some]);
    let open = open_namespaces(&network);
    let open: Vec<_> = open
        .iter()
        .map(|o| (o.namespace.as_str(), o.ingress, o.egress))
        .collect();
    assert_eq!(open, [("b", false, true), ("c", true, true)]);
    network.denies = None;
    assert_eq!(open_namespaces(&network), []);
}

#[test]
fn allows_that_are_wide() {
    for (rule, expected) in [
        (
            "{from: [{namespaceSelector: {}}], ports: [{port: 80}]}",
            "EveryNamespace",
        ),
        (
            "{from: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 80}]}",
            "Internet",
        ),
        (
            "{from: [{podSelector: {matchLabels: {app: web}}}]}",
            "EveryPort",
        ),
        ("{}", "EveryNamespace Internet EveryPort"),
        (
            "{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}]}",
            "",
        ),
    ] {
        let policy = plain(&format!("{{podSelector: {{}}, ingress: [{rule}]}}"));
        let network = network(false, &[&policy]);
        let wide = wider_than_declared(&network);
        let widths: Vec<String> = wide
            .iter()
            .map(|wide| format!("{:?}", wide.width))
            .collect();
        assert_eq!(widths.join(" "), expected, "{rule}");
    }
}

#[test]
fn names_that_mean_nothing() {
    let mut network = network(false, &[]);
    network.places.pods = vec![Block::read("10.244.0.0/16").expect("a block")];
    network.places.services = vec![Block::read("10.96.0.0/12").expect("a block")];
    for name in ["nothing", "a/nothing", "gateway", "10.244.1.1", "10.96.0.1"] {
        assert!(network.find(name).is_err(), "{name}");
    }
    let being = |name: &str| network.find(name).expect(name).remove(0).being;
    assert_eq!(being("192.168.1.10"), Being::ApiServer);
    assert_eq!(being("fd00::1"), Being::World);
    assert_eq!(being("a"), Being::Pods);
    assert_eq!(network.find("a").map(|ends| ends.len()).ok(), Some(2));
}
