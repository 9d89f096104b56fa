//! `writable-root`: who can't write the program can't replace it.

use super::standard::Standard;
use super::{pod, standard};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "writable-root",
    group: Group::Workload,
    levels: Levels::of(Level::Note, Level::Warning),
    page: include_str!("writable-root.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    for (workload, spec) in standard::pods(view) {
        if pod::is_windows(spec) {
            continue;
        }
        for container in workload.all_containers() {
            let said = pod::stated(container, &["securityContext", "readOnlyRootFilesystem"]);
            if pod::is_true(said)
                || pod::is_privileged(container)
                || standard::stated(view, workload) == Some(Standard::Privileged)
            {
                continue;
            }
            let at = said.map_or_else(|| pod::place(container), Node::origin);
            let title = pod::title(container, workload);
            let finding = Finding::new(format!("{title} can write to its own file system"))
                .at(at, "its programs can be replaced while it runs")
                .help("write `readOnlyRootFilesystem: true` in its `securityContext`, and mount an `emptyDir` where it has to write");
            standard::tell(told, workload, finding);
        }
    }
}
