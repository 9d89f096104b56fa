//! The result of trials: a table for people, a document for programs.

use super::trial::{Mark, Trial};
use crate::table::aligned;
use serde_json::{Map, Value, json};

/// A table with a line for each component.
pub fn human(trials: &[Trial]) -> String {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut head = vec!["component".to_owned()];
    if let Some(trial) = trials.first() {
        head.extend(trial.marks.iter().map(|(name, _)| (*name).to_owned()));
    }
    rows.push(head);
    for trial in trials {
        let mut row = vec![trial.subject.name.clone()];
        row.extend(trial.marks.iter().map(|(_, mark)| match mark {
            Mark::Good(text) => format!("✓ {text}"),
            Mark::Bad(text) => format!("✗ {text}"),
            Mark::None(text) => format!("- {text}"),
        }));
        rows.push(row);
    }
    aligned(&rows)
}

/// One JSON document: each component's tests, and the findings as every report has them.
pub fn json(trials: &[Trial], report: &str) -> String {
    let report: Value = serde_json::from_str(report).unwrap_or_default();
    let components: Vec<Value> = trials.iter().map(component).collect();
    let document = json!({
        "apiVersion": "formwork.dev/v1alpha1",
        "kind": "ComponentTests",
        "components": components,
        "summary": report.get("summary"),
        "results": report.get("results"),
    });
    format!("{document:#}\n")
}

fn component(trial: &Trial) -> Value {
    let mut tests = Map::new();
    for (name, mark) in &trial.marks {
        let (result, text) = match mark {
            Mark::Good(text) => ("passed", text),
            Mark::Bad(text) => ("failed", text),
            Mark::None(text) => ("skipped", text),
        };
        tests.insert(
            (*name).to_owned(),
            json!({ "result": result, "text": text }),
        );
    }
    json!({ "name": trial.subject.name, "tests": tests })
}
