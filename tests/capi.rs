//! Clusters that another makes: their objects promise what the spec says, and what they are brought up with is what their
//! own Flux then finds.

use crate::support::{children, folders, name, none_of, root};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use syntax::{Diagnostics, Node, Origins, Sources};

/// The golden trees with made clusters, and the cluster that makes them.
const CASES: [(&str, &str); 2] = [("capi-docker", "manager"), ("capi-proxmox", "prod")];

fn read(path: &Path) -> Node {
    let text = fs::read_to_string(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    let file = Sources::default().add("x.yaml", &text);
    let (mut origins, mut found) = (Origins::default(), Diagnostics::default());
    syntax::parse::parse_one(file, &text, &mut origins, &mut found).expect("a document")
}

/// The made clusters of a case: name, what the spec says of it, and its object.
fn made(case: &str, manager: &str) -> Vec<(String, Node, Node)> {
    let folder = root().join("golden").join(case);
    let spec = read(&folder.join("platform.yaml"));
    let clusters = spec.get("clusters").expect("clusters");
    let made = clusters.entries().iter();
    made.filter(|entry| entry.value.str_at(&["provider"]) == Some("capi"))
        .map(|entry| {
            let file = format!(
                "out/clusters/{manager}/cluster-{0}/cluster-{0}.yaml",
                entry.key
            );
            let object = read(&folder.join(file));
            (entry.key.to_string(), entry.value.clone(), object)
        })
        .collect()
}

/// The issue's own table: control planes, workers, CPUs, GiB of memory and of disk.
const SIZES: [(&str, [i64; 5]); 3] = [
    ("small", [1, 2, 2, 2, 20]),
    ("medium", [3, 3, 4, 4, 40]),
    ("large", [3, 5, 8, 8, 80]),
];

#[test]
fn clusters_are_as_large_as_their_size() {
    let mut sizes = BTreeMap::new();
    for (case, manager) in CASES {
        for (cluster, said, object) in made(case, manager) {
            let size = said.str_at(&["size"]).expect("a size").to_owned();
            let (_, [planes, workers, cpu, memory, disk]) = *SIZES
                .iter()
                .find(|(name, _)| *name == size)
                .expect("a known size");
            let topology = object.at(&["spec", "topology"]).expect("a topology");
            let deployment = topology
                .at(&["workers", "machineDeployments"])
                .and_then(|list| list.items().first())
                .expect("workers");
            let count = |node: &Node, path: &[&str]| node.at(path).and_then(Node::as_i64);
            let own = |key: &str| said.at(&["workers", key]);
            let workers = own("count").and_then(Node::as_i64).unwrap_or(workers);
            assert_eq!(
                count(topology, &["controlPlane", "replicas"]),
                Some(planes),
                "{cluster}"
            );
            assert_eq!(count(deployment, &["replicas"]), Some(workers), "{cluster}");
            if case == "capi-proxmox" {
                let all = topology.get("variables").expect("variables");
                assert_eq!(variable(all, "cpu"), Some(cpu), "{cluster}");
                assert_eq!(variable(all, "memoryMiB"), Some(memory * 1024), "{cluster}");
                assert_eq!(variable(all, "diskGiB"), Some(disk), "{cluster}");
                let over = deployment.at(&["variables", "overrides"]);
                let cpus = own("cpu").and_then(Node::as_i64);
                assert_eq!(
                    over.and_then(|over| variable(over, "cpu")),
                    cpus,
                    "{cluster}"
                );
            }
            *sizes.entry(size).or_insert(0) += 1;
        }
    }
    assert_eq!(
        sizes,
        BTreeMap::from(SIZES.map(|(size, _)| (size.to_owned(), CASES.len())))
    );
}

fn variable(list: &Node, name: &str) -> Option<i64> {
    let found = list
        .items()
        .iter()
        .find(|it| it.str_at(&["name"]) == Some(name));
    found?.get("value")?.as_i64()
}

#[test]
fn what_is_installed_from_outside_is_what_flux_finds() {
    let mut compared = 0;
    let mut differences = Vec::new();
    for (case, manager) in CASES {
        let out = root().join("golden").join(case).join("out");
        for (cluster, _, _) in made(case, manager) {
            let own = out.join("clusters").join(&cluster);
            for folder in ["kinds", "releases"] {
                let folder = out.join(format!("clusters/{manager}/cluster-{cluster}.{folder}"));
                for file in children(&folder) {
                    let remote = read(&file);
                    if remote.str_at(&["kind"]) != Some("HelmRelease") {
                        continue;
                    }
                    differences.extend(differs(&remote, &own, &cluster));
                    compared += 1;
                }
            }
            let engine =
                read(&out.join(format!("bootstrap/{cluster}/flux/fluxinstance-flux.yaml")));
            let kept = children(&own)
                .into_iter()
                .map(|unit| unit.join("fluxinstance-flux.yaml"));
            let kept = kept.filter(|file| file.is_file()).map(|file| read(&file));
            assert_eq!(kept.collect::<Vec<_>>(), [engine], "{cluster}");
        }
    }
    none_of(&differences);
    assert!(compared >= 12, "only {compared} releases");
}

/// How a release from outside differs from the cluster's own.
fn differs(remote: &Node, own: &Path, cluster: &str) -> Vec<String> {
    let text = |node: &Node, path: &[&str]| node.at(path).and_then(Node::scalar_text);
    let title = text(remote, &["metadata", "name"]).expect("a name");
    let unit = title
        .strip_prefix(&format!("{cluster}-"))
        .expect("the cluster's name");
    let release = read(&own.join(unit).join("release.yaml"));
    let mut all = Vec::new();
    let mut same = |what: &str, ours: Option<&Node>, theirs: Option<&Node>| {
        if ours != theirs || ours.is_none() {
            all.push(format!("{title}: {what}: {ours:?} is not {theirs:?}"));
        }
    };
    for path in [&["spec", "releaseName"][..], &["spec", "values"]] {
        same(&path.join("."), remote.at(path), release.at(path));
    }
    same(
        "namespace",
        remote.at(&["spec", "targetNamespace"]),
        release.at(&["metadata", "namespace"]),
    );
    assert_eq!(
        remote.str_at(&["spec", "kubeConfig", "secretRef", "name"]),
        Some(format!("{cluster}-kubeconfig").as_str())
    );
    all
}

#[test]
fn a_template_is_named_after_what_is_in_it() {
    for (case, manager) in CASES {
        let classes = root()
            .join("golden")
            .join(case)
            .join(format!("out/clusters/{manager}/cluster-classes"));
        let mut templates = BTreeMap::new();
        let mut class = None;
        for file in children(&classes) {
            let object = read(&file);
            let kind = object.str_at(&["kind"]).expect("a kind").to_owned();
            if kind == "ClusterClass" {
                class = Some(object);
            } else if kind.ends_with("Template") {
                let spec = object
                    .get("spec")
                    .map(syntax::print::print)
                    .expect("a spec");
                let title = object
                    .str_at(&["metadata", "name"])
                    .expect("a name")
                    .to_owned();
                let digest = passes::emit::seal::digest(spec.as_bytes());
                let (_, hash) = title.rsplit_once('-').expect("a digest");
                assert!(digest.starts_with(hash), "{}: {digest}", name(&file));
                templates.insert((kind, title), spec);
            }
        }
        let class = class.expect("a class");
        let named = class
            .leaves()
            .filter(|(pointer, _)| pointer.to_string().ends_with("/templateRef/name"));
        let named: Vec<String> = named
            .filter_map(|(_, leaf)| leaf.as_str().map(str::to_owned))
            .collect();
        assert_eq!(named.len(), 5, "{case}");
        for title in named {
            assert!(
                templates.keys().any(|(_, known)| *known == title),
                "{case}: {title}"
            );
        }
    }
}

#[test]
fn every_case_is_compared() {
    let cases = folders(&root().join("golden"));
    let known = cases.iter().filter(|case| case.starts_with("capi-"));
    assert_eq!(known.count(), CASES.len());
}

/// A `kubectl` that writes down how it is called, and knows a manager with one kubeconfig.
#[cfg(unix)]
const KUBECTL: &str = r#"#!/bin/sh
echo "$*" >>"$CALLS"
case "$*" in
  *"get --raw /readyz"*) [ -s "$KUBECONFIG" ] ;;
  *"get secret small-1-kubeconfig --output"*) echo access ;;
  *"get kustomizations"*) exit 1 ;;
