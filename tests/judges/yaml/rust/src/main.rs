//! yaml-rust2 as a reader: a text on a line of standard input, its data on a line of standard output.
//!
//! Texts come in hexadecimal. Data goes out as `data JSON`, every scalar a string that starts with its type (see
//! `plain.go`, which writes the same), or as `error WHY`. The first line says which yaml-rust2 this is.

use std::io::{BufRead, Write, stdin, stdout};
use yaml_rust2::{Yaml, YamlLoader};

fn main() -> std::io::Result<()> {
    let mut out = stdout().lock();
    writeln!(
        out,
        "yaml-rust2 {}",
        version().unwrap_or("of an unknown version")
    )?;
    for line in stdin().lock().lines() {
        let answer = match read(line?.trim()) {
            Ok(data) => format!("data {data}"),
            Err(why) => format!(
                "error {}",
                why.split_whitespace().collect::<Vec<_>>().join(" ")
            ),
        };
        writeln!(out, "{answer}")?;
    }
    Ok(())
}

/// The version that is pinned beside this program.
fn version() -> Option<&'static str> {
    let (_, rest) =
        include_str!("../Cargo.lock").split_once("name = \"yaml-rust2\"\nversion = \"")?;
    Some(rest.split_once('"')?.0)
}

fn read(line: &str) -> Result<String, String> {
    let text = String::from_utf8(bytes(line)?).map_err(|problem| problem.to_string())?;
    let documents = YamlLoader::load_from_str(&text).map_err(|problem| problem.to_string())?;
    list(&documents)
}

fn bytes(line: &str) -> Result<Vec<u8>, String> {
    let digits = |at| line.get(at..at + 2).ok_or("half a byte");
    let byte = |at| u8::from_str_radix(digits(at)?, 16).map_err(|_| "not hexadecimal");
    let all: Result<Vec<u8>, &str> = (0..line.len()).step_by(2).map(byte).collect();
    Ok(all?)
}

fn plain(value: &Yaml) -> Result<String, String> {
    match value {
        Yaml::Array(items) => list(items),
        Yaml::Hash(entries) => {
            let entry = |(key, value)| Ok(format!("{}:{}", name(key)?, plain(value)?));
            let all: Result<Vec<String>, String> = entries.iter().map(entry).collect();
            Ok(format!("{{{}}}", all?.join(",")))
        }
        scalar => Ok(quoted(&typed(scalar)?)),
    }
}

fn list(items: &[Yaml]) -> Result<String, String> {
    let all: Result<Vec<String>, String> = items.iter().map(plain).collect();
    Ok(format!("[{}]", all?.join(",")))
}

/// A key: what is no scalar is named by its data.
fn name(key: &Yaml) -> Result<String, String> {
    match key {
        Yaml::Array(_) | Yaml::Hash(_) => Ok(quoted(&plain(key)?)),
        scalar => Ok(quoted(&typed(scalar)?)),
    }
}

fn typed(scalar: &Yaml) -> Result<String, String> {
    match scalar {
        // An empty document.
        Yaml::Null | Yaml::BadValue => Ok("null:".to_owned()),
        Yaml::Boolean(value) => Ok(format!("bool:{value}")),
        Yaml::Integer(value) => Ok(format!("int:{value}")),
        Yaml::String(value) => Ok(format!("string:{value}")),
        Yaml::Real(_) => {
            let value = scalar.as_f64().ok_or("a number that is none")?;
            Ok(format!("float:{:016x}", value.to_bits()))
        }
        other => Err(format!("no scalar: {other:?}")),
    }
}

/// A text as JSON writes it.
fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(letter)))
            }
            _ => out.push(letter),
        }
    }
    out.push('"');
    out
}
