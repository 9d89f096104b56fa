//! What was written against what is expected: whole trees and whole texts, with a diff of what differs.
//!
//! A missing expectation fails like a wrong one; only `UPDATE=1` writes, and it removes what is no longer produced.

use super::{Files, files, update};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The most files of a tree whose diff is shown, and the most lines of a diff.
const SHOWN: (usize, usize) = (5, 60);

/// Compares a tree with the one at `folder`; says what differs.
pub(crate) fn tree(folder: &Path, actual: &Files) -> Vec<String> {
    let expected = files(folder);
    if update() {
        write(folder, &expected, actual);
        return Vec::new();
    }
    let paths: BTreeSet<&String> = expected.keys().chain(actual.keys()).collect();
    let different: Vec<&String> = paths
        .into_iter()
        .filter(|path| expected.get(*path) != actual.get(*path))
        .collect();
    let mut findings: Vec<String> = different
        .iter()
        .take(SHOWN.0)
        .map(|path| {
            let place = format!("{}/{path}", shown(folder));
            match (expected.get(*path), actual.get(*path)) {
                (Some(old), Some(new)) => diff(&place, old, new),
                (Some(_), None) => format!("{place} is no longer written; UPDATE=1 removes it"),
                (None, _) => format!("{place} is new; UPDATE=1 accepts it"),
            }
        })
        .collect();
    let more = different.len().saturating_sub(SHOWN.0);
    if more > 0 {
        findings.push(format!("{} more files differ", more));
    }
    findings
}

/// Compares a text with the file that holds what is expected; says what differs.
pub(crate) fn text(file: &Path, actual: &str) -> Vec<String> {
    let expected = fs::read_to_string(file).ok();
    if expected.as_deref() == Some(actual) {
        return Vec::new();
    }
    if update() {
        let folder = file.parent().expect("a file in a folder");
        fs::create_dir_all(folder).expect("a folder to create");
        fs::write(file, actual).expect("an expectation to write");
        return Vec::new();
    }
    let place = shown(file);
    vec![match expected {
        Some(expected) => diff(&place, expected.as_bytes(), actual.as_bytes()),
        None => format!("{place} is missing; UPDATE=1 writes it:\n{actual}"),
    }]
}

fn write(folder: &Path, expected: &Files, actual: &Files) {
    for path in expected.keys().filter(|path| !actual.contains_key(*path)) {
        fs::remove_file(folder.join(path)).expect("a stale file to remove");
    }
    for (path, bytes) in actual {
        if expected.get(path) == Some(bytes) {
            continue;
        }
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a file in a folder")).expect("a folder to create");
        fs::write(path, bytes).expect("an expectation to write");
    }
    remove_empty(folder);
}

fn remove_empty(folder: &Path) {
    for child in super::children(folder) {
        if child.is_dir() {
            remove_empty(&child);
        }
    }
    // Fails where something is left in it, which is right.
    let _ = fs::remove_dir(folder);
}

fn shown(path: &Path) -> String {
    path.strip_prefix(super::root())
        .unwrap_or(path)
        .display()
        .to_string()
}

fn diff(place: &str, old: &[u8], new: &[u8]) -> String {
    let (old, new) = (String::from_utf8_lossy(old), String::from_utf8_lossy(new));
    let diff = syntax::diff::text(
        &old,
        &new,
        &format!("{place} (expected)"),
        "what was written",
    );
    let lines: Vec<&str> = diff.lines().collect();
    let more = match lines.len().saturating_sub(SHOWN.1) {
        0 => String::new(),
        more => format!("\n... and {more} lines"),
    };
    let head: Vec<&str> = lines.into_iter().take(SHOWN.1).collect();
    format!("{}{more}\nUPDATE=1 accepts it", head.join("\n"))
}
