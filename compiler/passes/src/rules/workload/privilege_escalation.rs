//! `privilege-escalation`: a program that starts another gives it no more rights than it has.

use super::{pod, standard};
use crate::rules::{Group, Level, Levels, On, Rule, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "privilege-escalation",
    group: Group::Workload,
    levels: Levels::of(Level::Note, Level::Warning),
    page: include_str!("privilege-escalation.md"),
    on: On::Cluster(check),
};

const HELP: &str = "write `allowPrivilegeEscalation: false` in its `securityContext`";

fn check(view: &View<'_>, told: &mut Told) {
    for (workload, spec) in standard::pods(view) {
        if pod::is_windows(spec) {
            continue;
        }
        let spots = pod::spots(workload, |container| {
            let said = pod::stated(container, &["securityContext", "allowPrivilegeEscalation"]);
            if pod::is_false(said) || pod::is_privileged(container) {
                return None;
            }
            let at = said.map_or_else(|| pod::place(container), Node::origin);
            Some((at, "a setuid program in its image makes it root"))
        });
        if !spots.is_empty() && standard::may_be_stricter(view, workload) {
            let what = "{} may gain rights at run time";
            pod::tell(told, workload, &spots, what, HELP);
        }
    }
}
