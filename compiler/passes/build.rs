//! Builds in the YAML that lies beside the code, the shapes of targets, the patterns of apps and policies: each with its text and
//! as a packed tree, so that no start parses it.
#![expect(
    clippy::disallowed_methods,
    reason = "a build script reads what it packs"
)]

use std::env;
use std::fmt::Write;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use syntax::pack::pack_text;

/// The folders of `src` that have such files.
const FOLDERS: [&str; 3] = ["apps", "lower", "rules"];

fn main() -> io::Result<()> {
    let variable = |name| env::var_os(name).map(PathBuf::from).unwrap_or_default();
    let (source, out) = (
        variable("CARGO_MANIFEST_DIR").join("src"),
        variable("OUT_DIR"),
    );
    let mut names = Vec::new();
    for folder in FOLDERS {
        // Cargo looks through the whole folder for changes.
        println!("cargo::rerun-if-changed=src/{folder}");
        collect(&source.join(folder), folder, &mut names)?;
    }
    names.sort();
    let mut table = String::from("[\n");
    for (at, name) in names.iter().enumerate() {
        let text = fs::read_to_string(source.join(format!("{name}.yaml")))?;
        // What can't be parsed is empty: reading it at a start says why.
        fs::write(
            out.join(format!("{at}.tree")),
            pack_text(&text).unwrap_or_default(),
        )?;
        let _ = writeln!(
            table,
            "    ({name:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/src/{name}.yaml\")), \
             include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{at}.tree\")).as_slice()),"
        );
    }
    table.push_str("]\n");
    fs::write(out.join("built_in.rs"), table)
}

fn collect(folder: &Path, name: &str, names: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let below = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &below, names)?;
        } else if let Some(name) = below.strip_suffix(".yaml") {
            names.push(name.to_owned());
        }
    }
    Ok(())
}
