//! `snapshots-beside-etcd`: what brings etcd back is not lost with it.

use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "snapshots-beside-etcd",
    group: Group::Backup,
    levels: Levels::of(Level::Note, Level::Warning),
    page: include_str!("snapshots-beside-etcd.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    let Some(upload) = view.on(&["backup", "etcd"]).and_then(|it| it.get("upload")) else {
        return;
    };
    if upload.as_bool() != Some(false) {
        return;
    }
    let planes = view.cluster.facts.get("controlPlanes");
    let where_they_are = match planes.and_then(Node::as_i64) {
        Some(1) => "on the disk of the only control plane",
        _ => "on the disks of the control planes",
    };
    told.add(
        Finding::new(format!("snapshots of etcd are kept {where_they_are} alone"))
            .at(upload.origin(), "lost with what they are copies of")
            .help("state `backup.target`, and they go there, or write `upload: true` where there is one"),
    );
}
