//! SARIF 2.1.0 as GitHub's code scanning takes it.

use super::entry::Entry;
use super::place::Location;
use super::{Report, rule_page, word};
use passes::rules::{Level, Rule};
use serde_json::{Map, Value, json};
use std::fmt::Write;
use syntax::{Diagnostic, Fix, Severity};

/// What results are known by from run to run. GitHub's own, `primaryLocationLineHash`, is for its upload to add.
const FINGERPRINT: &str = "formwork/v1";

pub(super) fn render(report: &Report<'_>) -> String {
    let rules = rules(report);
    let ids: Vec<&str> = rules
        .iter()
        .map(|entry| entry.finding.id.as_ref())
        .collect();
    let index = |entry: &Entry| ids.iter().position(|id| *id == entry.finding.id);
    // A result must have a location in the repository; what has none is said about the run.
    let (placed, general): (Vec<&Entry>, Vec<&Entry>) = report
        .news()
        .partition(|entry| report.split(&entry.finding).primary.is_some());
    let failed = |entry: &&Entry| entry.finding.severity == Severity::Error;
    let results: Vec<Value> = placed
        .into_iter()
        .map(|entry| result(report, entry, index(entry)))
        .collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": "formwork",
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "informationUri": env!("CARGO_PKG_REPOSITORY"),
                    "rules": rules.iter().map(|entry| rule(entry)).collect::<Vec<_>>(),
                }
            },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {
                "%SRCROOT%": { "description": { "text": "the root of the repository" } }
            },
            "invocations": [{
                "executionSuccessful": !general.iter().any(failed),
                "toolExecutionNotifications": general.iter().map(|it| notification(report, it)).collect::<Vec<_>>(),
            }],
            "results": results,
        }]
    });
    format!("{document:#}\n")
}

/// The first finding of each id, by id.
fn rules<'a>(report: &Report<'a>) -> Vec<&'a Entry> {
    let mut rules: Vec<&Entry> = report.news().collect();
    rules.sort_by(|a, b| a.finding.id.cmp(&b.finding.id));
    rules.dedup_by(|a, b| a.finding.id == b.finding.id);
    rules
}

/// What is said of an id: a rule's page, or what its finding says.
fn rule(entry: &Entry) -> Value {
    let finding = &entry.finding;
    let mut record = match entry.rule() {
        Some(rule) => of_page(rule),
        None => of_finding(finding),
    };
    record.insert(
        "properties".to_owned(),
        json!({
            "tags": [entry.group],
            "problem.severity": match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "recommendation",
            },
        }),
    );
    Value::Object(record)
}

fn of_page(rule: &Rule) -> Map<String, Value> {
    let about = rule.page().about;
    let level = match rule.levels.usual {
        Level::Off => "none",
        level @ (Level::Note | Level::Warning | Level::Error) => level.word(),
    };
    record(json!({
        "id": rule.id,
        "name": rule.id,
        "shortDescription": { "text": rule.id.replace('-', " ") },
        "fullDescription": { "text": about },
        "help": { "text": rule_page::plain(rule), "markdown": rule_page::markdown(rule) },
        "helpUri": rule_page::address(rule),
        "defaultConfiguration": { "enabled": rule.levels.usual != Level::Off, "level": level },
    }))
}

fn of_finding(finding: &Diagnostic) -> Map<String, Value> {
    let what = finding.id.replace('-', " ");
    let help = if finding.help.is_empty() {
        finding.message.clone()
    } else {
        finding.help.join("\n")
    };
    record(json!({
        "id": finding.id,
        "name": finding.id,
        "shortDescription": { "text": what },
        "fullDescription": { "text": what },
        "help": { "text": help },
        "defaultConfiguration": { "level": word(finding.severity) },
    }))
}

fn record(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    }
}

fn notification(report: &Report<'_>, entry: &Entry) -> Value {
    json!({
        "descriptor": { "id": entry.finding.id },
        "level": word(entry.finding.severity),
        "message": { "text": message(report, &entry.finding) },
    })
}

fn result(report: &Report<'_>, entry: &Entry, index: Option<usize>) -> Value {
    let finding = &entry.finding;
    let split = report.split(finding);
    let locations = split.primary.iter();
    let locations = locations.map(|(_, at)| json!({ "physicalLocation": physical(at) }));
    let related = split.others.iter().filter(|(_, at)| at.is_inside());
    let related = related.enumerate().map(|(id, (label, at))| {
        let text = Some(label.text.as_str()).filter(|text| !text.is_empty());
        json!({
            "id": id + 1,
            "physicalLocation": physical(at),
            "message": { "text": text.unwrap_or("see also") },
        })
    });
    let related: Vec<Value> = related.collect();
    let mut result = Map::new();
    result.insert("ruleId".to_owned(), finding.id.as_ref().into());
    result.insert("ruleIndex".to_owned(), index.into());
    result.insert("level".to_owned(), word(finding.severity).into());
    let text = message(report, finding);
    result.insert("message".to_owned(), json!({ "text": text }));
    result.insert("locations".to_owned(), locations.collect());
    let fingerprints = json!({ FINGERPRINT: entry.fingerprint });
    result.insert("partialFingerprints".to_owned(), fingerprints);
    if !related.is_empty() {
        result.insert("relatedLocations".to_owned(), related.into());
    }
    let fix = finding.fix.as_ref();
    if let Some(fix) = fix.and_then(|fix| edit(report, finding, fix)) {
        result.insert("fixes".to_owned(), json!([fix]));
    }
    Value::Object(result)
}

/// Everything that is said in words, with the places that are not in the repository.
pub(super) fn message(report: &Report<'_>, finding: &Diagnostic) -> String {
    let split = report.split(finding);
    let mut text = finding.message.clone();
    if let Some((label, _)) = split.primary.filter(|(label, _)| !label.text.is_empty()) {
        let _ = write!(text, ": {}", label.text);
    }
    for (label, at) in split.others.iter().filter(|(_, at)| !at.is_inside()) {
        let (line, column) = (at.start.line, at.start.column);
        let _ = write!(text, "\n{}:{line}:{column}", at.file);
        if !label.text.is_empty() {
            let _ = write!(text, ": {}", label.text);
        }
    }
    for help in &finding.help {
        let _ = write!(text, "\nhelp: {help}");
    }
    text
}

fn physical(at: &Location) -> Value {
    json!({
        "artifactLocation": artifact(&at.file),
        "region": region(at),
    })
}

fn artifact(file: &str) -> Value {
    json!({ "uri": uri(file), "uriBaseId": "%SRCROOT%" })
}

fn region(at: &Location) -> Value {
    json!({
        "startLine": at.start.line,
        "startColumn": at.start.column,
        "endLine": at.end.line,
        "endColumn": at.end.column,
    })
}

fn edit(report: &Report<'_>, finding: &Diagnostic, fix: &Fix) -> Option<Value> {
    let at = report.locate(fix.span).filter(Location::is_inside)?;
    let text = finding
        .help
        .first()
        .map_or("write it like this", String::as_str);
    Some(json!({
        "description": { "text": text },
        "artifactChanges": [{
            "artifactLocation": artifact(&at.file),
            "replacements": [{
                "deletedRegion": region(&at),
                "insertedContent": { "text": fix.replacement },
            }],
        }],
    }))
}

/// A relative path as a URI reference.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/@+".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}
