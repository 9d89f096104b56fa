//! Every component of the library: the spec in its README builds, with it in the tree, and without a word to say.

use crate::support::project::Project;
use crate::support::{folders, none_of, root};
use rayon::prelude::*;
use std::fs;

#[test]
fn examples_build() {
    let findings: Vec<String> = folders(&root().join("components"))
        .par_iter()
        .flat_map(|component| example(component))
        .collect();
    none_of(&findings);
}

fn example(component: &str) -> Vec<String> {
    let place = format!("components/{component}/README.md");
    let readme = fs::read_to_string(root().join(&place)).unwrap_or_default();
    let specs: Vec<&str> = readme
        .split("```yaml\n")
        .skip(1)
        .filter_map(|rest| rest.split_once("```"))
        .map(|(spec, _)| spec)
        .filter(|spec| spec.contains("kind: Platform"))
        .collect();
    if specs.is_empty() {
        return vec![format!(
            "{place}: show a whole spec that uses it in a ```yaml block"
        )];
    }
    let mut findings = Vec::new();
    for spec in specs {
        let project = Project::with_spec(spec);
        let run = project.run(&["build"]);
        if run.code != Some(0) || is_noisy(&run.stderr) {
            findings.push(format!(
                "{place}: its spec ends with {:?}:\n{}",
                run.code, run.stderr
            ));
        } else if !run.stdout.contains(component) {
            findings.push(format!(
                "{place}: its spec does not use it:\n{}",
                run.stdout
            ));
        }
    }
    findings
}

/// Whether anything is said but that a secret is not sealed yet: so begins every platform that has one.
fn is_noisy(said: &str) -> bool {
    said.lines()
        .filter(|line| line.contains('[') && line.split('[').next().is_some_and(is_severity))
        .any(|line| !line.starts_with("warning[missing-secret]"))
}

fn is_severity(word: &str) -> bool {
    matches!(word, "error" | "warning" | "note")
}
