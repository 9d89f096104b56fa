//! One line per finding, for editors and `grep`: `file:line:column: error[id]: message`.

use super::{Report, word};
use std::fmt::Write;

pub(super) fn render(report: &Report<'_>) -> String {
    let mut text = String::new();
    for entry in report.news() {
        let finding = &entry.finding;
        if let Some(at) = report.primary(finding) {
            let _ = write!(text, "{}:{}:{}: ", at.file, at.start.line, at.start.column);
        }
        let severity = word(finding.severity);
        let message = finding.message.replace('\n', " ");
        let _ = writeln!(text, "{severity}[{}]: {message}", finding.id);
    }
    text
}
