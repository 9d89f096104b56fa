//! A code quality report, as GitLab's merge requests show it.

use super::entry::{COMPILER, Entry, digest};
use super::{Report, sarif};
use serde_json::{Value, json};
use syntax::Severity;

pub(super) fn render(report: &Report<'_>) -> String {
    let issues: Vec<Value> = report.news().map(|entry| issue(report, entry)).collect();
    format!("{:#}\n", Value::from(issues))
}

fn issue(report: &Report<'_>, entry: &Entry) -> Value {
    let finding = &entry.finding;
    let at = report.split(finding).primary;
    // GitLab wants a place of everything.
    let (path, line) = at.map_or_else(
        || (format!("{}{}", report.below, report.spec), 1),
        |(_, at)| (at.file, at.start.line),
    );
    json!({
        "description": sarif::message(report, finding),
        "check_name": finding.id,
        // Two platforms of one repository may have the same line.
        "fingerprint": digest(&format!("{}\0{}", report.below, entry.fingerprint)),
        "severity": severity(entry),
        "location": { "path": path, "lines": { "begin": line } },
    })
}

fn severity(entry: &Entry) -> &'static str {
    match entry.finding.severity {
        Severity::Error if entry.group == COMPILER => "blocker",
        Severity::Error => "critical",
        Severity::Warning if entry.fails => "major",
        Severity::Warning => "minor",
        Severity::Note => "info",
    }
}
