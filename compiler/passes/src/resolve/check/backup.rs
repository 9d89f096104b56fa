//! Backup: what is copied needs a place to go to, lives as long as it takes to make the next, and meets the objective.

use super::Check;
use crate::resolve::backup::{interval, seconds};
use crate::resolve::recovery::shown;
use syntax::{Map, Node, OriginId};

const DAY: u64 = 86_400;

impl Check<'_> {
    pub(super) fn backup(&mut self) {
        self.availability();
        let Some(backup) = self.at(&["backup"]).filter(|node| is_on(node)) else {
            return;
        };
        self.target(backup);
        self.kept(backup);
        self.archive(backup);
    }

    fn availability(&mut self) {
        let Some(stated) = self.at(&["objectives", "availability"]) else {
            return;
        };
        let share = stated.as_str().and_then(model::form::parse_percentage);
        if share == Some(1_000_000) {
            self.error(
                "impossible-objective",
                "nothing is always available",
                stated.origin(),
                "leaves no time for any fault",
                "state less than 100%: 99.9% are 43 minutes a month",
            );
        }
    }

    /// What is copied needs a place to go to, and the place a name and a key.
    fn target(&mut self, backup: &Node) {
        let target = backup.get("target").filter(|node| !node.is_off());
        let s3 = target.and_then(|target| target.get("s3"));
        let s3 = s3.filter(|node| node.as_map().is_some());
        for part in ["volumes", "databases", "etcd"] {
            let Some(section) = backup.get(part).filter(|node| node.as_map().is_some()) else {
                continue;
            };
            let upload = section.get("upload").filter(|node| is(node, true));
            let goes = if part == "etcd" {
                upload
            } else {
                Some(section)
            };
            let Some(goes) = goes.filter(|_| s3.is_none()) else {
                continue;
            };
            let key = key_of(backup, part).filter(|_| part != "etcd");
            let off = format!(
                "{part}: {}",
                if part == "etcd" {
                    "{ upload: false }"
                } else {
                    "false"
                }
            );
            self.error(
                "no-backup-target",
                format!("`backup.{part}` has nowhere to go"),
                key.unwrap_or(goes.origin()),
                "copied to where?",
                format!("state `backup.target.s3` with `bucket` and `secret`, or write `{off}`"),
            );
        }
        let Some(s3) = s3 else { return };
        for key in ["bucket", "secret"] {
            if s3.get(key).is_none() {
                self.error(
                    "partial-target",
                    format!("`backup.target.s3` has no `{key}`"),
                    target.and_then(|t| key_of(t, "s3")).unwrap_or(s3.origin()),
                    format!("`{key}` is missing"),
                    match key {
                        "bucket" => "state `bucket`: its name; it must exist already",
                        _ => "state `secret`: the name of the Secret that holds the key to it",
                    },
                );
            }
        }
    }

    /// A copy must live until there is another.
    fn kept(&mut self, backup: &Node) {
        for part in ["etcd", "volumes", "databases"] {
            let of = |key: &str| backup.at(&[part, key]);
            let (Some(keep), Some(schedule)) = (of("keep"), of("schedule")) else {
                continue;
            };
            let (Some(kept), Some(gap)) = (seconds(keep), interval(schedule)) else {
                continue;
            };
            if kept < gap {
                self.clash(
                    "kept-too-short",
                    format!("copies of `backup.{part}` are gone before the next is made"),
                    (keep.origin(), "kept so long"),
                    (schedule.origin(), &format!("at most {} apart", shown(gap))),
                    &format!(
                        "write `keep: {}` or more, or copy more often",
                        shown(2 * gap)
                    ),
                );
            } else if part == "databases" && kept < DAY {
                self.error(
                    "kept-too-short",
                    "databases are kept restorable for whole days",
                    keep.origin(),
                    "less than a day",
                    "write `keep: 1d` or more",
                );
            }
        }
    }

    /// The archive of databases must keep up with the objective.
    fn archive(&mut self, backup: &Node) {
        let Some(timeout) = backup.at(&["databases", "archiveTimeout"]) else {
            return;
        };
        let Some(rpo) = self.at(&["objectives", "rpo"]) else {
            return;
        };
        if let (Some(waits), Some(bound)) = (seconds(timeout), seconds(rpo))
            && waits > bound
        {
            self.clash(
                "archive-beyond-rpo",
                "databases are archived too late for `objectives.rpo`",
                (timeout.origin(), &format!("may wait {}", shown(waits))),
                (
                    rpo.origin(),
                    &format!("at most {} may be lost", shown(bound)),
                ),
                "take `archiveTimeout` out: it then follows the objective",
            );
        }
    }
}

fn is(node: &Node, flag: bool) -> bool {
    node.as_bool() == Some(flag)
}

fn is_on(node: &Node) -> bool {
    !node.is_null() && !node.is_off()
}

/// Where a key of a section stands.
fn key_of(section: &Node, key: &str) -> Option<OriginId> {
    let entry = section
        .as_map()
        .map(Map::entries)?
        .iter()
        .find(|e| e.key == key)?;
    Some(entry.key_origin)
}
