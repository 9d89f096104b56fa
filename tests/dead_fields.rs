//! No dead fields: whatever the schema of a spec offers, stating it changes the output or what is said about it.
//!
//! The test walks the schema, states each leaf over a small spec with values that the schema allows, and wants at least
//! two of the builds (with it, with another value, without it) to differ without any being an error. Of what has one
//! value only, another must be refused.

mod lab;
mod walk;

use crate::support::none_of;
use lab::{Lab, Outcome};
use rayon::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use walk::{Probe, Walk};

/// What can't be judged by stating it, and why.
const EXCEPTIONS: [(&str, &str); 2] = [
    (
        "/components/cert-manager/rules/unpinned-image/except/0/because",
        "the reason of an exception must be there, and only people read it",
    ),
    (
        "/rules/unpinned-image/except/0/because",
        "the reason of an exception must be there, and only people read it",
    ),
];

/// What can have one value only where it stands, and why: any other must be refused.
const REFUSED: [(&str, &str); 2] = [
    (
        "/network/loadBalancer/mode",
        "`bgp` needs what `l2` refuses",
    ),
    ("/provider", "Talos needs the machines that Kind refuses"),
];

/// By a field's path: what the cluster states (`with`) and the same map (`beside`), and its values (`values`).
type Contexts = BTreeMap<String, BTreeMap<String, Value>>;

#[test]
fn every_field_has_an_effect() {
    let contexts = contexts();
    let lab = Lab::open(|_| {});
    let walk = Walk {
        schema: &lab.schema,
        contexts: &contexts,
    };
    let cluster = lab.schema.pointer("/$defs/Cluster").expect("clusters");
    let mut probes = walk.probes(cluster, "");
    probes.retain(|probe| !probe.at.starts_with("/from"));
    assert!(probes.len() > 200, "{} leaves", probes.len());
    let dead = probes.par_iter();
    let dead = dead.filter_map(|probe| below_cluster(&lab, &contexts, probe));
    let mut dead: Vec<String> = dead.collect();
    dead.extend(needless(&contexts, false, &probes));
    dead.extend(head(&lab, &walk));
    none_of(&dead);
}

#[test]
fn a_dead_field_is_found() {
    let lab = Lab::open(|schema| {
        let fields = schema.pointer_mut("/$defs/Security/properties");
        let fields = fields.and_then(Value::as_object_mut).expect("fields");
        fields.insert("ghost".to_owned(), json!({ "type": "boolean" }));
    });
    let contexts = contexts();
    let walk = Walk {
        schema: &lab.schema,
        contexts: &contexts,
    };
    let cluster = lab.schema.pointer("/$defs/Cluster").expect("clusters");
    let mut probes = walk.probes(cluster, "");
    probes.retain(|probe| probe.at == "/security/ghost");
    let found = probes
        .iter()
        .filter_map(|probe| below_cluster(&lab, &contexts, probe));
    assert_eq!(found.count(), 1, "{probes:#?}");
}

fn contexts() -> Contexts {
    serde_yaml::from_str(include_str!("dead_fields/contexts.yaml")).expect("contexts")
}

/// What is wrong with a field of clusters, if anything: it is stated over the clusters that could have it.
fn below_cluster(lab: &Lab, contexts: &Contexts, probe: &Probe) -> Option<String> {
    let around = around(contexts, &probe.at);
    let stands: &[&str] = match probe.at.split('/').nth(1) {
        Some("nodes" | "talos") => &["machine"],
        Some("kind") => &["kind"],
        Some("infrastructure" | "managedBy" | "workers") => {
            // What another cluster makes of it is in that one's tree.
            let stand = if within(&probe.at, "/infrastructure/docker") {
                "contained"
            } else {
                "made"
            };
            return verdict(probe, &[stand], &|stand, fragment| {
                let layers: Vec<&Value> = around.iter().copied().chain([fragment]).collect();
                lab.with_cluster(stand, &layers)
            });
        }
        _ => &["full", "kind"],
    };
    verdict(probe, stands, &|stand, fragment| {
        let layers: Vec<&Value> = around.iter().copied().chain([fragment]).collect();
        lab.cluster(stand, &layers)
    })
}

