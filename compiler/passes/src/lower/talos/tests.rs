//! Whole specs in, machine documents and findings out.

use crate::lower::try_out::{Made, build};
use syntax::Node;

/// A cluster of one control plane and one worker, with more lines at the end of the cluster's entry.
fn cluster(nodes: &str, more: &str) -> Made {
    let spec = format!(
        "apiVersion: formwork.dev/v1alpha1\nkind: Platform\nname: test\nclusters:\n  c:\n    provider: talos\n    \
         versions: {{ kubernetes: 1.36.4, talos: 1.13.9 }}\n    network: {{ cni: flat, nodes: 10.0.0.0/24, router: 10.0.0.1, \
         apiServer: 10.0.0.10 }}\n{more}    nodes:\n{nodes}"
    );
    build(&spec)
}

const NODES: &str = "      cp: { role: controlplane, address: 10.0.0.11, disk: /dev/sda }\n      w: { role: worker, address: 10.0.0.21, disk: /dev/sda }\n";

fn main_of<'m>(made: &'m Made, node: &str) -> &'m Node {
    made.documents(&format!("machines/c/{node}.yaml"))
        .first()
        .unwrap()
}

fn kind<'m>(made: &'m Made, node: &str, kind: &str) -> Option<&'m Node> {
    let documents = made.documents(&format!("machines/c/{node}.yaml"));
    documents
        .iter()
        .find(|document| document.str_at(&["kind"]) == Some(kind))
}

#[test]
fn a_node_wins_over_its_role_and_the_role_over_the_cluster() {
    let levels = "    machine: { sysctls: { a: 1, b: 1, c: 1 }, ntp: [all.example.org] }\n    roles: { worker: { sysctls: { b: 2, c: 2 } } }\n";
    let nodes = "      cp: { role: controlplane, address: 10.0.0.11, disk: /dev/sda }\n      w: { role: worker, address: 10.0.0.21, disk: /dev/sda, sysctls: { c: 3 } }\n";
    let made = cluster(nodes, levels);
    assert_eq!(made.errors(), Vec::<String>::new());
    let sysctl = |node: &str, key: &str| {
        main_of(&made, node)
            .str_at(&["machine", "sysctls", key])
            .map(str::to_owned)
    };
    let all = |node: &str| {
        ["a", "b", "c"]
            .map(|key| sysctl(node, key).unwrap_or_default())
            .join("")
    };
    assert_eq!(all("cp"), "111");
    assert_eq!(all("w"), "123");
    // What the component needs lies below all of them.
    assert_eq!(sysctl("w", "net.flat").as_deref(), Some("1"));
}

#[test]
fn what_components_need_reaches_the_machines() {
    let made = cluster(NODES, "    machine: { extensions: [siderolabs/b] }\n");
    let main = main_of(&made, "cp");
    assert_eq!(
        main.str_at(&["cluster", "network", "cni", "name"]),
        Some("none")
    );
    assert_eq!(
        main.at(&["cluster", "proxy", "disabled"])
            .and_then(Node::as_bool),
        Some(true)
    );
    let schematic = made
        .paths()
        .into_iter()
        .find(|path| path.contains("/schematics/"))
        .unwrap();
    let extensions = made.documents(&schematic).first().and_then(|node| {
        node.at(&["customization", "systemExtensions", "officialExtensions"])
            .map(|list| {
                list.items()
                    .iter()
                    .filter_map(Node::as_str)
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            })
    });
    assert_eq!(extensions.unwrap(), ["siderolabs/a", "siderolabs/b"]);
}

#[test]
fn a_fact_that_contradicts_a_need_holds_and_is_reported() {
    let made = cluster(NODES, "    machine: { sysctls: { net.flat: 2 } }\n");
    assert_eq!(
        main_of(&made, "cp").str_at(&["machine", "sysctls", "net.flat"]),
        Some("2")
    );
    assert_eq!(
        made.warnings(),
        ["need-overridden: `net.flat` is not what `flat` needs"]
    );
}

#[test]
fn control_planes_share_a_free_address_only() {
    let made = cluster(NODES, "");
    assert!(kind(&made, "cp", "Layer2VIPConfig").is_some());
    assert!(kind(&made, "w", "Layer2VIPConfig").is_none());
    let taken = NODES.replace("10.0.0.11", "10.0.0.10");
    assert!(kind(&cluster(&taken, ""), "cp", "Layer2VIPConfig").is_none());
}

