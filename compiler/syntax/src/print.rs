//! Node to YAML text: one style, and the same data for every reader.
//!
//! Readers disagree: YAML 1.1 (PyYAML, go-yaml for most words) takes `no`, `12:30` and `1_000` for something other
//! than text, wants a point and a signed exponent in floats, and ends lines at U+0085. So a text stands plain only
//! where no reader could take it for anything else, and numbers are written in the form that all agree on.
//!
//! The style is that of `kubectl`: two spaces, lists not indented below their key, literal blocks for texts of
//! several lines, no folding.

use crate::node::{Kind, Map, Node};

mod number;
mod string;
#[cfg(test)]
mod tests;

pub use string::print_text;

/// Longest key, as written, that stands before its `:` on one line: readers limit these to 128 to 1024 characters.
const LONGEST_KEY: usize = 120;

/// The text of a document, with a line break at its end.
#[must_use]
pub fn print(node: &Node) -> String {
    let mut out = String::with_capacity(512);
    print_into(node, &mut out);
    out
}

/// Adds the text of a document to what is there already.
///
/// A section that was switched off is written as `false`.
pub fn print_into(node: &Node, out: &mut String) {
    match shape(node) {
        Shape::Entries(entries) => map(out, entries, 0, false),
        Shape::Items(items) => list(out, items, 0, false),
        Shape::Inline => {
            scalar(out, node, 0);
            out.push('\n');
        }
    }
}

enum Shape<'a> {
    Entries(&'a Map),
    Items(&'a [Node]),
    Inline,
}

fn shape(node: &Node) -> Shape<'_> {
    match node.kind() {
        Kind::Map(map) if !map.is_empty() && map.is_on() => Shape::Entries(map),
        Kind::List(items) if !items.is_empty() => Shape::Items(items),
        Kind::Null
        | Kind::Bool(_)
        | Kind::Number(_)
        | Kind::String(_)
        | Kind::List(_)
        | Kind::Map(_) => Shape::Inline,
    }
}

fn map(out: &mut String, map_: &Map, column: usize, mut continues_line: bool) {
    for entry in map_.entries() {
        if !std::mem::take(&mut continues_line) {
            indent(out, column);
        }
        let start = out.len();
        string::inline(out, &entry.key);
        let long = out.len() - start > LONGEST_KEY;
        if long {
            out.insert_str(start, "? ");
            out.push('\n');
            indent(out, column);
        }
        out.push(':');
        match shape(&entry.value) {
            Shape::Entries(child) => {
                out.push('\n');
                map(out, child, column + 2, false);
            }
            Shape::Items(items) => {
                out.push('\n');
                list(out, items, if long { column + 2 } else { column }, false);
            }
            Shape::Inline => {
                out.push(' ');
                scalar(out, &entry.value, column);
                out.push('\n');
            }
        }
    }
}

fn list(out: &mut String, items: &[Node], column: usize, mut continues_line: bool) {
    for item in items {
        if !std::mem::take(&mut continues_line) {
            indent(out, column);
        }
        out.push_str("- ");
        match shape(item) {
            Shape::Entries(child) => map(out, child, column + 2, true),
            Shape::Items(items) => list(out, items, column + 2, true),
            Shape::Inline => {
                scalar(out, item, column);
                out.push('\n');
            }
        }
    }
}

/// Whatever stands on one line, and literal blocks, whose lines stand deeper than `column`.
fn scalar(out: &mut String, node: &Node, column: usize) {
    match node.kind() {
        Kind::Null => out.push_str("null"),
        Kind::Bool(true) => out.push_str("true"),
        Kind::Bool(false) => out.push_str("false"),
        Kind::Number(source) => number::number(out, source),
        Kind::String(text) => string::text(out, text, column),
        Kind::List(_) => out.push_str("[]"),
        Kind::Map(map) => out.push_str(if map.is_on() { "{}" } else { "false" }),
    }
}

const SPACES: &str = "                                                                ";

fn indent(out: &mut String, mut columns: usize) {
    while columns > SPACES.len() {
        out.push_str(SPACES);
        columns -= SPACES.len();
    }
    out.push_str(SPACES.get(..columns).unwrap_or(SPACES));
}
