//! `old-credential`: a value is replaced before it has been around for too long.

use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use crate::sealed::{Sealed, Secret};
use crate::secrets::{DAY, age, day};
use model::form::parse_duration;
use syntax::Text;

pub const RULE: Rule = Rule {
    id: "old-credential",
    group: Group::Secrets,
    levels: Levels::all(Level::Warning),
    page: include_str!("old-credential.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    let cluster = view.cluster;
    // Only `check` knows the day: what is built depends on none.
    let Some(today) = cluster.platform.today.as_deref() else {
        return;
    };
    let Some(stated) = cluster.at(&["secrets", "maxAge"]) else {
        return;
    };
    let Some(most) = stated.as_str().and_then(parse_duration) else {
        return;
    };
    let files = cluster.platform.sealed.get(&cluster.name);
    for file in files.map_or(&[][..], Vec::as_slice) {
        for secret in &file.secrets {
            let Some((day, keys)) = oldest(file, secret, today, most / DAY) else {
                continue;
            };
            let path = file.path(&cluster.name);
            told.add(
                Finding::new(format!(
                    "`{path}` holds values that are too old: {}",
                    keys.join(", ")
                ))
                .at(stated.origin(), format!("the oldest is of {day}"))
                .help(format!("give it new ones: sops {path}")),
            );
        }
    }
}

/// The keys of a Secret whose values are older than so many days, and the day of the oldest.
fn oldest(file: &Sealed, secret: &Secret, today: &str, most: u64) -> Option<(Text, Vec<String>)> {
    let days = secret
        .keys
        .iter()
        .filter_map(|key| Some((key, day(file, secret, key)?)));
    let old = days.filter(|(_, day)| age(day, today).is_some_and(|age| age > most));
    let (keys, days): (Vec<String>, Vec<Text>) =
        old.map(|(key, day)| (format!("`{key}`"), day)).unzip();
    days.into_iter().min().map(|day| (day, keys))
}
