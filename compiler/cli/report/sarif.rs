//! SARIF 2.1.0 as GitHub's code scanning takes it.

use super::{Location, Report, word};
use serde_json::{Map, Value, json};
use std::fmt::Write;
use syntax::{Diagnostic, Fix, Severity};

pub(super) fn render(report: &Report<'_>) -> String {
    let rules = rules(report);
    let ids: Vec<&str> = rules.iter().map(|rule| rule.id.as_ref()).collect();
    let index = |finding: &Diagnostic| ids.iter().position(|id| *id == finding.id);
    // A result must have a location; what has none is said about the run.
    let (placed, general): (Vec<_>, Vec<_>) = report
        .findings
        .iter()
        .partition(|finding| report.primary(finding).is_some());
    let results: Vec<Value> = placed
        .into_iter()
        .map(|finding| result(report, finding, index(finding)))
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
                    "rules": rules.iter().map(|finding| rule(finding)).collect::<Vec<_>>(),
                }
            },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {
                "%SRCROOT%": { "description": { "text": "the root of the repository" } }
            },
            "invocations": [{
                "executionSuccessful": !general.iter().any(|it| it.severity == Severity::Error),
                "toolExecutionNotifications": general.into_iter().map(notification).collect::<Vec<_>>(),
            }],
            "results": results,
        }]
    });
    format!("{document:#}\n")
}

/// The first finding of each id, by id.
fn rules<'a>(report: &Report<'a>) -> Vec<&'a Diagnostic> {
    let mut rules: Vec<&Diagnostic> = report.findings.iter().collect();
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    rules.dedup_by(|a, b| a.id == b.id);
    rules
}

fn rule(finding: &Diagnostic) -> Value {
    let what = finding.id.replace('-', " ");
    let help = if finding.help.is_empty() {
        finding.message.clone()
    } else {
        finding.help.join("\n")
    };
    json!({
        "id": finding.id,
        "name": finding.id,
        "shortDescription": { "text": what },
        "fullDescription": { "text": what },
        "help": { "text": help },
        "defaultConfiguration": { "level": word(finding.severity) },
    })
}

fn notification(finding: &Diagnostic) -> Value {
    json!({
        "descriptor": { "id": finding.id },
        "level": word(finding.severity),
        "message": { "text": message(finding) },
    })
}

fn result(report: &Report<'_>, finding: &Diagnostic, index: Option<usize>) -> Value {
    let mut labels = finding.labels.iter();
    let primary = labels.next().and_then(|label| report.locate(label.span));
    let locations = primary
        .iter()
        .map(|at| json!({ "physicalLocation": physical(at) }));
    let related = labels.enumerate().filter_map(|(id, label)| {
        let at = report.locate(label.span)?;
        let mut location = Map::new();
        location.insert("id".to_owned(), (id + 1).into());
        location.insert("physicalLocation".to_owned(), physical(&at));
        let text = Some(label.text.as_str()).filter(|text| !text.is_empty());
        let message = json!({ "text": text.unwrap_or("see also") });
        location.insert("message".to_owned(), message);
        Some(Value::Object(location))
    });
    let related: Vec<Value> = related.collect();
    let mut result = Map::new();
    result.insert("ruleId".to_owned(), finding.id.as_ref().into());
    result.insert("ruleIndex".to_owned(), index.into());
    result.insert("level".to_owned(), word(finding.severity).into());
    result.insert("message".to_owned(), json!({ "text": message(finding) }));
    result.insert("locations".to_owned(), locations.collect());
    if !related.is_empty() {
        result.insert("relatedLocations".to_owned(), related.into());
    }
    if let Some(fix) = finding
        .fix
        .as_ref()
        .and_then(|fix| edit(report, finding, fix))
    {
        result.insert("fixes".to_owned(), json!([fix]));
    }
    Value::Object(result)
}

/// Everything that is said in words.
fn message(finding: &Diagnostic) -> String {
    let mut text = finding.message.clone();
    if let Some(label) = finding
        .labels
        .first()
        .filter(|label| !label.text.is_empty())
    {
        text.push_str(": ");
        text.push_str(&label.text);
    }
    for help in &finding.help {
        text.push_str("\nhelp: ");
        text.push_str(help);
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
    let at = report.locate(fix.span)?;
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
