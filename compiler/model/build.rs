//! Packs the tables of `schemas/upstream`: each compressed by itself, and one list of the kinds that they hold.
#![expect(
    clippy::disallowed_methods,
    reason = "a build script reads what it packs"
)]

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write;
use std::fs;
use std::io;
use std::path::PathBuf;

/// The best that the format can do.
const LEVEL: u8 = 10;

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
    let mut packed = String::new();
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
        let bytes = miniz_oxide::deflate::compress_to_vec(text.as_bytes(), LEVEL);
        fs::write(out.join(format!("{at}.table")), bytes)?;
        let _ = writeln!(
            packed,
            "    include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{at}.table\")),"
        );
    }
    let count = projects.len();
    let mut source = format!("static PACKED: [&[u8]; {count}] = [\n{packed}];\n");
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
