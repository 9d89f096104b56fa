//! Cluster templates: one entry of the spec becomes a row for each number of a range or line of a table.

use std::collections::BTreeMap;
use syntax::{
    Diagnostic, Diagnostics, Entry, FileId, Kind, Map, Node, OriginId, Origins, Span, Text,
};

/// The most clusters that one range may make.
const MOST: u64 = 100_000;

/// One cluster of a template, or a cluster that stands for itself.
#[derive(Clone, Debug)]
pub struct Row {
    /// The cluster's name.
    pub name: Text,
    /// Where the name comes from.
    pub name_origin: OriginId,
    /// What the row says over its template.
    pub layer: Option<Node>,
}

/// The rows of an entry of `clusters`; `None` where it is no template.
pub fn expand(
    entry: &Entry,
    tables: &BTreeMap<Text, Node>,
    origins: &mut Origins,
    found: &mut Diagnostics,
) -> Option<Vec<Row>> {
    if let Some(from) = entry.value.get("from") {
        let rows = match from.kind() {
            Kind::String(path) => tables.get(path).map_or(&[][..], Node::items),
            Kind::List(rows) => rows,
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Map(_) => &[],
        };
        return Some(
            rows.iter()
                .filter_map(|row| table_row(row, origins, found))
                .collect(),
        );
    }
    let (prefix, rest) = entry.key.split_once('{')?;
    let (range, suffix) = rest.split_once('}')?;
    let numbers = range
        .split_once("..")
        .and_then(|(a, b)| Some((a.parse::<u64>().ok()?, b.parse::<u64>().ok()?, a)));
    let Some((first, last, shown)) =
        numbers.filter(|(first, last, _)| first <= last && last - first < MOST)
    else {
        found.add(
            Diagnostic::error("bad-range", format!("`{{{range}}}` is no range of numbers"))
                .at(origins.place(entry.key_origin), "in this name")
                .help(format!(
                    "write it as in `store-{{001..400}}`: first and last, at most {MOST} clusters"
                )),
        );
        return Some(Vec::new());
    };
    let width = shown.len();
    let rows = (first..=last).map(|number| {
        let id = i64::try_from(number).unwrap_or(i64::MAX);
        let origin = origins.rule("cluster/row", &[entry.key_origin]);
        Row {
            name: ecow::eco_format!("{prefix}{number:0width$}{suffix}"),
            name_origin: origin,
            layer: Some(Node::from_entries(
                [("id", Node::integer(id, origin))],
                origin,
            )),
        }
    });
    Some(rows.collect())
}

/// A line of a table: `name`, `id` and dotted paths.
fn table_row(row: &Node, origins: &Origins, found: &mut Diagnostics) -> Option<Row> {
    let name = row
        .get("name")
        .and_then(|name| Some((name.scalar_text()?, name.origin())));
    let Some((name, name_origin)) = name else {
        found.add(
            Diagnostic::error("row-name", "a row of the table has no `name`")
                .at(origins.place(row.origin()), "this row")
                .help("each row names its cluster: a column or key `name`"),
        );
        return None;
    };
    Some(Row {
        name,
        name_origin,
        layer: Some(layer(row)),
    })
}

/// What a row says over its template: its dotted columns as maps, without its name.
#[must_use]
pub fn layer(row: &Node) -> Node {
    let mut layer = Map::default();
    for entry in row.entries().iter().filter(|entry| entry.key != "name") {
        let path: Vec<&str> = entry.key.split('.').collect();
        set(&mut layer, &path, entry);
    }
    Node::map(layer, row.origin())
}

/// Sets a dotted path in a map.
fn set(map: &mut Map, path: &[&str], entry: &Entry) {
    let Some((first, rest)) = path.split_first() else {
        return;
    };
    if rest.is_empty() {
        map.set(*first, entry.key_origin, entry.value.clone());
        return;
    }
    if map.get(first).is_none_or(|node| node.as_map().is_none()) {
        map.set(
            *first,
            entry.key_origin,
            Node::map(Map::default(), entry.key_origin),
        );
    }
    if let Some(inner) = map.get_mut(first).and_then(Node::as_map_mut) {
        set(inner, rest, entry);
    }
}

/// A table in CSV: the first line names the columns; cells may be quoted with `"`; empty cells say nothing.
pub fn csv(file: FileId, text: &str, origins: &mut Origins, found: &mut Diagnostics) -> Node {
    let mut lines = records(file, text).into_iter();
    let columns = lines.next().unwrap_or_default();
    let heads: Vec<OriginId> = columns
        .iter()
        .map(|(_, span)| origins.span(*span))
        .collect();
    let mut rows = Vec::new();
    for record in lines {
        let Some((_, first)) = record.first() else {
            continue;
        };
        let whole = origins.span(*first);
        if record.len() > columns.len() {
            found.add(
                Diagnostic::error(
                    "table-row",
                    format!(
                        "a row has {} cells, the first line {}",
                        record.len(),
                        columns.len()
                    ),
                )
                .at(*first, "in this row")
                .help("quote a cell that holds a comma: \"a, b\""),
            );
            continue;
        }
        let mut row = Map::default();
        let cells = columns.iter().zip(&heads).zip(record);
        for (((column, _), head), (cell, span)) in cells.filter(|(_, (cell, _))| !cell.is_empty()) {
            let origin = origins.span(span);
            row.set(column.as_str(), *head, scalar(&cell, origin));
        }
        rows.push(Node::map(row, whole));
    }
    let whole = origins.span(Span {
        file,
        start: 0,
        end: u32::try_from(text.len()).unwrap_or(u32::MAX),
    });
    Node::list(rows, whole)
}

/// A cell as the value it would be in YAML.
fn scalar(cell: &str, origin: OriginId) -> Node {
    match cell {
        "true" => Node::bool(true, origin),
        "false" => Node::bool(false, origin),
        _ => cell.parse().map_or_else(
            |_| Node::string(cell, origin),
            |number| Node::integer(number, origin),
        ),
    }
}

/// The records of a CSV text, each cell with its place; blank lines are passed over.
fn records(file: FileId, text: &str) -> Vec<Vec<(String, Span)>> {
    let mut records = Vec::new();
    let mut record = Vec::new();
    let mut cell = String::new();
    let mut start = 0;
    let mut quoted = false;
    let mut chars = text.char_indices().peekable();
    loop {
        let next = chars.next();
        let end = match next {
            Some((_, '"')) if quoted && chars.peek().is_some_and(|(_, c)| *c == '"') => {
                cell.push('"');
                chars.next();
                continue;
            }
            Some((_, '"')) => {
                quoted = !quoted;
                continue;
            }
            Some((at, ',' | '\n')) if !quoted => at,
            Some((_, c)) => {
                cell.push(c);
                continue;
            }
            None => text.len(),
        };
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let (first, last) = (offset(start), offset(end));
        let span = Span {
            file,
            start: first,
            end: last,
        };
        record.push((std::mem::take(&mut cell).trim().to_owned(), span));
        start = end + 1;
        if !matches!(next, Some((_, ','))) {
            keep(&mut records, std::mem::take(&mut record));
        }
        if next.is_none() {
            return records;
        }
    }
}

fn keep(records: &mut Vec<Vec<(String, Span)>>, record: Vec<(String, Span)>) {
    if record.iter().any(|(cell, _)| !cell.is_empty()) {
        records.push(record);
    }
}
