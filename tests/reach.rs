//! Who reaches whom: over every golden tree what is declared is reached and what is not declared is not, and the command
//! says so with the rule that decides.

use crate::support::golden::text;
use crate::support::project::Project;
use crate::support::world::Memory;
use crate::support::{folders, root};
use passes::reach::endpoint::{Being, Endpoint};
use passes::reach::port::{Port, Protocol};
use passes::reach::{
    self, Holds, Network, Width, missing_paths, open_namespaces, wider_than_declared,
};
use std::fmt::Write as _;

/// The network of each cluster of each golden tree that closes anything, by the cluster's folder.
fn networks() -> Vec<(String, Network)> {
    let mut all = Vec::new();
    for name in folders(&root().join("golden")) {
        let has = |folder: &str| {
            root()
                .join(folder)
                .join(&name)
                .join("platform.yaml")
                .exists()
        };
        let memory = match (has("golden"), has("examples")) {
            (true, _) => Memory::golden(&name),
            (false, true) => Memory::example(&name),
            (false, false) => continue,
        };
        let mut found = syntax::Diagnostics::default();
        let front = passes::front(&memory, "platform.yaml", &mut found);
        let platform = front.platform.expect("a platform");
        for spec in &platform.clusters {
            let network = reach::of(&platform, spec).network;
            if network.denies.is_some() {
                let folder = format!("golden/{name}/out/clusters/{}", network.cluster);
                all.push((folder, network));
            }
        }
    }
    assert!(all.len() > 15, "{} clusters that deny", all.len());
    all
}

fn tcp(number: u16) -> Port {
    Port {
        protocol: Protocol::Tcp,
        number,
    }
}

/// Pods on the pods' network that stay.
fn staying(network: &Network) -> Vec<&Endpoint> {
    let stays = |pods: &&Endpoint| {
        let ends = pods.workload.as_ref().is_none_or(|workload| workload.ends);
        pods.being == Being::Pods && !ends
    };
    network.pods.iter().filter(stays).collect()
}

#[test]
fn what_is_declared_is_reached_and_nothing_else() {
    let (mut declared, mut undeclared, mut unclear) = (0, 0, 0);
    let mut wrong = Vec::new();
    for (folder, network) in networks() {
        let flows = network.declared();
        declared += flows.len();
        for missing in missing_paths(&network) {
            let (from, to) = (&missing.from.title, &missing.to.title);
            wrong.push(format!(
                "{folder}: `{}` is declared, but {from} does not reach {to}:{} (out {:?}, in {:?})",
                missing.flow.word, missing.port, missing.egress, missing.ingress
            ));
        }
        for open in open_namespaces(&network) {
            wrong.push(format!("{folder}: namespace {} is open", open.namespace));
        }
        let pods = staying(&network);
        let within = |ends: &[Endpoint], one: &Endpoint| ends.iter().any(|e| e.title == one.title);
        for (at, from) in pods.iter().enumerate() {
            for to in pods.iter().skip(at % 2).step_by(2) {
                let said = flows.iter().any(|flow| {
                    let (caller, called) = match flow.inbound {
                        true => (&flow.peers, &flow.own),
                        false => (&flow.own, &flow.peers),
                    };
                    within(caller, from) && within(called, to)
                        // Who may call every pod and who is let in are two flows.
                        || flow.word == "cluster" && within(&flow.own, from)
                });
                let system = ["kube-system", "flux-system"];
                let open = to.namespace().is_some_and(|name| system.contains(&name))
                    && from.namespace().is_some_and(|name| system.contains(&name));
                if said || open || from.namespace() == to.namespace() {
                    continue;
                }
                match network.judge(from, to, tcp(443)).holds {
                    Holds::No => undeclared += 1,
                    Holds::Unsure => unclear += 1,
                    Holds::Yes => wrong.push(format!(
                        "{folder}: nobody declares it, but {} reaches {}",
                        from.title, to.title
                    )),
                }
            }
        }
    }
    eprintln!("{declared} declared, {undeclared} undeclared, {unclear} unclear");
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(declared > 300, "{declared} declared flows");
    assert!(undeclared > 1000, "{undeclared} undeclared pairs");
    assert!(unclear * 100 < undeclared, "{unclear} can't be told");
}

