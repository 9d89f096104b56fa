//! The tables of `schemas/upstream`: each is the one that its SOURCE speaks of, and made of what is upstream.

use crate::support::{folders, none_of, root};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::fs;
use std::process::Command;

#[test]
fn tables_are_what_their_source_says() {
    let upstream = root().join("schemas/upstream");
    let findings: Vec<String> = folders(&upstream)
        .iter()
        .filter(|folder| !folder.starts_with("__"))
        .filter_map(|folder| {
            let read = |name: &str| {
                fs::read_to_string(upstream.join(folder).join(name)).unwrap_or_default()
            };
            let mut digest = String::new();
            for byte in Sha256::digest(read("table").as_bytes()) {
                let _ = write!(digest, "{byte:02x}");
            }
            let stated = format!("table: sha256:{digest}\n");
            (!read("SOURCE").contains(&stated)).then(|| {
                format!("schemas/upstream/{folder}/table is not what make.py wrote: run it again")
            })
        })
        .collect();
    none_of(&findings);
}

/// Where the facts are at hand: the tables are fresh, and every CRD can be made from them again.
#[test]
fn tables_are_fresh() {
    let facts = root().join("../shared");
    if !facts.join("crds/index.yaml").is_file() {
        eprintln!("skipped: there is no ../shared/crds here");
        return;
    }
    let python = Command::new("python3").args(["-c", "import yaml"]).output();
    if !python.is_ok_and(|run| run.status.success()) {
        eprintln!("skipped: there is no python3 with PyYAML here");
        return;
    }
    let run = Command::new("python3")
        .arg("-B")
        .arg(root().join("schemas/upstream/make.py"))
        .arg("check")
        .arg(&facts)
        .output()
        .expect("make.py to start");
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{said}");
}
