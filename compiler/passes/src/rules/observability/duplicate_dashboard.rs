//! `duplicate-dashboard`: no two dashboards have one address, or one name in one folder.

use super::alerts::about;
use super::dashboards::{Dashboard, dashboards, text, users};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use std::collections::BTreeMap;
use syntax::OriginId;

pub const RULE: Rule = Rule {
    id: "duplicate-dashboard",
    group: Group::Observability,
    levels: Levels::all(Level::Warning),
    page: include_str!("duplicate-dashboard.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    // The library's alone have been tested: where there are no others, none is read.
    if users(view).next().is_none() {
        return;
    }
    let mut all: Vec<Dashboard<'_>> = dashboards(view).collect();
    // Users are shown their own, beside the one that was there.
    all.sort_by_key(|dashboard| view.is_users(dashboard.origin));
    let mut uids: BTreeMap<String, OriginId> = BTreeMap::new();
    let mut titles: BTreeMap<(String, String), OriginId> = BTreeMap::new();
    for dashboard in &all {
        let Ok(value) = dashboard.read() else {
            continue;
        };
        let (uid, title) = (text(&value, "uid"), text(&value, "title"));
        if !uid.is_empty() {
            match uids.get(uid) {
                Some(first) => tell(dashboard, &format!("uid `{uid}`"), *first, told),
                None => {
                    uids.insert(uid.to_owned(), dashboard.origin);
                }
            }
        }
        let place = (
            dashboard.folder.unwrap_or_default().to_owned(),
            title.to_owned(),
        );
        match titles.get(&place) {
            _ if title.is_empty() => {}
            Some(first) => tell(dashboard, &format!("title `{title}`"), *first, told),
            None => {
                titles.insert(place, dashboard.origin);
            }
        }
    }
}

fn tell(dashboard: &Dashboard<'_>, what: &str, first: OriginId, told: &mut Told) {
    let finding = Finding::new(format!("two dashboards have the {what}"))
        .at(dashboard.origin, "one is here")
        .at(first, "and one here")
        .help("rename one: Grafana saves no dashboard any more while there are two");
    told.add(about(dashboard.subject, finding));
}
