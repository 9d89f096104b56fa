//! `writable-root`: who can't write the program can't replace it.

use super::standard::Standard;
use super::{pod, standard};
use crate::rules::{Group, Level, Levels, On, Rule, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "writable-root",
    group: Group::Workload,
    levels: Levels::of(Level::Note, Level::Warning),
    page: include_str!("writable-root.md"),
    on: On::Cluster(check),
};

const HELP: &str = "write `readOnlyRootFilesystem: true` in its `securityContext`, and mount an `emptyDir` where it has to write";

fn check(view: &View<'_>, told: &mut Told) {
    for (workload, spec) in standard::pods(view) {
        if pod::is_windows(spec) {
            continue;
        }
        let spots = pod::spots(workload, |container| {
            let said = pod::stated(container, &["securityContext", "readOnlyRootFilesystem"]);
            if pod::is_true(said) || pod::is_privileged(container) {
                return None;
            }
            let at = said.map_or_else(|| pod::place(container), Node::origin);
            Some((at, "its programs can be replaced while it runs"))
        });
        let meant = || standard::stated(view, workload) == Some(Standard::Privileged);
        if !spots.is_empty() && !meant() {
            let what = "{} may change the files of the image";
            pod::tell(told, workload, &spots, what, HELP);
        }
    }
}
