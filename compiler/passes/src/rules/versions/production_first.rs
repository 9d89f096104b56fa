//! `production-first`: a version is tried where nobody relies on it.

use super::fleet::members;
use crate::resolve::Platform;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told};
use model::versions::shown;
use std::collections::BTreeSet;

pub const RULE: Rule = Rule {
    id: "production-first",
    group: Group::Versions,
    levels: Levels::all(Level::Note),
    page: include_str!("production-first.md"),
    on: On::Platform(check),
};

fn check(platform: &Platform, told: &mut Told) {
    let members = members(platform);
    let tried = members.iter().filter(|member| !member.is_relied_on);
    let Some(tried) = tried.max_by_key(|member| member.version) else {
        return;
    };
    let mut said = BTreeSet::new();
    for member in members.iter().filter(|member| member.is_relied_on) {
        if member.version <= tried.version || !said.insert(member.origin) {
            continue;
        }
        let name = &tried.cluster.name;
        told.add(
            Finding::new(format!(
                "Kubernetes {} comes first where somebody relies on it",
                shown(member.version)
            ))
            .at(member.origin, "of clusters with objectives")
            .at(
                tried.origin,
                format!("the newest of the others, in `{name}`"),
            )
            .help("upgrade a cluster without objectives first, and these when it went well"),
        );
    }
}
