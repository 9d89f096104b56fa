//! Whole specs in, Kind's files and findings out.

use crate::lower::try_out::{Made, build};
use syntax::Node;

fn cluster(version: &str, more: &str) -> Made {
    build(&format!(
        "apiVersion: formwork.dev/v1alpha1\nkind: Platform\nname: test\nclusters:\n  c:\n    provider: kind\n    size: small\n    \
         versions: {{ kubernetes: {version} }}\n    network: {{ cni: flat }}\n{more}"
    ))
}

fn config(made: &Made) -> &Node {
    made.documents("kind/c.yaml").first().unwrap()
}

#[test]
fn a_cluster_has_as_many_nodes_as_its_size() {
    let made = cluster("1.36.1", "");
    assert_eq!(made.errors(), Vec::<String>::new());
    let nodes = config(&made).get("nodes").unwrap().items();
    let roles: Vec<_> = nodes
        .iter()
        .filter_map(|node| node.str_at(&["role"]))
        .collect();
    assert_eq!(roles, ["control-plane", "worker", "worker"]);
    assert!(
        nodes
            .iter()
            .all(|node| node.str_at(&["image"]) == Some("kindest/node:v1.36.1"))
    );
    assert_eq!(
        config(&made)
            .at(&["networking", "disableDefaultCNI"])
            .and_then(Node::as_bool),
        Some(true)
    );
    assert_eq!(
        config(&made).str_at(&["networking", "kubeProxyMode"]),
        Some("none")
    );
}

#[test]
fn kubeadm_is_patched_in_the_form_of_its_version() {
    let newer = cluster("1.36.1", "");
    let operations = config(&newer).get("kubeadmConfigPatchesJSON6902").unwrap();
    assert_eq!(
        operations.items().first().unwrap().str_at(&["version"]),
        Some("v1beta4")
    );
    assert!(config(&newer).get("kubeadmConfigPatches").is_none());
    let older = cluster("1.35.4", "");
    let patch = config(&older)
        .get("kubeadmConfigPatches")
        .unwrap()
        .items()
        .first()
        .unwrap();
    assert!(patch.as_str().unwrap().contains("kubeadm.k8s.io/v1beta3"));
    assert!(patch.as_str().unwrap().contains("audit-policy-file"));
}

#[test]
fn without_audit_there_is_no_audit_log() {
    let made = cluster("1.36.1", "    security: { audit: none }\n");
    assert!(!made.paths().contains(&"kind/c/audit.yaml".to_owned()));
    assert!(made.paths().contains(&"kind/c/admission.yaml".to_owned()));
    assert!(
        made.text("kind/c.differences.md")
            .contains("keeps no audit log")
    );
}

#[test]
fn ports_of_components_and_spec_come_together_or_clash() {
    let made = cluster(
        "1.36.1",
        "    kind: { ports: [{ container: 30000, host: 9000 }] }\n",
    );
    let ports = config(&made)
        .get("nodes")
        .unwrap()
        .items()
        .first()
        .unwrap()
        .get("extraPortMappings")
        .unwrap();
    let hosts: Vec<_> = ports
        .items()
        .iter()
        .filter_map(|port| port.get("hostPort")?.as_i64())
        .collect();
    assert_eq!(hosts, [8080, 9000]);
    let clash = cluster(
        "1.36.1",
        "    kind: { ports: [{ container: 30000, host: 8080 }] }\n",
    );
    assert_eq!(
        clash.errors(),
        ["port-clash: port 8080 of the workstation is taken twice"]
    );
}

#[test]
fn control_planes_may_take_workloads() {
    let made = cluster("1.36.1", "    allowSchedulingOnControlPlanes: true\n");
    let nodes = config(&made).get("nodes").unwrap().items();
    let patches = nodes
        .first()
        .unwrap()
        .get("kubeadmConfigPatches")
        .unwrap()
        .items();
    assert_eq!(patches.len(), 2);
    assert!(
        patches
            .iter()
            .all(|patch| patch.as_str().unwrap().contains("taints: []"))
    );
}
