//! `dashboard-without-uid`: links to a dashboard hold.

use super::alerts::about;
use super::dashboards::{text, users};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use serde_json::Value;

pub const RULE: Rule = Rule {
    id: "dashboard-without-uid",
    group: Group::Observability,
    levels: Levels::all(Level::Note),
    page: include_str!("dashboard-without-uid.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    for dashboard in users(view) {
        let read = dashboard.read().ok().filter(Value::is_object);
        let Some(value) = read.filter(|value| text(value, "uid").is_empty()) else {
            continue;
        };
        let title = match text(&value, "title") {
            "" => dashboard.file,
            title => title,
        };
        let finding = Finding::new(format!("the dashboard `{title}` has no `uid`"))
            .at(
                dashboard.origin,
                "gets another address with each new Grafana",
            )
            .help("write `\"uid\": \"shop-overview\"`, say: up to 40 characters that stay");
        told.add(about(dashboard.subject, finding));
    }
}
