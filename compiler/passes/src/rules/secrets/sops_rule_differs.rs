//! `sops-rule-differs`: SOPS seals for those whom the spec names.

use super::recipients_differ::difference;
use super::sops::{CreationRules, recipients};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use crate::sealed::{FOLDER, SOPS};
use crate::secrets;

pub const RULE: Rule = Rule {
    id: "sops-rule-differs",
    group: Group::Secrets,
    levels: Levels::all(Level::Warning),
    page: include_str!("sops-rule-differs.md"),
    on: On::Cluster(check),
};

const HELP: &str =
    "write them into `age` of its rule, then `sops updatekeys FILE` for each file that is there";

fn check(view: &View<'_>, told: &mut Told) {
    let cluster = view.cluster;
    let Some(stated) = cluster.at(&["secrets"]) else {
        return;
    };
    let wanted = secrets::recipients(stated);
    if wanted.is_empty() {
        return;
    }
    let at = stated.get("people").or(stated.get("key")).unwrap_or(stated);
    let name = &cluster.name;
    let Some(sops) = &cluster.platform.sops else {
        told.add(
            Finding::new(format!(
                "there is no `{SOPS}` that seals for whom the spec names"
            ))
            .at(at.origin(), "named here")
            .help(HELP),
        );
        return;
    };
    let Some(rules) = CreationRules::read(sops) else {
        return;
    };
    let path = format!("{FOLDER}/{name}/namespace/name.yaml");
    // Another rule speaks of files without one.
    let Some(sealed) = rules.of(&path).and_then(recipients) else {
        return;
    };
    if let Some(difference) = difference(&wanted, &sealed) {
        told.add(
            Finding::new(format!("`{SOPS}` seals the secrets of cluster `{name}` for others than the spec says: {difference}"))
                .at(at.origin(), "named here")
                .help(HELP),
        );
    }
}
