//! `rto-without-snapshots`: who promises how long an outage lasts can bring the control plane back.

use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};

pub const RULE: Rule = Rule {
    id: "rto-without-snapshots",
    group: Group::Backup,
    levels: Levels::all(Level::Warning),
    page: include_str!("rto-without-snapshots.md"),
    on: On::Cluster(check),
};

/// Git brings back what was declared; what controllers wrote, only a snapshot of etcd.
fn check(view: &View<'_>, told: &mut Told) {
    let Some(rto) = view.on(&["objectives", "rto"]) else {
        return;
    };
    let etcd = ["backup", "etcd"];
    if view.on(&etcd).is_some() {
        return;
    }
    let message = "after a lost control plane everything is made anew: etcd has no snapshots";
    let mut finding = Finding::new(message).at(rto.origin(), "promised within this time");
    if let Some(off) = view.switched_off(&etcd) {
        finding = finding.at(off.origin(), "switched off here");
    }
    told.add(finding.help("write `backup: { etcd: true }`"));
}
