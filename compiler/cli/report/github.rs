//! Workflow commands: GitHub shows each finding beside its line in a pull request.

use super::{Report, word};
use std::fmt::Write;
use syntax::{Diagnostic, Severity};

pub(super) fn render(report: &Report<'_>) -> String {
    let mut text = String::new();
    for entry in report.news() {
        command(report, &entry.finding, &mut text);
    }
    text
}

fn command(report: &Report<'_>, finding: &Diagnostic, text: &mut String) {
    let name = match finding.severity {
        Severity::Note => "notice",
        Severity::Error | Severity::Warning => word(finding.severity),
    };
    let _ = write!(text, "::{name} ");
    let split = report.split(finding);
    if let Some((_, at)) = &split.primary {
        let _ = write!(text, "file={},line={}", property(&at.file), at.start.line);
        // Columns count only where the finding is on one line.
        if at.start.line == at.end.line {
            let end = at.end.column.max(at.start.column);
            let _ = write!(text, ",col={},endColumn={end}", at.start.column);
        } else {
            let _ = write!(text, ",endLine={}", at.end.line);
        }
        text.push(',');
    }
    let _ = write!(text, "title={}::", property(&finding.id));
    let mut message = finding.message.clone();
    if let Some((label, _)) = split.primary.filter(|(label, _)| !label.text.is_empty()) {
        let _ = write!(message, ": {}", label.text);
    }
    for (label, at) in split.others {
        let text = Some(label.text.as_str()).filter(|text| !text.is_empty());
        let text = text.unwrap_or("see also");
        let (line, column) = (at.start.line, at.start.column);
        let _ = write!(message, "\n{}:{line}:{column}: {text}", at.file);
    }
    for help in &finding.help {
        let _ = write!(message, "\nhelp: {help}");
    }
    text.push_str(&data(&message));
    text.push('\n');
}

/// A message as a command carries it.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A property's value as a command carries it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
