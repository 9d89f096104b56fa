//! The official YAML test suite: what it calls valid reads as its JSON, what it calls an error is refused.
//!
//! Formwork reads the part of YAML that JSON can carry. Each case that it treats differently stands below with its
//! reason; a case that no longer differs must leave the list.

use serde_json::Value;
use std::collections::BTreeMap;
use syntax::{Diagnostics, FileId, Kind, Node, Origins, Severity};

const COMPLEX: &str = "a key is a list or a map: JSON has no such key";
const MISSING: &str =
    "a key is empty: JSON has no such key, and it is a slip far more often than a wish";
const TAG: &str = "a tag that means nothing here";
const LENIENT: &str = "a line in brackets or quotes is indented too little: other readers take it, and people write `]` so";

/// The cases that are treated differently, and why; sorted.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("2JQS", MISSING),
    ("2XXW", TAG),
    ("4FJ6", COMPLEX),
    ("565N", TAG),
    ("5TYM", TAG),
    ("6BFJ", COMPLEX),
    ("6CK3", TAG),
    ("6M2F", MISSING),
    ("6PBE", COMPLEX),
    ("6WLZ", TAG),
    ("7FWL", TAG),
    ("9C9N", LENIENT),
    ("9MMW", COMPLEX),
    ("9WXW", TAG),
    ("C4HZ", TAG),
    ("CC74", TAG),
    ("CFD4", MISSING),
    ("CUP7", TAG),
    ("DFF7", MISSING),
    ("DK95/01", LENIENT),
    ("FRK4", MISSING),
    ("J7PZ", TAG),
    ("KK5P", COMPLEX),
    ("LX3P", COMPLEX),
    ("M2N8/00", COMPLEX),
    ("M2N8/01", COMPLEX),
    ("M5C3", TAG),
    ("M5DY", COMPLEX),
    ("NHX8", MISSING),
    ("NKF9", MISSING),
    ("P76L", TAG),
    ("PW8X", MISSING),
    ("Q9WF", COMPLEX),
    ("QB6E", LENIENT),
    ("RZP5", COMPLEX),
    ("S3PD", MISSING),
    ("SBG9", COMPLEX),
    ("SM9W/01", MISSING),
    ("UGM3", TAG),
    ("UKK6/00", MISSING),
    ("V9D5", COMPLEX),
    ("X38W", COMPLEX),
    ("XW4D", COMPLEX),
    ("Z67P", TAG),
    ("Z9M4", TAG),
];

#[test]
fn verdicts_are_those_of_the_suite() {
    let cases = include_str!("yaml-test-suite/cases.json");
    let cases: Vec<Value> = serde_json::from_str(cases).expect("JSON");
    assert_eq!(cases.len(), 402);
    assert!(EXCEPTIONS.is_sorted(), "keep the exceptions sorted");
    let mut exceptions: BTreeMap<&str, &str> = EXCEPTIONS.iter().copied().collect();
    let mut findings = Vec::new();
    for case in &cases {
        let id = case["id"].as_str().expect("an id");
        match (judge(case), exceptions.remove(id)) {
            (Ok(()), None) | (Err(_), Some(_)) => {}
            (Ok(()), Some(_)) => findings.push(format!("{id}: no exception any more: take it out")),
            (Err(problem), None) => {
                findings.push(format!("{id}: {problem}\n{}", case["yaml"]));
            }
        }
    }
    findings.extend(
        exceptions
            .into_keys()
            .map(|id| format!("{id}: no such case")),
    );
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

fn judge(case: &Value) -> Result<(), String> {
    let text = case["yaml"].as_str().expect("a text");
    let mut found = Diagnostics::default();
    let mut origins = Origins::default();
    let documents = syntax::parse::parse(FileId(0), text, &mut origins, &mut found);
    let refused: Vec<&str> = found
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| finding.message.as_str())
        .collect();
    match (case.get("error").is_some(), refused.is_empty()) {
        (true, true) => return Err("read, where the suite wants an error".to_owned()),
        (true, false) => return Ok(()),
        (false, false) => return Err(format!("refused: {}", refused.join("; "))),
        (false, true) => {}
    }
    let Some(json) = case["json"].as_str() else {
        return Ok(());
    };
    let expected = serde_json::Deserializer::from_str(json).into_iter();
    let expected: Vec<Value> = expected.collect::<Result<_, _>>().expect("JSON");
    let actual: Vec<Value> = documents
        .iter()
        .map(|document| plain(&document.node))
        .collect();
    if actual == expected {
        Ok(())
    } else {
        Err(format!("reads as {actual:?}, not {expected:?}"))
    }
}

/// A node as JSON.
fn plain(node: &Node) -> Value {
    match node.kind() {
        Kind::Null => Value::Null,
        Kind::Bool(value) => Value::Bool(*value),
        Kind::Number(text) => serde_json::from_str(text).expect("numbers are JSON's"),
        Kind::String(text) => Value::String(text.to_string()),
        Kind::List(items) => items.iter().map(plain).collect(),
        Kind::Map(map) => map
            .entries()
            .iter()
            .map(|entry| (entry.key.to_string(), plain(&entry.value)))
            .collect(),
    }
}
