//! Alerts as Prometheus takes them, and dashboards and runbooks as the checks want them: of every component of the library.

use crate::support::project::Project;
use crate::support::{children, folders, none_of, root};
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
