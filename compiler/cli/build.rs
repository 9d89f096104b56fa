//! Embeds the library: `components/`, `profiles/` and `schemas/` as one table, sorted by path, and beside it the YAML
//! files of components as packed trees, so that no start parses them.

use std::env;
use std::fmt::Write;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use syntax::pack::pack_text;

/// The folders that are embedded.
const FOLDERS: [&str; 3] = ["components", "profiles", "schemas"];
/// What `model` packs.
const LEFT_OUT: [&str; 1] = ["schemas/upstream"];

fn main() -> io::Result<()> {
    let variable = |name| env::var_os(name).map(PathBuf::from).unwrap_or_default();
    let root = variable("CARGO_MANIFEST_DIR");
    let mut files = Vec::new();
    for folder in FOLDERS {
        // Cargo looks through the whole folder for changes.
        println!("cargo::rerun-if-changed={folder}");
        collect(&root.join(folder), folder, &mut files)?;
    }
    files.sort();
    let mut table = String::from("[\n");
    for name in &files {
        // Found from where the package is when it is compiled: a checkout may be moved with its target folder.
        let path = format!("/{name}");
        let _ = writeln!(
            table,
            "    ({name:?}, include_bytes!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {path:?})).as_slice()),"
        );
    }
    table.push_str("]\n");
    let out = variable("OUT_DIR");
    fs::write(out.join("library.rs"), table)?;
    fs::write(out.join("packed.rs"), packed(&root, &out, &files)?)
}

/// The table of packed trees. What can't be parsed isn't in it: reading it at a start says why.
fn packed(root: &Path, out: &Path, files: &[String]) -> io::Result<String> {
    let mut table = String::from("[\n");
    for (at, name) in files.iter().enumerate() {
        if !(name.starts_with("components/") && name.ends_with(".yaml")) {
            continue;
        }
        let bytes = fs::read(root.join(name))?;
        let text = syntax::decode::decode(&bytes).ok();
        if let Some(bytes) = text.and_then(pack_text) {
            fs::write(out.join(format!("{at}.tree")), bytes)?;
            let _ = writeln!(
                table,
                "    ({name:?}, include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{at}.tree\")).as_slice()),"
            );
        }
    }
    table.push_str("]\n");
    Ok(table)
}

fn collect(folder: &Path, name: &str, files: &mut Vec<String>) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        let last = entry.file_name().to_string_lossy().into_owned();
        let below = format!("{name}/{last}");
        if LEFT_OUT.contains(&below.as_str()) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &below, files)?;
        } else if !last.starts_with('.') && is_read(&below) {
            files.push(below);
        }
    }
    Ok(())
}

/// A README of a component holds its example; all others only people read.
fn is_read(name: &str) -> bool {
    !name.ends_with("/README.md") || name.starts_with("components/")
}
