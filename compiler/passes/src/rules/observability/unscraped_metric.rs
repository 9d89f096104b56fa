//! `unscraped-metric`: what is asked for is measured by something in the cluster.

use super::alerts::{about, overridden, rules};
use super::dashboards::users;
use super::expression::series;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use crate::world::Shelf;
use serde_json::Value;
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "unscraped-metric",
    group: Group::Observability,
    levels: Levels::all(Level::Warning),
    page: include_str!("unscraped-metric.md"),
    on: On::Cluster(check),
};

/// How series begin that only one thing tells, and the capability that it serves.
const SOURCES: [(&str, &str); 8] = [
    ("barman_cloud_cloudnative_pg_io_", "backup.databases"),
    ("certmanager_", "security.certificates"),
    ("cnpg_", "databases.postgres"),
    ("externalsecret_", "security.secrets"),
    ("gatekeeper_", "security.admission"),
    ("loki_", "observability.logs"),
    ("podVolume_", "backup.volumes"),
    ("velero_", "backup.volumes"),
];

fn check(view: &View<'_>, told: &mut Told) {
    if !view.serves("observability.metrics") || somebody_elses(view) {
        return;
    }
    for (subject, rule) in rules(view) {
        let Some(expression) = rule.get("expr").filter(|it| view.is_users(it.origin())) else {
            continue;
        };
        let asked = expression.as_str().unwrap_or_default();
        let name = rule.get("alert").or_else(|| rule.get("record"));
        if let Some((metric, source)) = unmeasured(view, asked) {
            let title = format!("`{}`", name.and_then(Node::as_str).unwrap_or_default());
            let finding = finding(&title, metric, source).at(expression.origin(), "asks for it");
            told.add(about(subject, finding));
        }
    }
    for dashboard in users(view) {
        let Ok(value) = dashboard.read() else {
            continue;
        };
        let mut asked = Vec::new();
        expressions(&value, &mut asked);
        if let Some((metric, source)) = asked.iter().find_map(|asked| unmeasured(view, asked)) {
            let title = format!("the dashboard `{}`", dashboard.file);
            let finding = finding(&title, metric, source).at(dashboard.origin, "asks for it");
            told.add(about(dashboard.subject, finding));
        }
    }
}

fn finding(title: &str, metric: &str, source: &str) -> Finding {
    Finding::new(format!(
        "{title} asks for `{metric}`, and nothing here serves `{source}`, which tells it"
    ))
    .help("switch on what tells it, or leave the question out of this cluster: what is not measured raises no alert")
}

/// Whether something is there of which it is not known what it tells: a project's own component that installs something,
/// or what users ask by themselves.
fn somebody_elses(view: &View<'_>) -> bool {
    let mut monitors = view.subjects(&["PodMonitor", "ScrapeConfig", "ServiceMonitor"]);
    let mut components = view.cluster.components.iter();
    overridden(view, "prometheus")
        || monitors.any(|it| view.is_users(it.object.node.origin()))
        || components.any(|it| {
            it.app.is_none()
                && it.component.shelf == Shelf::Project
                && !(it.chart.is_null() && it.git.is_null())
        })
}

/// A series of an expression that nothing in the cluster tells, and what would.
fn unmeasured<'t>(view: &View<'_>, expression: &'t str) -> Option<(&'t str, &'static str)> {
    // Most expressions ask for nothing of these: those are read no further.
    let mut sources = SOURCES
        .iter()
        .filter(|(start, source)| expression.contains(start) && !view.serves(source));
    let first = sources.next()?;
    let absent: Vec<_> = std::iter::once(first).chain(sources).collect();
    let names = series(expression);
    names.into_iter().find_map(|name| {
        let source = absent.iter().find(|(start, _)| name.starts_with(start))?;
        Some((name, source.1))
    })
}

/// The expressions of a dashboard's panels.
fn expressions<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    for (key, value) in value.as_object().into_iter().flatten() {
        match value.as_str() {
            Some(text) if key == "expr" => found.push(text),
            _ => expressions(value, found),
        }
    }
    for item in value.as_array().into_iter().flatten() {
        expressions(item, found);
    }
}