#[test]
fn what_is_wider_than_declared_is_known() {
    let (mut derived, mut own) = (0, std::collections::BTreeSet::new());
    for (folder, network) in networks() {
        for wide in wider_than_declared(&network) {
            if !wide.policy.derived {
                own.insert(format!("{} {:?}", wide.policy.id, wide.width));
                continue;
            }
            // By address, nodes that are not stated are everything that is no pod.
            assert!(!network.by_identity, "{folder}: {wide:?}");
            assert_eq!(wide.width, Width::Internet, "{folder}: {wide:?}");
            derived += 1;
        }
    }
    assert!(derived > 0);
    assert_eq!(
        Vec::from_iter(own),
        ["NetworkPolicy/capi-system/allow-made-clusters Internet"]
    );
}

/// Calls between ends for Cilium's own engine, with the answers of formwork: `tests/judges/cilium` embeds the file.
#[test]
fn the_questions_for_cilium_are_fresh() {
    let mut lines = String::from(
        "# Made by tests/reach.rs (UPDATE=1): what Cilium's policy engine has to answer as formwork does.\n",
    );
    let mut count = 0;
    for (folder, network) in networks() {
        if network.by_identity {
            count += questions(&folder, &network, &mut lines);
        }
    }
    let wrong = text(&root().join("tests/judges/cilium/questions.txt"), &lines);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 2000, "{count} questions");
}

fn questions(folder: &str, network: &Network, lines: &mut String) -> usize {
    let _ = writeln!(lines, "cluster {folder}");
    let entity = |name: &str| network.find(name).ok().map(|mut ends| ends.remove(0));
    let names = [
        "kube-apiserver",
        "node",
        "gateway",
        "8.8.4.4",
        "10.99.0.7",
        "dns",
    ];
    let entities: Vec<Endpoint> = names
        .iter()
        .filter_map(|name| entity(name))
        .filter(|end| end.being != Being::Pods || end.workload.is_none())
        .collect();
    let ends: Vec<&Endpoint> = staying(network).into_iter().chain(&entities).collect();
    for (at, end) in ends.iter().enumerate() {
        let title = match end.being == Being::Pods && end.workload.is_none() {
            true => format!("kube-system/{}", end.title),
            false => end.title.clone(),
        };
        let _ = writeln!(lines, "end {at} {title} {}", labels(end).join(" "));
    }
    let mut count = 0;
    for (from_at, from) in ends.iter().enumerate() {
        for (to_at, to) in ends.iter().enumerate() {
            let pods = from.being == Being::Pods || to.being == Being::Pods;
            if from_at == to_at || !pods {
                continue;
            }
            let open = network.ports(from, to, Protocol::Tcp).into_iter();
            let mut ports: Vec<u16> = open
                .filter(|(.., holds)| *holds == Holds::Yes)
                .map(|(first, ..)| first)
                .collect();
            // Of what is closed, a part is enough.
            if (from_at + 2 * to_at) % 11 == 0 {
                ports.push(443);
            }
            ports.sort_unstable();
            ports.dedup();
            for port in ports {
                let verdict = network.judge(from, to, tcp(port));
                let word = |holds| match holds {
                    Holds::Yes => Some("yes"),
                    Holds::No => Some("no"),
                    Holds::Unsure => None,
                };
                let (out, into) = (word(verdict.egress.holds), word(verdict.ingress.holds));
                if let (Some(out), Some(into)) = (out, into) {
                    let _ = writeln!(lines, "call {from_at} {to_at} TCP {port} {out} {into}");
                    count += 1;
                }
            }
        }
    }
    count
}

/// What Cilium knows of an end.
fn labels(end: &Endpoint) -> Vec<String> {
    let mut all = Vec::new();
    if let (Being::World, [block]) = (end.being, end.addresses.as_slice()) {
        all.push(format!("address={}", block.network));
        return all;
    }
    all.extend(
        end.labels
            .reserved
            .iter()
            .map(|name| format!("reserved:{name}")),
    );
    if let Some(namespace) = &end.labels.namespace {
        all.push(format!(
            "k8s:io.kubernetes.pod.namespace={}",
            namespace.name
        ));
        all.push("k8s:io.cilium.k8s.policy.cluster=default".to_owned());
        all.extend(
            namespace
                .labels
                .iter()
                .map(|(key, value)| format!("k8s:io.cilium.k8s.namespace.labels.{key}={value}")),
        );
    }
    let own = end.labels.own.iter();
    all.extend(own.map(|(key, value)| format!("k8s:{key}={value}")));
    all
}

