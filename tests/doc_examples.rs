//! Every `yaml` example of the documents is YAML, and each that is marked is tried: `yaml platform` is a spec, or a part of
//! one that is laid over `tests/docs/platform.yaml`; `yaml platform apps.shop` is what stands below that path of it;
//! `yaml component` is a component that a spec switches on.

use crate::support::fences::{self, Fence};
use crate::support::project::Project;
use crate::support::{none_of, root};
use rayon::prelude::*;
use serde_yaml::{Mapping, Value};
use std::fs;

/// The keys of a spec.
const KEYS: [&str; 21] = [
    "apiVersion",
    "apps",
    "backup",
    "clusters",
    "components",
    "domain",
    "engine",
    "kind",
    "name",
    "network",
    "objectives",
    "observability",
    "profile",
    "scaling",
    "security",
    "sizes",
    "source",
    "storage",
    "tiers",
    "versions",
    "include",
];

/// Pages whose examples speak another language with the same words.
const OTHERS: [&str; 1] = ["docs/components.md"];

/// Findings of every platform whose secrets nobody sealed yet.
const EXPECTED: &str = "[missing-secret]";

#[test]
fn examples_are_true() {
    let fences = fences::all();
    let marked = fences
        .iter()
        .filter(|fence| fence.info.starts_with("yaml "))
        .count();
    assert!(marked > 20, "only {marked} examples are marked");
    let findings: Vec<String> = fences
        .par_iter()
        .filter(|fence| fence.info == "yaml" || fence.info.starts_with("yaml "))
        .filter_map(|fence| {
            let problem = problem_of(fence)?;
            Some(format!("{}: {problem}\n{}", fence.place(), fence.text))
        })
        .collect();
    none_of(&findings);
}

fn problem_of(fence: &Fence) -> Option<String> {
    let value: Value = match serde_yaml::from_str(&fence.text) {
        Ok(value) => value,
        Err(problem) => return Some(format!("is no YAML: {problem}")),
    };
    let (kind, path) = match fence.info.strip_prefix("yaml")?.trim().split_once(' ') {
        Some((kind, path)) => (kind, path),
        None => (fence.info.strip_prefix("yaml")?.trim(), ""),
    };
    match kind {
        "" => unmarked(fence, &value),
        "platform" => judge(&with_tables(fence, platform(value, path))),
        "component" => component(&value, &fence.text),
        other => Some(format!("no test knows what `yaml {other}` is")),
    }
}

/// A part of a spec that nobody tries would be wrong one day.
fn unmarked(fence: &Fence, value: &Value) -> Option<String> {
    let mut keys = value.as_mapping()?.keys().filter_map(Value::as_str);
    let is_spec = !OTHERS.contains(&fence.page.as_str()) && keys.all(|key| KEYS.contains(&key));
    is_spec
        .then(|| "looks like a part of a spec: write `yaml platform` behind its fence".to_owned())
}

/// The spec that an example is, or is a part of.
fn platform(value: Value, path: &str) -> Project {
    if value.get("kind").and_then(Value::as_str) == Some("Platform") {
        return Project::with_spec(&yaml(&value));
    }
    let text = fs::read_to_string(root().join("tests/docs/platform.yaml")).expect("the base");
    let mut base: Value = serde_yaml::from_str(&text).expect("YAML");
    let steps: Vec<&str> = path.split('.').filter(|step| !step.is_empty()).collect();
    let part = steps.iter().rev().fold(value, |below, step| {
        Value::Mapping(Mapping::from_iter([((*step).into(), below)]))
    });
    lay(&mut base, part);
    Project::with_spec(&yaml(&base))
}

/// The tables of the page beside the spec: `csv FILE`.
fn with_tables(fence: &Fence, project: Project) -> Project {
    for table in fences::of(&fence.page) {
        if let Some(file) = table.info.strip_prefix("csv ") {
            project.write(file, &table.text);
        }
    }
    project
}

fn yaml(value: &Value) -> String {
    serde_yaml::to_string(value).expect("YAML")
}

/// What only a whole entry states: a cluster or an app of that name takes the place of the base's.
const WHOLE: [&str; 2] = ["provider", "pattern"];

/// Lays a part over a spec.
fn lay(base: &mut Value, part: Value) {
    match (base, part) {
        (Value::Mapping(base), Value::Mapping(part)) => {
            for (key, value) in part {
                match base.get_mut(&key) {
                    Some(below) if WHOLE.iter().all(|key| value.get(key).is_none()) => {
                        lay(below, value);
                    }
                    Some(_) | None => {
                        base.insert(key, value);
                    }
                }
            }
        }
        (base, part) => *base = part,
    }
}

/// A component, and a spec that switches it on.
fn component(value: &Value, text: &str) -> Option<String> {
    let name = value
        .get("name")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let spec = format!("components: {{ {name}: true }}");
    let spec: Value = serde_yaml::from_str(&spec).expect("YAML");
    let project = platform(spec, "");
    project.write(&format!("components/{name}/component.yaml"), text);
    judge(&project)
}

fn judge(project: &Project) -> Option<String> {
    let run = project.run(&["check", "-o", "short"]);
    let lines = run.stdout.lines().chain(run.stderr.lines());
    let bad: Vec<&str> = lines
        .filter(|line| line.contains(" error[") || line.contains(" warning["))
        .filter(|line| !line.contains(EXPECTED))
        .collect();
    (run.code != Some(0) || !bad.is_empty())
        .then(|| format!("does not hold ({:?}):\n{}", run.code, bad.join("\n")))
}
