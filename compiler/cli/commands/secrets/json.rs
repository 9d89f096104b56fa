//! What is needed, for programs.

use super::check::Row;
use serde_json::{Value, json};

pub(super) fn render(rows: &[Row<'_>]) -> String {
    let keys: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({
                "cluster": row.cluster,
                "namespace": row.secret.namespace.as_str(),
                "name": row.secret.name.as_str(),
                "key": row.key,
                "state": row.state.word(),
                "since": row.day,
                "file": row.secret.path(row.cluster),
                "neededBy": row.secret.by,
            })
        })
        .collect();
    let value = json!({
        "apiVersion": "formwork.dev/v1alpha1",
        "kind": "Secrets",
        "keys": keys,
    });
    format!("{value:#}\n")
}
