//! Finds the lines of the tables of `schemas/upstream`, and makes one list of the kinds that they hold.
#![expect(
    clippy::disallowed_methods,
    reason = "a build script reads what it lists"
)]

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write;
use std::fs;
use std::io;
use std::path::PathBuf;

fn main() -> io::Result<()> {
    let variable = |name| env::var_os(name).map(PathBuf::from).unwrap_or_default();
    let upstream = variable("CARGO_MANIFEST_DIR").join("../../schemas/upstream");
    let out = variable("OUT_DIR");
    println!("cargo::rerun-if-changed={}", upstream.display());
    let mut projects = Vec::new();
    for entry in fs::read_dir(&upstream)? {
        let path = entry?.path();
        if path.join("table").is_file() {
            projects.push(path);
        }
    }
    projects.sort();
    let mut kinds = BTreeMap::new();
    let mut texts = String::new();
    for (at, path) in projects.iter().enumerate() {
        let text = fs::read_to_string(path.join("table"))?;
        for line in text.lines().take_while(|line| !line.starts_with('#')) {
            let key = line.split(' ').next().unwrap_or_default();
            if let Some((kind, group)) = key.split_once('.')
                && kinds
                    .insert((group.to_owned(), kind.to_owned()), at)
                    .is_some()
            {
                return Err(io::Error::other(format!("two tables have the kind {key}")));
            }
        }
        // Found from where the package is when it is compiled: a checkout may be moved with its target folder.
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let place = format!("/../../schemas/upstream/{name}/table");
        let kinds = text.lines().take_while(|line| !line.starts_with('#'));
        let mut next = 0;
        let starts = text.split_inclusive('\n').map(|line| {
            next += line.len();
            next - line.len()
        });
        let _ = writeln!(
            texts,
            "    (include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {place:?})), {}, &{:?}),",
            kinds.count(),
            starts.collect::<Vec<_>>(),
        );
    }
    let count = projects.len();
    let mut source = format!("static TEXTS: [(&str, usize, &[u32]); {count}] = [\n{texts}];\n");
    let _ = writeln!(
        source,
        "static TABLES: [OnceLock<Table>; {count}] = [const {{ OnceLock::new() }}; {count}];"
    );
    let _ = writeln!(
        source,
        "static KINDS: [(&str, &str, usize); {}] = [",
        kinds.len()
    );
    for ((group, kind), at) in kinds {
        let _ = writeln!(source, "    ({group:?}, {kind:?}, {at}),");
    }
    source.push_str("];\n");
    fs::write(out.join("tables.rs"), source)
}
