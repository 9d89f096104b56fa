//! Secrets in plain text: what is planted is found, what is clean is not accused, and no text breaks the search.

mod planted;

use crate::support::{files, none_of, root};
use passes::plaintext::{self, Found};
use proptest::prelude::*;
use std::collections::BTreeSet;
use syntax::{Diagnostics, FileId, Kind, Node, Origins};

/// Charts' own values, where they are at hand.
const CHARTS: &str = "../shared/charts";

/// Of so many scalars of charts at most one may be accused wrongly.
const SCALARS_PER_FALSE_ALARM: usize = 10_000;

/// What charts' values really hold: passwords, keys and hashes that are in force where nobody sets others.
const IN_FORCE: [&str; 6] = [
    "falcosidekick/values.yaml/config/timescaledb/password",
    "harbor/values.yaml/harborAdminPassword",
    "loki/values.yaml/minio/rootPassword",
    "minio/values.yaml/users/0/secretKey",
    "signoz/values.yaml/clickhouse/password",
    "zot/values.yaml/secretFiles/htpasswd",
];

#[test]
fn planted_secrets_are_found() {
    let planted = planted::plant(1, 200);
    let kinds: BTreeSet<&str> = planted.iter().map(|planted| planted.kind).collect();
    assert!(kinds.len() >= 20, "only {} kinds", kinds.len());
    let mut missed = Vec::new();
    for one in &planted {
        let (documents, readable) = read(&one.manifest);
        assert!(readable, "{}", one.manifest);
        let found = documents.iter().flat_map(plaintext::leaks);
        let hits = found.filter(|found| touches(&documents, found, &one.secret));
        if hits.count() == 0 {
            missed.push(format!("{} in {}:\n{}", one.kind, one.place, one.manifest));
        }
    }
    let found = planted.len() - missed.len();
    eprintln!(
        "found {found} of {} secrets of {} kinds",
        planted.len(),
        kinds.len()
    );
    eprintln!("{}", missed.join("\n"));
    assert!(found * 100 >= planted.len() * 95, "{}", missed.join("\n"));
}

/// The repository's own files, read as trees and, for what is none, as text.
#[test]
fn clean_files_are_not_accused() {
    let mut findings = Vec::new();
    let mut scalars = 0;
    for folder in ["golden", "examples", "components", "profiles"] {
        for (path, bytes) in files(&root().join(folder)) {
            let Ok(text) = String::from_utf8(bytes) else {
                continue;
            };
            if folder == "golden" && path.starts_with("errors/") {
                continue;
            }
            findings.extend(
                plaintext::leak(&[], &text)
                    .map(|leak| format!("{folder}/{path}: {} at {:?}", leak.kind, leak.range)),
            );
            if path.ends_with(".yaml") {
                let (found, count) = look(&text);
                scalars += count;
                findings.extend(
                    found.iter().map(|found| {
                        format!("{folder}/{path}{}: {}", found.pointer, found.leak.kind)
                    }),
                );
            }
        }
    }
    assert!(scalars > 50_000, "only {scalars} scalars were read");
    none_of(&findings);
}

#[test]
fn charts_are_seldom_accused() {
    let charts = root().join(CHARTS);
    if !charts.is_dir() {
        eprintln!("skipped: there is no `{CHARTS}` here");
        return;
    }
    let (mut false_alarms, mut scalars) = (Vec::new(), 0);
    let values = files(&charts).into_iter();
    for (path, bytes) in values.filter(|(path, _)| path.ends_with("/values.yaml")) {
        let (found, count) = look(&String::from_utf8(bytes).expect("UTF-8"));
        scalars += count;
        for found in found {
            let place = format!("{path}{}", found.pointer);
            let is_real = IN_FORCE.contains(&place.as_str());
            eprintln!(
                "{place}: {}, {}",
                found.leak.kind,
                if is_real { "in force" } else { "a false alarm" }
            );
            if !is_real {
                false_alarms.push(place);
            }
        }
    }
    eprintln!("{} false alarms in {scalars} scalars", false_alarms.len());
    assert!(
        false_alarms.len() * SCALARS_PER_FALSE_ALARM <= scalars,
        "{}",
        false_alarms.join("\n")
    );
}

proptest! {
    #[test]
    fn no_text_breaks_the_search(
        text in "\\PC{0,80}",
        parts in prop::collection::vec(part(), 0..12),
        field in prop::sample::select(vec!["password", "token", "note", "auth", "é", ""]),
    ) {
        for text in [text, parts.concat()] {
            for path in [&[][..], &[field][..], &["credentials", field][..]] {
                if let Some(leak) = plaintext::leak(path, &text) {
                    prop_assert!(text.get(leak.range.clone()).is_some(), "{:?} of {:?}", leak, text);
                }
            }
        }
    }
}

/// A piece of what the search looks for, so that random texts come close to it.
fn part() -> impl Strategy<Value = String> {
    let pieces = [
        "-----BEGIN ",
        "PRIVATE KEY-----",
        "-----END",
        "\n",
        "\\n",
        "://",
        ":",
        "@",
        "=",
        "$2y$10$",
        "$",
        "ghp_",
        "SG.",
        "eyJ",
        ".",
        "AKIA",
        "MII",
        "IBA",
        "ENC[AES256_GCM",
        "]",
        "password",
        "token: ",
        "Bearer ",
        "\"",
        "é",
        "日本",
        "kind: Secret\n",
        "LS0tLS1CRUdJTi",
        "hooks.slack.com/services/",
        " ",
        "==",
        "{{",
        "x",
        "0",
    ];
    let piece = prop::sample::select(pieces.to_vec()).prop_map(str::to_owned);
    prop_oneof![piece, "[A-Za-z0-9+/_-]{1,60}", "\\PC{1,4}"]
}

/// Whether a finding shows a part of the secret, as it is or inside what holds it.
fn touches(documents: &[Node], found: &Found, secret: &str) -> bool {
    documents.iter().any(|document| {
        let text = document.find(&found.pointer).and_then(Node::scalar_text);
        text.is_some_and(|text| {
            let shown = text.get(found.leak.range.clone()).unwrap_or_default();
            !shown.is_empty()
                && (secret.contains(shown.trim())
                    || shown.contains(secret)
                    || text.contains("kind: Secret"))
        })
    })
}

/// What is found in a text of YAML, and how many scalars it has.
fn look(text: &str) -> (Vec<Found>, usize) {
    let (documents, _) = read(text);
    let scalars = documents
        .iter()
        .flat_map(Node::leaves)
        .filter(|(_, leaf)| !matches!(leaf.kind(), Kind::Map(_) | Kind::List(_)))
        .count();
    (
        documents.iter().flat_map(plaintext::leaks).collect(),
        scalars,
    )
}

fn read(text: &str) -> (Vec<Node>, bool) {
    let (mut origins, mut found) = (Origins::default(), Diagnostics::default());
    let documents = syntax::parse::parse(FileId(0), text, &mut origins, &mut found);
    let nodes = documents.into_iter().map(|document| document.node);
    (nodes.collect(), !found.has_errors())
}