esac
"#;

#[cfg(unix)]
#[test]
fn the_script_of_a_made_cluster_asks_its_manager() {
    use std::os::unix::fs::PermissionsExt;
    let place = tempfile::tempdir().expect("a folder");
    let at = |name: &str| place.path().join(name);
    fs::create_dir(at("bin")).expect("a folder");
    fs::write(at("bin/kubectl"), KUBECTL).expect("a file");
    fs::set_permissions(at("bin/kubectl"), fs::Permissions::from_mode(0o755)).expect("a program");
    fs::write(at("manager.yaml"), "").expect("a file");
    let script = root().join("golden/capi-proxmox/out/bootstrap/small-1/bootstrap.sh");
    let path = std::env::var("PATH").unwrap_or_default();
    let run = || {
        let done = std::process::Command::new("bash")
            .arg(&script)
            .env("PATH", format!("{}:{path}", at("bin").display()))
            .env("HOME", place.path())
            .env("CALLS", at("calls"))
            .env("MANAGER_KUBECONFIG", at("manager.yaml"))
            .output()
            .expect("bash");
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.success(), "{said}");
        let calls = fs::read_to_string(at("calls")).expect("calls");
        fs::write(at("calls"), "").expect("a file");
        calls
    };
    let calls = run();
    let manager = format!(
        "--kubeconfig {} --namespace clusters get secret small-1-kubeconfig",
        at("manager.yaml").display()
    );
    assert!(calls.starts_with(&manager), "{calls}");
    assert!(
        calls.contains("apply --server-side --force-conflicts --kustomize"),
        "{calls}"
    );
    assert!(
        calls.contains("--namespace flux-system get secret flux-git"),
        "{calls}"
    );
    let access = fs::read_to_string(at(".kube/capi-proxmox-small-1.yaml")).expect("access");
    assert_eq!(access, "access\n");
    let again = run();
    assert!(!again.contains("small-1-kubeconfig"), "{again}");
}
