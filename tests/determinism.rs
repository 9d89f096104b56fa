//! The same input gives the same bytes: at any number of threads, from any folder, and the second time.

use crate::support::project::{Project, run_in};
use crate::support::{Files, folders, root};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

fn example(name: &str) -> Project {
    Project::copy_of(&root().join("examples").join(name), &["generated"])
}

fn built(project: &Project, out: &str, more: &[&str]) -> Files {
    let mut arguments = vec!["build", "platform.yaml", "--out", out];
    arguments.extend(more);
    project.succeed(&arguments);
    let files = project.files(out);
    assert!(!files.is_empty(), "nothing was written to {out}");
    files
}

#[test]
fn any_number_of_threads() {
    for name in folders(&root().join("examples")) {
        let project = example(&name);
        let alone = built(&project, "out-1", &["--jobs", "1"]);
        for jobs in ["2", "8"] {
            let files = built(&project, &format!("out-{jobs}"), &["--jobs", jobs]);
            assert!(files == alone, "{name} differs at {jobs} jobs");
        }
    }
}

#[test]
fn any_folder() {
    for name in folders(&root().join("examples")) {
        let project = example(&name);
        let beside = built(&project, "out", &[]);

        project.write("deep/er/file", "");
        let below = run_in(&project.at("deep/er"), &["build", "--out", "out"]);
        assert_eq!(below.code, Some(0), "{}", below.stderr);
        assert!(
            project.files("deep/er/out") == beside,
            "{name} differs from a folder below"
        );

        let spec = project.at("platform.yaml");
        let spec = spec.to_str().expect("a path in UTF-8");
        let away = Project::empty();
        away.succeed(&["build", spec, "--out", "out"]);
        assert!(away.files("out") == beside, "{name} differs from elsewhere");

        let twin = example(&name);
        assert!(
            built(&twin, "out", &[]) == beside,
            "{name} differs in a folder of another name"
        );
    }
}

#[test]
fn the_second_build_writes_nothing() {
    for name in folders(&root().join("examples")) {
        let project = example(&name);
        project.succeed(&["build"]);
        let before = times(&project.at("generated"));
        assert!(
            !before.is_empty(),
            "{name} wrote nothing to its default folder"
        );
        let again = project.succeed(&["build"]);
        assert!(again.stdout.contains("wrote 0 files"), "{}", again.stdout);
        assert!(
            times(&project.at("generated")) == before,
            "{name} was touched by a second build"
        );
        project.succeed(&["build", "--check"]);
        assert!(
            times(&project.at("generated")) == before,
            "{name} was touched by a check"
        );
    }
}

/// When each file and folder was last written to.
fn times(folder: &Path) -> BTreeMap<String, SystemTime> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(path) = open.pop() {
        let Ok(about) = fs::metadata(&path) else {
            continue;
        };
        if about.is_dir() {
            open.extend(crate::support::children(&path));
        }
        let time = about.modified().expect("a file system with times");
        found.insert(path.display().to_string(), time);
    }
    found
}