#[test]
fn no_secret_is_written() {
    let made = cluster(NODES, "");
    for path in ["token", "ca"] {
        assert!(main_of(&made, "cp").at(&["machine", path]).is_none());
        assert!(main_of(&made, "cp").at(&["cluster", path]).is_none());
    }
    let patch = "    talos: { patches: [{ machine: { token: abc } }] }\n";
    assert!(
        cluster(NODES, patch)
            .errors()
            .iter()
            .any(|error| error.starts_with("plaintext-secret"))
    );
}

#[test]
fn patches_apply_general_to_specific_and_must_do_something() {
    let more = "    talos: { patches: [{ machine: { sysctls: { p: '1' } } }, { machine: { type: worker } , cluster: {} }] }\n";
    let nodes = "      cp: { role: controlplane, address: 10.0.0.11, disk: /dev/sda }\n      w: { role: worker, address: 10.0.0.21, disk: /dev/sda, patches: [{ machine: { sysctls: { p: '2' } } }, { machine: { features: { diskQuotaSupport: true } } }] }\n";
    let made = cluster(nodes, more);
    assert_eq!(
        main_of(&made, "w").str_at(&["machine", "sysctls", "p"]),
        Some("2")
    );
    assert_eq!(made.warnings(), ["no-effect: a patch changes nothing"]);
}

#[test]
fn versions_that_do_not_fit_are_errors() {
    let spec = |kubernetes: &str, talos: &str| {
        format!(
            "apiVersion: formwork.dev/v1alpha1\nkind: Platform\nname: test\nclusters:\n  c:\n    provider: talos\n    \
             versions: {{ kubernetes: {kubernetes}, talos: {talos} }}\n    network: {{ cni: flat, nodes: 10.0.0.0/24, apiServer: 10.0.0.10 }}\n    nodes:\n{NODES}"
        )
    };
    let first = |spec: &str| build(spec).errors().into_iter().next().unwrap_or_default();
    assert_eq!(
        first(&spec("1.36.4", "1.12.11")),
        "version-closure: Talos v1.12.11 does not run Kubernetes 1.36.4"
    );
    assert!(first(&spec("1.36.4", "1.14.0")).starts_with("unknown-version: Talos 1.14 is newer"));
    assert_eq!(first(&spec("1.35.4", "1.12.11")), "");
}

#[test]
fn a_machine_needs_a_disk_and_an_address() {
    let nodes = "      cp: { role: controlplane, address: 10.0.0.11 }\n      w: { role: worker, dhcp: false, disk: /dev/sda }\n";
    let errors = cluster(nodes, "").errors();
    assert!(
        errors.contains(&"no-disk: node `cp` has no disk to install on".to_owned()),
        "{errors:?}"
    );
    assert!(
        errors.contains(&"no-address: node `w` has no address".to_owned()),
        "{errors:?}"
    );
    let sized = cluster(nodes, "    size: small\n");
    let size = main_of(&sized, "cp").str_at(&["machine", "install", "diskSelector", "size"]);
    assert_eq!(size, Some(">= 20GiB"));
}

#[test]
fn a_blocking_firewall_keeps_the_cluster_alive() {
    let made = cluster(
        NODES,
        "    machine: { firewall: { rules: { apid: { ports: [50000], from: [10.9.0.0/16] } } } }\n",
    );
    let rules = |node: &str| {
        let documents = made.documents(&format!("machines/c/{node}.yaml")).iter();
        let rules =
            documents.filter(|document| document.str_at(&["kind"]) == Some("NetworkRuleConfig"));
        rules
            .filter_map(|rule| rule.str_at(&["name"]))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        rules("cp"),
        ["nodes-tcp", "nodes-udp", "apid", "kubernetes-api"]
    );
    assert_eq!(rules("w"), ["nodes-tcp", "nodes-udp", "apid"]);
}

#[test]
fn every_value_has_an_origin() {
    let made = cluster(
        NODES,
        "    machine: { volumes: { data: { disk: /dev/sdb } }, labels: { a: b } }\n",
    );
    for path in made
        .paths()
        .iter()
        .filter(|path| path.starts_with("machines/"))
    {
        for document in made.documents(path) {
            for (pointer, leaf) in document.leaves() {
                assert!(leaf.origin().0 != 0, "{path}: {pointer} has no origin");
            }
        }
    }
}
