//! What a dashboard must have: JSON that Grafana reads, an identity, a name of the one scheme, a data source to choose.

use super::Dashboard;
use crate::component::Component;
use serde_json::Value;
use syntax::parse::parse_one;
use syntax::{Diagnostic, Diagnostics, Node, OriginId, Origins, Sources, Span};

/// Grafana's limit of a uid.
const UID: usize = 40;

/// Checks the dashboards of a component.
pub fn check(component: &Component, sources: &Sources, found: &mut Diagnostics) {
    for dashboard in &component.mixin.dashboards {
        let text = dashboard.text.as_str().unwrap_or_default();
        match serde_json::from_str::<Value>(text) {
            Ok(_) => {
                let mut origins = Origins::default();
                if let Some(node) = parse_one(dashboard.file, text, &mut origins, found) {
                    one(&node, dashboard, &origins, found);
                }
            }
            Err(error) => found.add(not_json(dashboard, sources, &error)),
        }
    }
}

/// Checks what a dashboard says.
fn one(node: &Node, dashboard: &Dashboard, origins: &Origins, found: &mut Diagnostics) {
    let place = |key: &str| {
        let stated = node.get(key).map(Node::origin);
        origins.place(stated.unwrap_or(node.origin()))
    };
    let title = node.str_at(&["title"]).unwrap_or_default();
    let parts = title.split_once(" / ");
    if parts.is_none_or(|(about, what)| about.trim().is_empty() || what.trim().is_empty()) {
        found.add(
            Diagnostic::error(
                "dashboard-title",
                "a dashboard is called `COMPONENT / WHAT`",
            )
            .at(place("title"), "not of that form")
            .help("write `\"title\": \"Echo / Overview\"`, say: one scheme finds them all"),
        );
    }
    let uid = node.str_at(&["uid"]).unwrap_or_default();
    if uid.is_empty() || uid.len() > UID {
        found.add(
            Diagnostic::error("dashboard-uid", "a dashboard needs a `uid` that stays")
                .at(place("uid"), format!("1 to {UID} characters"))
                .help(format!(
                    "write `\"uid\": \"{}\"`, say: links and bookmarks hold on to it",
                    dashboard.name
                )),
        );
    }
    let fixed = fixed_source(node);
    if let Some(origin) = fixed {
        found.add(
            Diagnostic::error("dashboard-source", "a data source of one Grafana stands in a dashboard")
                .at(origins.place(origin), "is chosen for good")
                .help("write `\"datasource\": { \"type\": \"prometheus\", \"uid\": \"${datasource}\" }` and a variable `datasource` of the type `datasource`"),
        );
    }
}

/// A data source that is no variable, in panels and queries.
fn fixed_source(node: &Node) -> Option<OriginId> {
    for entry in node.entries() {
        let uid = entry.value.str_at(&["uid"]).or(entry.value.as_str());
        let fixed = entry.key == "datasource"
            && uid.is_some_and(|uid| !uid.starts_with('$') && !uid.starts_with("--"));
        if fixed {
            return Some(entry.value.origin());
        }
        // Grafana's own annotations of alerts have a source of Grafana's own.
        if entry.key != "annotations"
            && let Some(origin) = fixed_source(&entry.value)
        {
            return Some(origin);
        }
    }
    node.items().iter().find_map(fixed_source)
}

fn not_json(dashboard: &Dashboard, sources: &Sources, error: &serde_json::Error) -> Diagnostic {
    let source = sources.get(dashboard.file);
    let line = source.and_then(|source| source.line(error.line()));
    let span = line.map(|(start, text)| {
        let from = error.column().saturating_sub(1).min(text.len());
        let offset = |n: usize| start.saturating_add(u32::try_from(n).unwrap_or(0));
        Span {
            file: dashboard.file,
            start: offset(from),
            end: offset((from + 1).min(text.len().max(from))),
        }
    });
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or_default();
    Diagnostic::error("not-json", "a dashboard that is no JSON")
        .at(span, words)
        .help("Grafana takes JSON alone: export it there again, or mend it here")
}