/// The fields above the clusters, and those that make clusters.
fn head(lab: &Lab, walk: &Walk<'_>) -> Vec<String> {
    // Settings are the same at every level, and are stated at the cluster; its `tier` stands for tiers.
    let settings = lab.schema.pointer("/$defs/Settings/properties");
    let settings = settings.and_then(Value::as_object).expect("settings");
    let mut probes = walk.probes(&lab.schema, "");
    probes.retain(|probe| {
        let first = probe.at.split('/').nth(1).unwrap_or_default();
        first != "tiers" && !settings.contains_key(first)
    });
    assert!(probes.len() > 8, "{} leaves", probes.len());
    let rows = lab.schema.pointer("/$defs/Cluster/properties/from");
    for mut probe in walk.probes(rows.expect("rows"), "/from") {
        let wrap = |from: &Value| json!({ "clusters": { "kind": { "from": from } } });
        probe.at = format!("/from{}", probe.at);
        probe.with = probe.with.iter().map(wrap).collect();
        probe.without = Some(probe.without.as_ref().map_or(json!({}), wrap));
        probe.wrong = None;
        probes.push(probe);
    }
    let mut dead = needless(walk.contexts, true, &probes);
    let build = |at: &str, fragment: &Value| {
        let around = around(walk.contexts, at);
        let layers: Vec<&Value> = around.into_iter().chain([fragment]).collect();
        lab.whole(&layers)
    };
    let found = probes.par_iter();
    let found = found.filter_map(|probe| verdict(probe, &[&probe.at], &build));
    dead.extend(found.collect::<Vec<String>>());
    dead
}

/// The contexts that no field needs, of what stands above the clusters or of what is theirs.
fn needless(contexts: &Contexts, head: bool, probes: &[Probe]) -> Vec<String> {
    let all = contexts.keys();
    all.filter(|at| (within(at, "/apps") || within(at, "/sizes")) == head)
        .filter(|above| !probes.iter().any(|probe| within(&probe.at, above)))
        .map(|at| format!("{at}: the context of no field"))
        .collect()
}

/// Whether a path is at another or below it.
fn within(at: &str, above: &str) -> bool {
    let rest = at.strip_prefix(above);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// All that a field needs around it, the less specific first.
fn around<'c>(contexts: &'c Contexts, at: &str) -> Vec<&'c Value> {
    let above = contexts.iter().filter(|(above, _)| within(at, above));
    above
        .filter_map(|(_, context)| context.get("with"))
        .collect()
}

/// What is wrong with a leaf, if anything.
fn verdict(
    probe: &Probe,
    stands: &[&str],
    build: &dyn Fn(&str, &Value) -> Outcome,
) -> Option<String> {
    if EXCEPTIONS.iter().any(|(at, _)| *at == probe.at) {
        return None;
    }
    let refusable = REFUSED.iter().any(|(at, _)| *at == probe.at);
    let mut refused = Vec::new();
    let mut same = 0;
    for stand in stands {
        let mut first = None;
        for fragment in probe.with.iter().chain(&probe.without) {
            match (build(stand, fragment), &first) {
                (Err(said), _) => refused.extend(said.into_iter().take(2)),
                (Ok(built), Some(first)) if *first != built => return None,
                (Ok(_), Some(_)) => same += 1,
                (Ok(built), None) => {
                    first = Some(built);
                    same += 1;
                }
            }
        }
        if refusable && first.is_some() && !refused.is_empty() {
            return None;
        }
        let wrong = probe.wrong.as_ref().filter(|_| first.is_some());
        if wrong.is_some_and(|wrong| build(stand, wrong).is_err()) {
            return None;
        }
    }
    let stated = probe.with.first().map(Value::to_string).unwrap_or_default();
    refused.sort();
    refused.dedup();
    Some(format!(
        "{}: {same} builds are the same; stated as {stated}; errors: {}",
        probe.at,
        refused.join(" | ")
    ))
}
