//! `lint` over small repositories: each in `tests/lint/`, with the report that must come. `UPDATE=1` writes it.

use crate::support::project::Project;
use crate::support::{folders, none_of, root, update};
use std::fs;

#[test]
fn each_repository_gets_its_report() {
    let place = root().join("tests/lint");
    let mut findings = Vec::new();
    for case in folders(&place) {
        let folder = place.join(&case);
        // Away from this repository: Flux's paths begin at the root of one.
        let project = Project::copy_of(&folder, &["report.txt"]);
        let run = project.run(&["lint"]);
        let said = format!("{}exit code {:?}\n", run.stderr, run.code.unwrap_or(-1));
        let file = folder.join("report.txt");
        let expected = fs::read_to_string(&file).unwrap_or_default();
        if update() {
            fs::write(&file, &said).expect("a report to write");
        } else if said != expected {
            findings.push(format!("{case} says (UPDATE=1 accepts it):\n{said}"));
        }
        // Notes are house style, which is everybody's own.
        let is_silent = !run.stderr.contains("error[") && !run.stderr.contains("warning[");
        if case.starts_with("silent-") != is_silent {
            findings.push(format!("{case}: its name says otherwise:\n{said}"));
        }
    }
    none_of(&findings);
}

/// What formwork writes is right by the same measure.
#[test]
fn compiled_trees_have_no_errors() {
    let mut findings = Vec::new();
    for case in folders(&root().join("golden")) {
        let out = root().join("golden").join(&case).join("out");
        if !out.is_dir() {
            continue;
        }
        let files = crate::support::files(&out);
        let place = files
            .iter()
            .find_map(|(_, bytes)| place_in_repository(bytes))
            .unwrap_or("generated/".to_owned());
        let project = Project::empty();
        for (path, bytes) in &files {
            project.write(&format!("{place}{path}"), bytes);
        }
        let run = project.run(&["lint", "-o", "short"]);
        let errors = run.stdout.lines().filter(|line| line.contains(": error["));
        findings.extend(errors.map(|line| format!("{case}: {line}")));
    }
    none_of(&findings);
}

/// Where Flux is told that the tree lies, with `/` at its end: each example has a place of its own.
fn place_in_repository(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut paths = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("path: "));
    paths.find_map(|path| {
        let (place, _) = path.trim_matches('\'').split_once("clusters/")?;
        Some(place.trim_start_matches("./").to_owned())
    })
}
