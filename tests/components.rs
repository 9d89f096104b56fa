//! Every component of the library: the spec in its README builds, with it in the tree, and without a word to say.

use crate::support::project::{Project, Run, run_in};
use crate::support::{files, folders, none_of, root};
use rayon::prelude::*;
use std::fs;

/// The charts of the library's components, where they are at hand: each in a folder of its name.
const CHARTS: &str = "../shared/charts";

#[test]
fn examples_build() {
    let findings: Vec<String> = folders(&root().join("components"))
        .par_iter()
        .flat_map(|component| example(component))
        .collect();
    none_of(&findings);
}

/// No value that is emitted is unknown to its chart, whatever options say; and all build in company.
#[test]
fn the_library_passes_its_own_test() {
    let charts = root().join(CHARTS);
    let run = match charts.is_dir() {
        true => run_in(root(), &["components", "test", "--all", "--chart", CHARTS]),
        false => {
            eprintln!("skipped: charts are not compared, there is no `{CHARTS}`");
            run_in(root(), &["components", "test", "--all"])
        }
    };
    assert_eq!(run.code, Some(0), "{}{}", run.stderr, run.stdout);
    let findings: Vec<String> = folders(&root().join("components"))
        .iter()
        .filter_map(|name| match row(&run, name) {
            None => Some(format!("`{name}` was not tested:\n{}", run.stdout)),
            Some(row) if row.contains("chart not found") => {
                Some(format!("`{name}`: put its chart into `{CHARTS}`"))
            }
            Some(_) => None,
        })
        .collect();
    none_of(&findings);
}

/// The broken twin: a value that is misspelt is refused at its line, for every component that has a chart with values.
#[test]
fn a_misspelt_value_is_refused() {
    if !root().join(CHARTS).is_dir() {
        return eprintln!("skipped: there is no `{CHARTS}`");
    }
    let charts = root().join(CHARTS);
    let charts = charts.to_str().expect("a path in UTF-8");
    let components = folders(&root().join("components"));
    let findings: Vec<String> = components
        .par_iter()
        .filter_map(|name| {
            let place = root().join("components").join(name);
            let text = fs::read_to_string(place.join("component.yaml")).expect("a component");
            let (line, broken) = misspelt(&text)?;
            let project = Project::empty();
            for (path, bytes) in files(&place) {
                project.write(&format!("components/{name}/{path}"), bytes);
            }
            let path = format!("components/{name}/component.yaml");
            project.write(&path, &broken);
            let run = project.run(&["components", "test", name, "--chart", charts]);
            let told = run.stderr.contains("error[not-in-chart]")
                && run.stderr.contains(&format!("--> {path}:{line}:"));
            (run.code != Some(1) || !told).then(|| {
                format!(
                    "`{name}` with line {line} misspelt ends with {:?}:\n{}",
                    run.code, run.stderr
                )
            })
        })
        .collect();
    none_of(&findings);
}

/// A component with one more value, `resourcez`, and the line it stands at; `None` where it has no chart with values.
fn misspelt(text: &str) -> Option<(usize, String)> {
    let at = text.lines().position(|line| line == "values:")?;
    if !text.contains("\nchart:") {
        return None;
    }
    let mut lines: Vec<&str> = text.lines().collect();
    lines.insert(at + 1, "  resourcez: { limits: { memory: 1Gi } }");
    Some((at + 2, lines.join("\n") + "\n"))
}

/// A component's line of the table.
fn row<'r>(run: &'r Run, component: &str) -> Option<&'r str> {
    run.stdout
        .lines()
        .find(|line| line.split_whitespace().next() == Some(component))
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
