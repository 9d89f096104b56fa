//! `one-copy-kept`: where one turn of a schedule fails, there is still the copy before it.

use super::data::schedules;
use crate::resolve::backup::{interval, seconds};
use crate::resolve::recovery::shown;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use syntax::{Node, OriginId};

pub const RULE: Rule = Rule {
    id: "one-copy-kept",
    group: Group::Backup,
    levels: Levels::of(Level::Note, Level::Warning),
    page: include_str!("one-copy-kept.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    // The archive of a database never loses its last base backup.
    for part in ["etcd", "volumes"] {
        let stated = |key: &str| view.on(&["backup", part, key]);
        if let (Some(keep), Some(schedule)) = (stated("keep"), stated("schedule"))
            && let Some(finding) = judge(&format!("`backup.{part}`"), keep, schedule)
        {
            told.add(finding);
        }
    }
    for subject in schedules(view) {
        let id = &subject.object.id;
        let spec = |path: &[&str]| subject.object.node.at(path);
        let keep = spec(&["spec", "template", "ttl"]);
        let schedule = spec(&["spec", "schedule"]);
        // What the settings say was judged above.
        let users = |node: &Node| view.is_users(node.origin());
        if let (Some(keep), Some(schedule)) = (keep, schedule)
            && (users(keep) || users(schedule))
            && let Some(finding) = judge(&format!("Schedule `{}`", id.name), keep, schedule)
        {
            told.add(finding.object(id).because(subject.object.because));
        }
    }
}

fn judge(title: &str, keep: &Node, schedule: &Node) -> Option<Finding> {
    let (kept, gap) = (seconds(keep)?, interval(schedule)?);
    if kept >= 2 * gap {
        return None;
    }
    let keep_at: OriginId = keep.origin();
    Some(
        Finding::new(format!(
            "{title} keeps one copy, and none once a turn fails"
        ))
        .at(keep_at, format!("kept for {}", shown(kept)))
        .at(schedule.origin(), format!("up to {} apart", shown(gap)))
        .help(format!(
            "keep at least two turns, `{}`, and as many more as it takes people to notice",
            shown(2 * gap)
        )),
    )
}
