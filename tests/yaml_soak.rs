//! Reading whatever comes: no panic, findings with places that exist, and one mistake that stays one mistake.

use crate::support::own_files;
use proptest::prelude::*;
use serde_json::Value;
use syntax::parse::parse;
use syntax::{Diagnostics, FileId, Kind, Node, Origins, Severity, Span};

/// What one reading gave.
struct Reading {
    nodes: Vec<Node>,
    errors: usize,
}

/// Reads a text and checks what holds for every text.
fn read(text: &str) -> Reading {
    let (mut origins, mut found) = (Origins::default(), Diagnostics::default());
    let documents = parse(FileId(0), text, &mut origins, &mut found);
    let valid = |span: Span| {
        let (start, end) = (span.start as usize, span.end as usize);
        assert!(text.get(start..end).is_some(), "{start}..{end} of {text:?}");
    };
    for finding in found.iter() {
        assert!(!finding.labels.is_empty(), "{} has no place", finding.id);
        finding.labels.iter().for_each(|label| valid(label.span));
        finding.fix.iter().for_each(|fix| valid(fix.span));
    }
    for document in &documents {
        check(&document.node, &origins, &valid, found.has_errors());
        document
            .comments
            .iter()
            .for_each(|comment| valid(comment.span));
    }
    Reading {
        nodes: documents
            .into_iter()
            .map(|document| document.node)
            .collect(),
        errors: found.count(Severity::Error),
    }
}

/// Every value and key has a place; only a text with errors has error nodes.
fn check(node: &Node, origins: &Origins, valid: &impl Fn(Span), broken: bool) {
    match origins.place(node.origin()) {
        Some(span) => valid(span),
        None => assert!(broken && node.is_null(), "a value without a place"),
    }
    for item in node.items() {
        check(item, origins, valid, broken);
    }
    for entry in node.entries() {
        valid(origins.place(entry.key_origin).expect("a key has a place"));
        check(&entry.value, origins, valid, broken);
    }
}

/// The YAML files below some folders of the repository.
fn real_files() -> Vec<(String, String)> {
    let folders = ["components", "profiles", "examples"].into_iter();
    let all = folders.flat_map(|folder| {
        let named = move |(path, bytes)| (format!("{folder}/{path}"), bytes);
        own_files(folder).into_iter().map(named)
    });
    let files: Vec<(String, String)> = all
        .filter(|(name, _)| name.ends_with(".yaml"))
        .map(|(name, bytes)| (name, String::from_utf8(bytes).expect("a text")))
        .collect();
    assert!(files.len() > 5, "the repository has YAML");
    files
}

#[test]
fn real_files_are_read() {
    for (name, text) in real_files() {
        assert_eq!(read(&text).errors, 0, "{name}");
    }
}

/// An independent reader finds the same data.
#[test]
fn real_files_are_read_as_others_read_them() {
    for (name, text) in real_files() {
        let ours: Vec<Value> = read(&text).nodes.iter().map(as_json).collect();
        let mut theirs: serde_yaml::Value = serde_yaml::from_str(&text).expect("YAML");
        theirs.apply_merge().expect("merge keys");
        let theirs = serde_json::to_value(theirs).expect("JSON");
        assert_eq!(ours, [theirs], "{name}");
    }
}

fn as_json(node: &Node) -> Value {
    match node.kind() {
        Kind::Null => Value::Null,
        Kind::Bool(value) => Value::Bool(*value),
        Kind::Number(text) => serde_json::from_str(text).expect("numbers are JSON's"),
        Kind::String(text) => Value::String(text.to_string()),
        Kind::List(items) => items.iter().map(as_json).collect(),
        Kind::Map(map) => map
            .entries()
            .iter()
            .map(|entry| (entry.key.to_string(), as_json(&entry.value)))
            .collect(),
    }
}

#[test]
fn real_files_cut_off_anywhere() {
    for (_, text) in real_files() {
        let step = (text.len() / 40).max(1);
        for cut in (0..text.len()).step_by(step) {
            read(text.get(..cut).unwrap_or_default());
            read(text.get(cut..).unwrap_or_default());
        }
    }
}

#[test]
fn real_files_with_something_put_in() {
    let pieces = [
        "\"", "'", "[", "]", "{", "}", ":", ": ", "- ", "\t", "\n", "\n  ", "#", " #", "&", "*",
        "!", "|", ">", "%", "@", "---\n", "...\n", "<<: 1\n", "\u{feff}", "\r", "é",
    ];
    let mut seed: usize = 7;
    for (_, text) in real_files() {
        for piece in pieces {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let at = text.floor_char_boundary((seed >> 33) % text.len().max(1));
            let (before, behind) = text.split_at(at);
            read(&format!("{before}{piece}{behind}"));
        }
    }
}

/// A mistake in one top-level part is one error, and all other parts are read as before.
#[test]
fn one_mistake_stays_one_mistake() {
    let mistakes = [
        "  x: \"never closed\n",
        "  x: [1, 2\n",
        "  x: {a: 1\n",
        "  x: @home\n",
        "  x: a: b\n",
        "\tx: 1\n",
        "  x: *\n",
        "  x: \"\\q\"\n",
        "  x: 'a'b\n",
        "    y: 1\n  - x\n",
        "  x: ]\n",
    ];
    // What an alias copies may stand in the broken part.
    let files = real_files()
        .into_iter()
        .filter(|(_, text)| !text.contains(": *"));
    for (name, text) in files {
        let whole = read(&text);
        let [node] = whole.nodes.as_slice() else {
            continue;
        };
        let keys: Vec<&str> = node
            .entries()
            .iter()
            .map(|entry| entry.key.as_str())
            .collect();
        for (at, key) in keys.iter().enumerate() {
            let Some(line) = text.find(&format!("\n{key}:\n")) else {
                continue;
            };
            let mistake = mistakes.get(at % mistakes.len()).expect("a mistake");
            let (before, behind) = text.split_at(line + key.len() + 3);
            let broken = format!("{before}{mistake}{behind}");
            let reading = read(&broken);
            assert_eq!(reading.errors, 1, "{name}: {mistake:?} below {key}");
            for (entry, was) in reading
                .nodes
                .iter()
                .flat_map(Node::entries)
                .zip(node.entries())
            {
                assert_eq!(entry.key, was.key, "{name}: {mistake:?} below {key}");
                if entry.key != *key {
                    assert_eq!(entry.value, was.value, "{name}: {mistake:?} below {key}");
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_breaks_it(text in "(?s)[\\x00-\\x7fé日\u{feff}\u{85}\u{2028}]{0,60}") {
        read(&text);
    }

    #[test]
    fn no_yaml_like_text_breaks_it(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "a", "b", "key", ": ", ":", "\n", "\n", "  ", " ", "- ", "[", "]", "{", "}", ", ", "\"", "'", "\\", "#", " # c",
                "&x ", "*x", "!", "!!str ", "!t ", "|", ">-", "%YAML 1.2", "---", "...", "? ", "<<: ", "\t", "\r\n", "é", "1",
                "true", "~", "\u{feff}", "@", "`",
            ]),
            0..40,
        )
    ) {
        read(&pieces.concat());
    }

    #[test]
    fn no_bytes_break_it(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        if let Ok(text) = syntax::source::decode(&bytes) {
            read(text);
        }
    }
}
