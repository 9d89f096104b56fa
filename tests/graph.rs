//! The graph: what it draws is what is written, and the tools that draw it accept it.
#![expect(
    clippy::indexing_slicing,
    reason = "JSON gives null for what is not there"
)]

use crate::support::project::Project;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write;
use std::process::{Command, Stdio};

/// The clusters of `graph -o json` by name.
fn clusters(project: &Project) -> BTreeMap<String, serde_json::Value> {
    let run = project.succeed(&["graph", "-o", "json"]);
    let graph: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(graph["apiVersion"], "formwork.dev/v1alpha1");
    assert_eq!(graph["kind"], "Graph");
    let clusters = graph["clusters"].as_array().expect("a list").iter();
    clusters
        .map(|cluster| (text(&cluster["name"]), cluster.clone()))
        .collect()
}

fn text(value: &serde_json::Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn list(value: &serde_json::Value) -> &[serde_json::Value] {
    value.as_array().expect("a list")
}

/// The Kustomizations of a cluster, as written: each with what it depends on.
fn written(project: &Project, cluster: &str) -> BTreeMap<String, BTreeSet<String>> {
    let folder = format!("generated/clusters/{cluster}/flux");
    let files = project.files(&folder).into_iter();
    files
        .filter(|(path, _)| path != "kustomization.yaml")
        .map(|(_, bytes)| {
            let node: serde_yaml::Value = serde_yaml::from_slice(&bytes).expect("YAML");
            let name = node["metadata"]["name"].as_str().expect("a name");
            let after = node["spec"]
                .get("dependsOn")
                .and_then(|list| list.as_sequence());
            let after = after.into_iter().flatten();
            let names = after.map(|on| on["name"].as_str().expect("a name").to_owned());
            (name.to_owned(), names.collect())
        })
        .collect()
}

/// How long the longest chain is, by trying all of them.
fn depth(edges: &BTreeMap<String, BTreeSet<String>>, unit: &str) -> usize {
    let after = edges.get(unit).into_iter().flatten();
    1 + after.map(|unit| depth(edges, unit)).max().unwrap_or(0)
}

#[test]
fn it_is_what_flux_is_told() {
    let project = Project::example("homelab");
    project.succeed(&["build"]);
    let clusters = clusters(&project);
    assert_eq!(Vec::from_iter(clusters.keys()), ["dev", "prod"]);
    for (name, cluster) in &clusters {
        let written = written(&project, name);
        let mut drawn = BTreeMap::new();
        for unit in list(&cluster["units"]) {
            let after = list(&unit["after"]).iter();
            for edge in after.clone() {
                assert!(!list(&edge["because"]).is_empty(), "{unit:#}");
            }
            let names: BTreeSet<String> = after.map(|edge| text(&edge["unit"])).collect();
            drawn.insert(text(&unit["name"]), names);
            let folder = format!("generated/clusters/{name}/{}", text(&unit["name"]));
            let files = project.files(&folder);
            let objects = files
                .keys()
                .filter(|path| !matches!(path.as_str(), "kustomization.yaml" | ".formwork"));
            assert_eq!(unit["objects"], objects.count(), "{folder}");
            assert_eq!(unit["level"], depth(&written, &text(&unit["name"])) - 1);
        }
        assert_eq!(drawn, written, "{name}");
        let longest: Vec<String> = list(&cluster["longestPath"]).iter().map(text).collect();
        let deepest = written.keys().map(|unit| depth(&written, unit)).max();
        assert_eq!(Some(longest.len()), deepest, "{name}");
        for pair in longest.windows(2) {
            let [first, then] = pair else { continue };
            assert!(
                written.get(then).is_some_and(|after| after.contains(first)),
                "{pair:?}"
            );
        }
        let links = longest.len() as u64 - 1;
        assert_eq!(cluster["requeueSeconds"], 5, "the FluxInstance says so");
        assert_eq!(cluster["floorSeconds"], 5 * links);
    }
}

#[test]
fn people_read_it() {
    let project = Project::example("homelab");
    let run = project.succeed(&["graph", "--cluster", "dev"]);
    let says = |words: &str| {
        assert!(
            run.stdout.contains(words),
            "`{words}` is not in:\n{}",
            run.stdout
        )
    };
    says("dev (kind, development, small): 1 control plane, 2 workers\n");
    says("  1  gateway-api           2 objects\n");
    says("after cert-manager (CRD Certificate, ClusterIssuer, webhook)\n");
    says("  longest path: 3 units: namespaces -> cert-manager -> cert-manager-config\n");
    says("at least 10 s: Flux looks every 5 s");
    assert!(!run.stdout.contains("longer than"), "{}", run.stdout);
    let none = project.run(&["graph", "--cluster", "nope"]);
    assert_eq!((none.code, none.stdout.as_str()), (Some(1), ""));
}

/// Each line is one of the few forms that are written, each id is made before it is used, and no label has a loose end.
#[test]
fn mermaid_is_well_formed() {
    let project = Project::example("homelab");
    let drawn = project.succeed(&["graph", "-o", "mermaid"]).stdout;
    let findings = mermaid(&drawn);
    assert_eq!(findings, "", "{drawn}");
    // The broken twins: what would not render is found.
    for (from, to) in [
        ("[\"", "["),
        ("c_prod___cilium[", "c_prod___other["),
        ("  end\n", ""),
    ] {
        assert_ne!(mermaid(&drawn.replacen(from, to, 1)), "", "{from}");
    }
}

fn mermaid(drawn: &str) -> String {
    let mut findings = String::new();
    let mut ids = BTreeSet::new();
    let mut open = 0;
    let mut links = 0;
    let is_id = |id: &str| id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let is_label = |label: &str| {
        let inner = label.strip_prefix('"').and_then(|l| l.strip_suffix('"'));
        inner.is_some_and(|inner| !inner.contains('"') && !inner.is_empty())
    };
    let mut lines = drawn.lines();
    if lines.next() != Some("flowchart LR") {
        findings.push_str("no head\n");
    }
    for line in lines.map(str::trim) {
        let good = if line == "end" {
            open -= 1;
            true
        } else if let Some((from, rest)) = line.split_once(" -->|") {
            links += 1;
            let ends = rest.rsplit_once("| ");
            ends.is_some_and(|(label, to)| {
                is_label(label) && ids.contains(from) && ids.contains(to)
            })
        } else if let Some(rest) = line.strip_prefix("linkStyle ") {
            let numbers = rest.split(' ').next().unwrap_or_default().split(',');
            numbers
                .into_iter()
                .all(|n| n.parse::<usize>().is_ok_and(|n| n < links))
        } else {
            let line = line
                .strip_prefix("subgraph ")
                .inspect(|_| open += 1)
                .unwrap_or(line);
            let inner = line.strip_suffix(']').and_then(|line| line.split_once('['));
            inner.is_some_and(|(id, label)| {
                ids.insert(id);
                let label = label
                    .strip_prefix('[')
                    .and_then(|l| l.strip_suffix(']'))
                    .unwrap_or(label);
                is_id(id) && is_label(label)
            })
        };
        if !good {
            let _ = writeln!(findings, "{line}");
        }
    }
    if open != 0 {
        findings.push_str("a subgraph has no end\n");
    }
    findings
}

#[test]
fn graphviz_draws_it() {
    let project = Project::example("homelab");
    let drawn = project.succeed(&["graph", "-o", "dot"]).stdout;
    let Some((code, svg, said)) = dot(&drawn) else {
        return eprintln!("skipped: there is no Graphviz (`dot`) here");
    };
    assert_eq!((code, said.as_str()), (Some(0), ""), "{drawn}");
    let units: usize = clusters(&project)
        .values()
        .map(|c| list(&c["units"]).len())
        .sum();
    let nodes = svg.matches("class=\"node\"").count();
    assert_eq!(nodes, units + 2, "each unit, and each cluster's machines");
    assert_eq!(svg.matches("class=\"cluster\"").count(), 2);
    let broken = dot(&drawn.replacen("[label=\"", "[label=", 1)).expect("dot");
    assert_ne!(broken.0, Some(0), "the broken twin");
}

/// Graphviz's verdict; `None` where it is not installed.
fn dot(drawn: &str) -> Option<(Option<i32>, String, String)> {
    let mut child = Command::new("dot")
        .arg("-Tsvg")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(drawn.as_bytes()).expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Some((
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    ))
}
