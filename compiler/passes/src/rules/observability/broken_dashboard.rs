//! `broken-dashboard`: Grafana takes a dashboard as it is.

use super::alerts::about;
use super::dashboards::{text, users};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};

pub const RULE: Rule = Rule {
    id: "broken-dashboard",
    group: Group::Observability,
    levels: Levels::all(Level::Warning),
    page: include_str!("broken-dashboard.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    for dashboard in users(view) {
        let problem = match dashboard.read() {
            Err(error) => error.to_string(),
            Ok(value) if !value.is_object() => "it is no JSON object".to_owned(),
            Ok(value) if text(&value, "title").is_empty() => match value.get("dashboard") {
                Some(_) => "the dashboard is below `dashboard`, as the API answers it".to_owned(),
                None => "it has no `title`".to_owned(),
            },
            Ok(_) => continue,
        };
        let message = format!("Grafana does not load the dashboard `{}`", dashboard.file);
        let finding = Finding::new(message)
            .at(dashboard.origin, problem)
            .help("export it in Grafana (Share, Export, Save to file) and put that text here");
        told.add(about(dashboard.subject, finding));
    }
}
