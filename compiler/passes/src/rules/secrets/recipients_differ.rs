//! `recipients-differ`: who can open a sealed file is who should be able to.

use super::sops::{CreationRules, recipients};
use crate::resolve::Platform;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told};
use crate::sealed::SOPS;
use std::collections::BTreeSet;
use syntax::Text;

pub const RULE: Rule = Rule {
    id: "recipients-differ",
    group: Group::Secrets,
    levels: Levels::all(Level::Warning),
    page: include_str!("recipients-differ.md"),
    on: On::Platform(check),
};

fn check(platform: &Platform, told: &mut Told) {
    let Some(rules) = platform.sops.as_ref().and_then(CreationRules::read) else {
        return;
    };
    for (cluster, files) in &platform.sealed {
        for file in files.iter().filter(|file| !file.recipients.is_empty()) {
            let path = file.path(cluster);
            let Some(rule) = rules.of(&path) else {
                continue;
            };
            let Some(wanted) = recipients(rule) else {
                continue;
            };
            let Some(difference) = difference(&wanted, &file.recipients) else {
                continue;
            };
            let at = rule.get("age").unwrap_or(rule).origin();
            told.add(
                Finding::new(format!("`{path}` is sealed for others than `{SOPS}` says: {difference}"))
                    .at(at, "these should be able to open it")
                    .help(format!("sops updatekeys {path}; where somebody must no longer read it, change the secret too")),
            );
        }
    }
}

/// Who is missing, and who is too many, in words.
pub(super) fn difference(wanted: &BTreeSet<Text>, have: &BTreeSet<Text>) -> Option<String> {
    let listed = |keys: Vec<&Text>, says: &str| {
        let keys: Vec<String> = keys.into_iter().map(|key| short(key)).collect();
        (!keys.is_empty()).then(|| format!("{} {says}", keys.join(", ")))
    };
    let locked_out = listed(wanted.difference(have).collect(), "can't open it");
    let too_many = listed(have.difference(wanted).collect(), "still can");
    let parts: Vec<String> = locked_out.into_iter().chain(too_many).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Enough of a key to know it by.
fn short(key: &str) -> String {
    match key.char_indices().nth(12) {
        Some((at, _)) => format!("`{}...`", key.get(..at).unwrap_or(key)),
        None => format!("`{key}`"),
    }
}
