//! `dashboard-naming`: dashboards are found by one scheme.

use super::alerts::about;
use super::dashboards::{text, users};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};

pub const RULE: Rule = Rule {
    id: "dashboard-naming",
    group: Group::Observability,
    levels: Levels::all(Level::Note),
    page: include_str!("dashboard-naming.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    for dashboard in users(view) {
        let Ok(value) = dashboard.read() else {
            continue;
        };
        let title = text(&value, "title");
        if title.is_empty() {
            continue;
        }
        let mut parts = title.split(" / ");
        let two = parts.clone().nth(1).is_some() && parts.all(|part| !part.trim().is_empty());
        let (label, help) = match (two, dashboard.folder) {
            (true, Some(_)) => continue,
            (false, _) => (
                "is not of the form `COMPONENT / WHAT`",
                "write `\"title\": \"Shop / Overview\"`, say",
            ),
            (true, None) => (
                "lies in no folder",
                "state the annotation `grafana_folder`; the platform's own are in `Platform`",
            ),
        };
        let finding = Finding::new(format!("the dashboard `{title}` is hard to find"))
            .at(dashboard.origin, label)
            .help(help);
        told.add(about(dashboard.subject, finding));
    }
}
