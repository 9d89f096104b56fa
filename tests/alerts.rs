//! Alerts as Prometheus takes them, and dashboards and runbooks as the checks want them: of every component of the library.

use crate::support::project::Project;
use crate::support::{children, folders, none_of, root};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// `promtool` with these arguments, in a folder; `None` where it is not installed.
fn promtool(folder: &Path, arguments: &[&str]) -> Option<(bool, String)> {
    let run = Command::new("promtool")
        .args(arguments)
        .current_dir(folder)
        .output()
        .ok()?;
    let said = [run.stdout, run.stderr].concat();
    Some((
        run.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    ))
}

fn has_promtool() -> bool {
    let found = promtool(root(), &["--version"]).is_some();
    if !found {
        eprintln!("skipped: promtool is not installed (apt install prometheus)");
    }
    found
}

#[test]
fn prometheus_reads_every_rule() {
    if !has_promtool() {
        return;
    }
    let library = root().join("components");
    let files: Vec<PathBuf> = folders(&library)
        .iter()
        .map(|component| library.join(component).join("alerts.yaml"))
        .filter(|path| path.is_file())
        .collect();
    assert!(!files.is_empty());
    let findings: Vec<String> = files
        .iter()
        .filter_map(|path| {
            let path = path.to_str().expect("a path in UTF-8");
            let (passed, said) = promtool(root(), &["check", "rules", path])?;
            (!passed).then_some(said)
        })
        .collect();
    none_of(&findings);
}

/// Queries of dashboards are rules that record nothing: so promtool reads them, too.
#[test]
fn prometheus_reads_every_query_of_a_dashboard() {
    if !has_promtool() {
        return;
    }
    let project = Project::empty();
    let mut queries = 0;
    let mut findings = Vec::new();
    for component in folders(&root().join("components")) {
        let files = children(&root().join("components").join(&component));
        for file in files.iter().filter(|file| is_json(file)) {
            let text = fs::read_to_string(file).expect("a dashboard");
            let dashboard: Value = serde_json::from_str(&text).expect("JSON");
            let mut found = Vec::new();
            expressions(&dashboard, &mut found);
            queries += found.len();
            let rules: Vec<Value> = found
                .iter()
                .enumerate()
                .map(|(at, expr)| json!({ "record": format!("query:{at}"), "expr": expr }))
                .collect();
            let rules = json!({ "groups": [{ "name": component, "rules": rules }] });
            fs::write(project.path().join("rules.yaml"), rules.to_string()).expect("a file");
            let checked = promtool(project.path(), &["check", "rules", "rules.yaml"]);
            if let Some((false, said)) = checked {
                findings.push(format!("{}: {said}", file.display()));
            }
        }
    }
    assert!(queries > 50, "{queries} queries");
    none_of(&findings);
}

fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "json")
}

/// The queries to Prometheus in a dashboard, its variables filled in.
fn expressions(node: &Value, found: &mut Vec<String>) {
    let asked = node.pointer("/datasource/type").and_then(Value::as_str);
    if let Some(expr) = node.get("expr").and_then(Value::as_str)
        && asked == Some("prometheus")
    {
        let expr = expr.replace("$__rate_interval", "5m");
        found.push(expr.replace("$node", ".+"));
    }
    let below = node.as_array().into_iter().flatten();
    let inside = node.as_object().into_iter().flat_map(|map| map.values());
    for value in below.chain(inside) {
        expressions(value, found);
    }
}

/// `tests/alerts/NAME.yaml`: series, and the alerts that they must and must not raise.
#[test]
fn alerts_fire_when_they_should() {
    if !has_promtool() {
        return;
    }
    let folder = root().join("tests/alerts");
    let findings: Vec<String> = children(&folder)
        .iter()
        .filter_map(|path| {
            let name = path.file_name()?.to_str()?;
            let (passed, said) = promtool(&folder, &["test", "rules", name])?;
            (!passed).then(|| format!("tests/alerts/{name}: {said}"))
        })
        .collect();
    none_of(&findings);
}

/// What a build asks of a project's own alerts and dashboards holds for the library's, too.
#[test]
fn the_library_keeps_its_own_rules() {
    let project = Project::with_spec(
        "apiVersion: formwork.dev/v1alpha1\nkind: Platform\nname: own\nprofile: homelab\ndomain: home.example.org\nsource: { path: generated }\nclusters:\n  dev: { provider: kind, size: small, versions: { kubernetes: 1.36.1 } }\n",
    );
    let library = root().join("components");
    for component in folders(&library) {
        let folder = project.path().join("components").join(&component);
        fs::create_dir_all(&folder).expect("a folder");
        for file in children(&library.join(&component)) {
            let name = file.file_name().expect("a name");
            fs::copy(&file, folder.join(name)).expect("a copy");
        }
    }
    let run = project.run(&["check"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
}
