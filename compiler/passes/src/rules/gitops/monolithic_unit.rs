//! `monolithic-unit`: what fails alone is reconciled alone.

use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use std::collections::BTreeMap;

pub const RULE: Rule = Rule {
    id: "monolithic-unit",
    group: Group::Gitops,
    levels: Levels::all(Level::Note),
    page: include_str!("monolithic-unit.md"),
    on: On::Cluster(check),
};

/// More things that run than this in one unit, and one of them is always the one that fails.
const MANY: usize = 10;

fn check(view: &View<'_>, told: &mut Told) {
    let mut running: BTreeMap<&str, usize> = BTreeMap::new();
    let kinds = ["DaemonSet", "Deployment", "HelmRelease", "StatefulSet"];
    for subject in view.subjects(&kinds) {
        *running.entry(subject.folder).or_default() += 1;
    }
    for (folder, count) in running.into_iter().filter(|(_, count)| *count > MANY) {
        let mut within = view.subjects(&kinds).filter(|it| it.folder == folder);
        let Some(subject) = within.nth(MANY) else {
            continue;
        };
        let unit = folder.rsplit('/').next().unwrap_or(folder);
        let name = super::flux::name(subject);
        let mut finding = Finding::new(format!("the unit `{unit}` holds {count} things that run"))
            .at(name, format!("the {}th of them", MANY + 1))
            .help("make a component or an app of each thing that may fail alone: one that is not well holds up the others, and all that waits for them")
            .because(subject.object.because);
        if let Some(component) = subject.component {
            finding = finding.component(component);
        }
        told.add(finding);
    }
}
