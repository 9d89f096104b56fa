//! `out-of-support`: what is found in Kubernetes tomorrow is mended for this cluster too.

use super::facts::kubernetes;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use model::versions::{shown, support_ends};

pub const RULE: Rule = Rule {
    id: "out-of-support",
    group: Group::Versions,
    levels: Levels::all(Level::Warning),
    page: include_str!("out-of-support.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    // Only `check` knows the day: what is built depends on none.
    let Some(today) = view.cluster.platform.today.as_deref() else {
        return;
    };
    let Some((own, stated)) = kubernetes(view) else {
        return;
    };
    let Some(day) = support_ends(own).filter(|day| *day < today) else {
        return;
    };
    told.add(
        Finding::new(format!("Kubernetes {} is no longer mended", shown(own)))
            .at(stated, format!("its last day was {day}"))
            .help("upgrade, one minor version at a time")
            .because(view.cluster.because),
    );
}
