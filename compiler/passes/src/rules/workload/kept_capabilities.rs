//! `kept-capabilities`: what a program does not use, who takes it over can't use either.

use super::{pod, standard};
use crate::rules::{Group, Level, Levels, On, Rule, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "kept-capabilities",
    group: Group::Workload,
    levels: Levels::of(Level::Note, Level::Warning),
    page: include_str!("kept-capabilities.md"),
    on: On::Cluster(check),
};

const HELP: &str =
    "write `capabilities: { drop: [ALL] }` in its `securityContext`, and `add` what it needs";

fn check(view: &View<'_>, told: &mut Told) {
    for (workload, spec) in standard::pods(view) {
        if pod::is_windows(spec) {
            continue;
        }
        let spots = pod::spots(workload, |container| {
            let dropped = pod::stated(container, &["securityContext", "capabilities", "drop"]);
            let mut all = dropped.map_or(&[][..], Node::items).iter();
            if all.any(|it| it.as_str() == Some("ALL")) || pod::is_privileged(container) {
                return None;
            }
            let at = dropped.map_or_else(|| pod::place(container), Node::origin);
            Some((at, "what the runtime gives by default is not dropped"))
        });
        if !spots.is_empty() && standard::may_be_stricter(view, workload) {
            let what = "{} may use capabilities of root";
            pod::tell(told, workload, &spots, what, HELP);
        }
    }
}
