//! `no-sops-rule`: whoever seals a file again must not have to know for whom.

use super::sops::CreationRules;
use crate::resolve::Platform;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told};
use crate::sealed::SOPS;

pub const RULE: Rule = Rule {
    id: "no-sops-rule",
    group: Group::Secrets,
    levels: Levels::all(Level::Warning),
    page: include_str!("no-sops-rule.md"),
    on: On::Platform(check),
};

fn check(platform: &Platform, told: &mut Told) {
    let Some(sops) = &platform.sops else { return };
    let Some(rules) = CreationRules::read(sops) else {
        return;
    };
    for (cluster, files) in &platform.sealed {
        let mut paths = files.iter().map(|file| file.path(cluster));
        let Some(path) = paths.find(|path| rules.of(path).is_none()) else {
            continue;
        };
        let at = sops.get("creation_rules").unwrap_or(sops).origin();
        told.add(
            Finding::new(format!("`{SOPS}` has no rule for `{path}`"))
                .at(at, "none of these is for it")
                .help(format!("add a rule with `path_regex: ^secrets/{cluster}/`, the keys of those who may open it, and `encrypted_regex: ^(data|stringData)$`")),
        );
    }
}
