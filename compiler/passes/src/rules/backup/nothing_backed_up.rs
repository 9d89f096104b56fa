//! `nothing-backed-up`: who says where copies go also says what is copied.

use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use syntax::{Map, Node, OriginId};

pub const RULE: Rule = Rule {
    id: "nothing-backed-up",
    group: Group::Backup,
    levels: Levels::all(Level::Warning),
    page: include_str!("nothing-backed-up.md"),
    on: On::Cluster(check),
};

const PARTS: [&str; 3] = ["etcd", "volumes", "databases"];

/// A section that is on and copies nothing, and a target to which nothing goes.
fn check(view: &View<'_>, told: &mut Told) {
    let Some(backup) = view.on(&["backup"]) else {
        return;
    };
    let copied = |part: &&str| view.on(&["backup", part]).is_some();
    let goes = |part: &&str| {
        let upload = backup.at(&[part, "upload"]);
        copied(part) && upload.is_none_or(|upload| upload.as_bool() == Some(true))
    };
    let (message, at) = match view.on(&["backup", "target"]) {
        Some(target) if !PARTS.iter().any(goes) => (
            "nothing is copied to `backup.target`",
            key_of(backup, "target").unwrap_or(target.origin()),
        ),
        None if !PARTS.iter().any(copied) => {
            ("`backup` is on, and nothing is copied", backup.origin())
        }
        Some(_) | None => return,
    };
    told.add(
        Finding::new(message)
            .at(at, "says where, or that, and not what")
            .help("say what: `etcd: true`, `volumes: true`, `databases: true`; or `backup: false` where nothing is to be kept"),
    );
}

/// Where a key of a section stands.
fn key_of(section: &Node, key: &str) -> Option<OriginId> {
    let entries = section.as_map().map(Map::entries)?;
    let entry = entries.iter().find(|entry| entry.key == key)?;
    Some(entry.key_origin)
}
