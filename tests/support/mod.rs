//! What tests share: the repository, projects in temporary folders and repositories, the program, and the golden compare.

pub(crate) mod fences;
pub(crate) mod golden;
pub(crate) mod project;
pub(crate) mod repository;
pub(crate) mod world;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The files of a folder by their path relative to it, with `/`.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Whether expectations are to be written instead of compared: `UPDATE=1 cargo test`.
pub(crate) fn update() -> bool {
    std::env::var_os("UPDATE").is_some_and(|value| value == "1")
}

/// Every file below a folder; none where there is no such folder.
pub(crate) fn files(folder: &Path) -> Files {
    let mut files = Files::new();
    collect(folder, folder, &mut files);
    files
}

/// The repository's own files below one of its folders, by their path from that folder: without what a build of an example
/// left there, as the README has people do before they run the tests.
pub(crate) fn own_files(folder: &str) -> Files {
    let built = |path: &str| {
        path.split('/')
            .any(|part| matches!(part, "generated" | ".formwork-cache"))
    };
    let mut files = files(&root().join(folder));
    files.retain(|path, _| !built(path));
    files
}

fn collect(top: &Path, folder: &Path, files: &mut Files) {
    for path in children(folder) {
        if path.is_dir() {
            collect(top, &path, files);
        } else {
            let name = path.strip_prefix(top).expect("a path below the folder");
            let name = name.to_str().expect("a name in UTF-8").replace('\\', "/");
            files.insert(name, fs::read(&path).expect("a file to read"));
        }
    }
}

/// What is directly in a folder, sorted; nothing where there is no such folder.
pub(crate) fn children(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry of the folder").path())
        .collect();
    paths.sort();
    paths
}

/// The names of the folders directly in a folder, sorted.
pub(crate) fn folders(folder: &Path) -> Vec<String> {
    children(folder)
        .iter()
        .filter(|path| path.is_dir())
        .map(|path| name(path).to_owned())
        .collect()
}

/// The last part of a path.
pub(crate) fn name(path: &Path) -> &str {
    path.file_name()
        .and_then(|name| name.to_str())
        .expect("a path that ends in a name")
}

/// Fails with all findings at once, each of which says how to mend it.
pub(crate) fn none_of(findings: &[String]) {
    assert!(
        findings.is_empty(),
        "{} findings:\n\n{}\n",
        findings.len(),
        findings.join("\n\n")
    );
}
