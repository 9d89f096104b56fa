//! `no-team`: where apps have teams, each has one.

use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};

pub const RULE: Rule = Rule {
    id: "no-team",
    group: Group::Labels,
    levels: Levels::of(Level::Off, Level::Note),
    page: include_str!("no-team.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    let apps = &view.cluster.platform.apps;
    let mut all = apps.instances.iter();
    let Some(team) = all.find_map(|other| other.said.get("team")) else {
        return; // nobody here counts by teams
    };
    for (_, instance) in apps.in_cluster(&view.cluster.name) {
        if instance.said.get("team").is_some() {
            continue;
        }
        let mut message = instance.title();
        message.push_str(" belongs to no team");
        told.add(
            Finding::new(message)
                .component(&instance.unit)
                .at(instance.origin(), "nobody is called when it fails")
                .at(team.origin(), "others say theirs")
                .help("say whose it is: `team: NAME`, a label of all its objects and pods"),
        );
    }
}
