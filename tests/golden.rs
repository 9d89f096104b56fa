//! Every folder of `golden/`: a spec in, the whole tree or the whole report out.
//!
//! `golden/CASE/` holds `platform.yaml` and what belongs to the project (absent where `examples/CASE/` is the input) and
//! `out/`, all that is written; `golden/errors/CASE/` holds a broken spec and `report.txt`, all that is said of it;
//! `golden/rules/CASE/` holds what a spec says of rules and `report.txt`, all that `check` says and how it ends.
//! `GOLDEN=CASE` runs one, `UPDATE=1` accepts what is written.

use crate::support::project::Project;
use crate::support::{children, folders, golden, name, none_of, root, update};
use rayon::prelude::*;
use std::path::Path;

/// What a case holds beside its input.
const EXPECTED: &[&str] = &["out", "report.txt"];

#[test]
fn trees() {
    let mut cases = folders(&root().join("golden"));
    cases.retain(|case| !["errors", "rules"].contains(&case.as_str()));
    let examples = folders(&root().join("examples"));
    cases.extend(
        examples
            .into_iter()
            .filter(|case| update() || !root().join("golden").join(case).is_dir()),
    );
    cases.sort();
    cases.dedup();
    let findings: Vec<String> = cases
        .par_iter()
        .filter(|case| wanted(case))
        .flat_map(|case| tree(case))
        .collect();
    none_of(&findings);
}

#[test]
fn errors() {
    let errors = root().join("golden/errors");
    let findings: Vec<String> = folders(&errors)
        .par_iter()
        .filter(|case| wanted(case))
        .flat_map(|case| error(&errors.join(case)))
        .collect();
    none_of(&findings);
}

#[test]
fn rules() {
    let rules = root().join("golden/rules");
    let findings: Vec<String> = folders(&rules)
        .par_iter()
        .filter(|case| wanted(case))
        .flat_map(|case| ruled(&rules.join(case)))
        .collect();
    none_of(&findings);
}

fn wanted(case: &str) -> bool {
    std::env::var("GOLDEN").map_or(true, |only| only == case)
}

/// A case that builds: its tree, and what is said while building it where `report.txt` expects something.
fn tree(case: &str) -> Vec<String> {
    let folder = root().join("golden").join(case);
    let example = root().join("examples").join(case);
    let input = if folder.join("platform.yaml").is_file() {
        &folder
    } else if example.join("platform.yaml").is_file() {
        &example
    } else {
        return vec![format!(
            "golden/{case} has no platform.yaml and examples/{case} doesn't exist: remove the folder or add the input"
        )];
    };
    let project = Project::copy_of(input, EXPECTED);
    let run = project.run(&["build", "platform.yaml", "--out", "out"]);
    if run.code != Some(0) {
        return vec![format!(
            "golden/{case} ends with {:?} instead of 0:\n{}",
            run.code, run.stderr
        )];
    }
    let written = project.files("out");
    if written.is_empty() {
        return vec![format!("golden/{case} writes nothing")];
    }
    let mut findings = golden::tree(&folder.join("out"), &written);
    let report = folder.join("report.txt");
    if report.is_file() {
        findings.extend(golden::text(&report, &run.stderr));
    }
    findings
}

/// A case that is judged: what is said, and the exit code.
fn ruled(folder: &Path) -> Vec<String> {
    let project = Project::copy_of(folder, EXPECTED);
    let run = project.run(&["check", "platform.yaml"]);
    let code = run.code.map_or("none".to_owned(), |code| code.to_string());
    let said = format!("{}\nexit code {code}\n", run.stderr.trim_end());
    golden::text(&folder.join("report.txt"), said.trim_start())
}

/// A case that fails: what is said, and that nothing is written.
fn error(folder: &Path) -> Vec<String> {
    let case = name(folder);
    if !folder.join("platform.yaml").exists() {
        return vec![format!(
            "golden/errors/{case} has no platform.yaml: remove the folder or add the broken spec"
        )];
    }
    let project = Project::copy_of(folder, EXPECTED);
    let before = children(project.path());
    let run = project.run(&["build", "platform.yaml", "--out", "out"]);
    let mut findings = golden::text(&folder.join("report.txt"), &run.stderr);
    if run.code != Some(1) {
        findings.push(format!(
            "golden/errors/{case} ends with {:?} instead of 1: a case that builds belongs in golden/{case}",
            run.code
        ));
    }
    if children(project.path()) != before {
        findings.push(format!(
            "golden/errors/{case} leaves files behind: an error writes nothing"
        ));
    }
    findings
}
