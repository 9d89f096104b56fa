//! `cluster-behind`: clusters of one platform stay near each other.

use super::fleet::members;
use crate::resolve::Platform;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told};
use model::versions::shown;
use std::collections::BTreeSet;

pub const RULE: Rule = Rule {
    id: "cluster-behind",
    group: Group::Versions,
    levels: Levels::all(Level::Note),
    page: include_str!("cluster-behind.md"),
    on: On::Platform(check),
};

/// How many minor versions a cluster may be behind the newest before somebody should know.
const BEHIND: u64 = 2;

fn check(platform: &Platform, told: &mut Told) {
    let members = members(platform);
    let Some(newest) = members.iter().max_by_key(|member| member.version) else {
        return;
    };
    let mut said = BTreeSet::new();
    for member in &members {
        let (own, best) = (member.version, newest.version);
        let behind = own.0 == best.0 && own.1 + BEHIND <= best.1;
        // Many clusters may have their version from one line.
        if !behind || !said.insert(member.origin) {
            continue;
        }
        told.add(
            Finding::new(format!(
                "Kubernetes {} is {} minor versions behind `{}`",
                shown(own),
                best.1 - own.1,
                newest.cluster.name
            ))
            .at(member.origin, "an upgrade goes one minor version at a time")
            .at(newest.origin, format!("{} here", shown(best)))
            .help("upgrade it before the others move on: what is tried there says little of it"),
        );
    }
}
