//! What is read, and what is said about what can not be.

use super::*;
use crate::node::Kind;
use crate::source::Sources;

/// The data of a node, as compact JSON-like text; `!` is an error node.
fn data(node: &Node) -> String {
    match node.kind() {
        Kind::Null if node.origin() == OriginId(0) => "!".to_owned(),
        Kind::Null => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(text) => text.to_string(),
        Kind::String(text) => format!("{text:?}"),
        Kind::List(items) => {
            let items: Vec<String> = items.iter().map(data).collect();
            format!("[{}]", items.join(", "))
        }
        Kind::Map(map) => {
            let entries: Vec<String> = map
                .entries()
                .iter()
                .map(|entry| format!("{}: {}", entry.key, data(&entry.value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// Everything that is said about a text, one line per label and help.
fn said(text: &str, found: &Diagnostics) -> String {
    let mut sources = Sources::default();
    sources.add("f", text);
    let mut lines = Vec::new();
    for finding in found.iter() {
        lines.push(format!("{}: {}", finding.id, finding.message));
        for label in &finding.labels {
            let (start, end) = (label.span.start as usize, label.span.end as usize);
            let covered = text.get(start..end).expect("on character boundaries");
            lines.push(format!(
                "  {} {covered:?} {}",
                sources.locate(label.span),
                label.text
            ));
        }
        lines.extend(finding.help.iter().map(|help| format!("  help: {help}")));
    }
    lines.join("\n")
}

/// The documents of a text and what is said about it.
fn read(text: &str) -> (String, String) {
    let mut found = Diagnostics::default();
    let mut origins = Origins::default();
    let documents = parse(FileId(0), text, &mut origins, &mut found);
    let documents: Vec<String> = documents
        .iter()
        .map(|document| data(&document.node))
        .collect();
    (documents.join(" --- "), said(text, &found))
}

#[test]
fn scalars_follow_the_core_schema() {
    assert_eq!(
        read("[~, null, '', true, False, 1, -1, +1, 0x1F, 0o17, 1.50, .5, 1., 1e3, yes, 12:30, 1_000, \"1\"]\n"),
        (
            "[null, null, \"\", true, false, 1, -1, 1, 31, 15, 1.50, 0.5, 1.0, 1e3, \"yes\", \"12:30\", \"1_000\", \"1\"]"
                .to_owned(),
            String::new()
        )
    );
}