fn apps() -> Project {
    Project::copy_of(&root().join("golden/apps"), &["out"])
}

#[test]
fn the_rule_that_decides_is_named() {
    let project = apps();
    let run = project.succeed(&["reach", "shop", "payments:9000", "--cluster", "prod"]);
    for part in [
        "yes: shop -> payments:9000 in cluster prod",
        "clusters/prod/network-policies/ciliumnetworkpolicy-allow-shop-shop.yaml:/spec/egress/0",
        "clusters/prod/network-policies/ciliumnetworkpolicy-allow-payments-payments.yaml:/spec/ingress/0",
        "talksTo: [payments, ledger]",
    ] {
        assert!(run.stdout.contains(part), "{part} in\n{}", run.stdout);
    }
    let run = project.succeed(&["reach", "mailer", "payments", "--cluster", "prod"]);
    for part in [
        "no: mailer -> payments in cluster prod",
        "ciliumnetworkpolicy-mailer-default-deny.yaml:/spec/egress",
        "ciliumnetworkpolicy-payments-default-deny.yaml:/spec/ingress",
        "to let it through: `talksTo: [payments]` in app `mailer`",
    ] {
        assert!(run.stdout.contains(part), "{part} in\n{}", run.stdout);
    }
    let run = project.succeed(&["reach", "shop", "internet", "--cluster", "prod"]);
    assert!(run.stdout.contains("  open     443\n"), "{}", run.stdout);
    let run = project.succeed(&["reach", "mailer", "example.org:443", "--cluster", "prod"]);
    let fix = "`egress: [{ to: internet, ports: [443] }]` in app `mailer`";
    assert!(run.stdout.contains(fix), "{}", run.stdout);
}

#[test]
fn each_cluster_has_a_line() {
    let run = apps().succeed(&["reach", "mailer", "payments:9000"]);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(
        lines,
        [
            "dev   yes: mailer -> payments:9000",
            "prod  no: mailer -> payments:9000, on the way out and in",
            "name one cluster with --cluster to see the rules that decide",
        ]
    );
}

#[test]
fn what_is_expected_decides_the_exit_code() {
    let project = apps();
    for (expect, to, code) in [
        ("yes", "payments:9000", 0),
        ("no", "payments:9000", 3),
        ("yes", "payments:9001", 3),
        ("no", "payments:9001", 0),
    ] {
        let run = project.run(&["reach", "shop", to, "--cluster", "prod", "--expect", expect]);
        assert_eq!(run.code, Some(code), "{to} {expect}: {}", run.stderr);
    }
}

#[test]
fn programs_read_json() {
    let run = apps().succeed(&[
        "reach",
        "shop",
        "ledger:5432",
        "-o",
        "json",
        "--cluster",
        "prod",
    ]);
    let value: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let at = |pointer: &str| {
        value
            .pointer(pointer)
            .and_then(|v| v.as_str())
            .unwrap_or_default()
    };
    assert_eq!(at("/kind"), "Reach");
    assert_eq!(at("/clusters/0/reachable"), "yes");
    assert_eq!(at("/clusters/0/pairs/0/egress/why"), "allowed");
    assert_eq!(
        at("/clusters/0/pairs/0/egress/rules/0/pointer"),
        "/spec/egress/1"
    );
    assert!(at("/clusters/0/pairs/0/egress/rules/0/span").starts_with("platform.yaml:"));
}

#[test]
fn what_is_asked_wrongly_is_told() {
    let project = apps();
    for (arguments, parts) in [
        (
            ["shop", "payment:9000"],
            ["no-such-end", "did you mean `payments`?"],
        ),
        (["shop", "payments:http"], ["bad-port", "`http` is no port"]),
        (["shop", "payments:0"], ["bad-port", "TO:PORT/udp"]),
        (["shop", "10.244.3.7"], ["no-such-end", "a pod's address"]),
        (["nowhere", "shop"], ["no-such-end", "`nowhere`"]),
    ] {
        let run = project.run(&["reach", arguments[0], arguments[1], "--cluster", "prod"]);
        assert_eq!(run.code, Some(1), "{arguments:?}");
        for part in parts {
            assert!(run.stderr.contains(part), "{part} in\n{}", run.stderr);
        }
    }
}
