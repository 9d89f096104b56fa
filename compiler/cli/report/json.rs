//! One JSON document with an envelope of its own version, for programs.

use super::entry::{Counts, Entry, by_group};
use super::place::Location;
use super::{Report, word};
use serde_json::{Map, Value, json};
use syntax::{Fix, Label};

pub(super) fn render(report: &Report<'_>) -> String {
    let results = report.entries.iter().map(|entry| result(report, entry));
    let known = report.entries.iter().filter(|entry| entry.known).count();
    let failing = report.entries.iter().filter(|entry| entry.fails).count();
    let mut summary = counts(report.counts());
    summary.insert("known".to_owned(), known.into());
    summary.insert("failing".to_owned(), failing.into());
    let groups = by_group(report.news()).into_iter().map(|(group, entries)| {
        let counts = counts(Counts::of(entries.into_iter()));
        (group.to_owned(), Value::Object(counts))
    });
    summary.insert("groups".to_owned(), Value::Object(groups.collect()));
    let document = json!({
        "apiVersion": "formwork.dev/v1alpha1",
        "kind": "Report",
        "summary": summary,
        "results": results.collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}

fn counts(counts: Counts) -> Map<String, Value> {
    let counts = [
        ("errors", counts.errors),
        ("warnings", counts.warnings),
        ("notes", counts.notes),
    ];
    let counts = counts.map(|(name, count)| (name.to_owned(), count.into()));
    counts.into_iter().collect()
}

fn result(report: &Report<'_>, entry: &Entry) -> Value {
    let finding = &entry.finding;
    let mut result = Map::new();
    result.insert("id".to_owned(), finding.id.as_ref().into());
    result.insert("group".to_owned(), entry.group.into());
    result.insert("severity".to_owned(), word(finding.severity).into());
    result.insert("fails".to_owned(), entry.fails.into());
    result.insert("known".to_owned(), entry.known.into());
    let fingerprint = entry.fingerprint.as_str();
    result.insert("fingerprint".to_owned(), fingerprint.into());
    result.insert("message".to_owned(), finding.message.as_str().into());
    if let Some(at) = report.primary(finding) {
        put_location(&mut result, &at);
    }
    let labels = finding.labels.iter().filter_map(|it| label(report, it));
    result.insert("labels".to_owned(), labels.collect());
    result.insert("help".to_owned(), finding.help.as_slice().into());
    if let Some(fix) = finding.fix.as_ref().and_then(|fix| edit(report, fix)) {
        result.insert("fix".to_owned(), fix);
    }
    Value::Object(result)
}

fn put_location(object: &mut Map<String, Value>, at: &Location) {
    object.insert("file".to_owned(), at.file.as_str().into());
    object.insert("line".to_owned(), at.start.line.into());
    object.insert("column".to_owned(), at.start.column.into());
    object.insert("endLine".to_owned(), at.end.line.into());
    object.insert("endColumn".to_owned(), at.end.column.into());
}

fn label(report: &Report<'_>, label: &Label) -> Option<Value> {
    let mut object = Map::new();
    put_location(&mut object, &report.locate(label.span)?);
    object.insert("text".to_owned(), label.text.as_str().into());
    Some(Value::Object(object))
}

fn edit(report: &Report<'_>, fix: &Fix) -> Option<Value> {
    let mut object = Map::new();
    put_location(&mut object, &report.locate(fix.span)?);
    object.insert("replacement".to_owned(), fix.replacement.as_str().into());
    Some(Value::Object(object))
}
