//! `runs-as-root`: root in a container is root on its node, once it is out.

use super::{pod, standard};
use crate::rules::{Group, Level, Levels, On, Rule, Told, View};
use syntax::{Node, OriginId};

pub const RULE: Rule = Rule {
    id: "runs-as-root",
    group: Group::Workload,
    levels: Levels::all(Level::Warning),
    page: include_str!("runs-as-root.md"),
    on: On::Cluster(check),
};

const HELP: &str = "write `securityContext: { runAsNonRoot: true }` for its pod, and `runAsUser` where its image names no number";

fn check(view: &View<'_>, told: &mut Told) {
    for (workload, spec) in standard::pods(view) {
        if pod::has_own_users(spec) || pod::is_windows(spec) {
            continue;
        }
        let spots = pod::spots(workload, |container| judge(spec, container));
        if !spots.is_empty() && standard::may_be_stricter(view, workload) {
            pod::tell(told, workload, &spots, "{} may run as root", HELP);
        }
    }
}

fn judge(spec: &Node, container: &Node) -> Option<(OriginId, &'static str)> {
    if pod::is_privileged(container) {
        return None; // that is worse, and told
    }
    let other = pod::security(spec, container, "runAsNonRoot");
    match pod::security(spec, container, "runAsUser") {
        Some(user) if user.as_i64() == Some(0) => Some((user.origin(), "user 0 is root")),
        Some(_) => None,
        None if pod::is_true(other) => None,
        None => {
            let at = other.map_or_else(|| pod::place(container), Node::origin);
            Some((at, "nothing says that it runs as another user"))
        }
    }
}
