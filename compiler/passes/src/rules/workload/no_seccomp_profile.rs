//! `no-seccomp-profile`: a program does not call what no program needs of the kernel.

use super::{pod, standard};
use crate::rules::{Group, Level, Levels, On, Rule, Told, View};
use syntax::{Node, OriginId};

pub const RULE: Rule = Rule {
    id: "no-seccomp-profile",
    group: Group::Workload,
    levels: Levels::of(Level::Note, Level::Warning),
    page: include_str!("no-seccomp-profile.md"),
    on: On::Cluster(check),
};

const HELP: &str =
    "write `securityContext: { seccompProfile: { type: RuntimeDefault } }` for its pod";

fn check(view: &View<'_>, told: &mut Told) {
    for (workload, spec) in standard::pods(view) {
        if pod::is_windows(spec) {
            continue;
        }
        let mut spots = pod::spots(workload, |container| judge(spec, container));
        if spots.is_empty() || !standard::may_be_stricter(view, workload) {
            continue;
        }
        if !standard::is_freer_than_stated(view, workload) {
            spots.retain(|(.., label)| *label != UNCONFINED); // refused, and told as that
        }
        if !spots.is_empty() {
            let what = "{} may make any call to the kernel";
            pod::tell(told, workload, &spots, what, HELP);
        }
    }
}

const UNCONFINED: &str = "this profile holds nothing";

fn judge(spec: &Node, container: &Node) -> Option<(OriginId, &'static str)> {
    let profile = pod::security(spec, container, "seccompProfile");
    let kind = profile.and_then(|profile| profile.get("type"));
    let label = match kind.and_then(Node::as_str) {
        Some("RuntimeDefault" | "Localhost") => return None,
        _ if pod::is_privileged(container) => return None,
        Some(_) => UNCONFINED,
        None => "no seccomp profile holds it",
    };
    let at = kind.or(profile);
    Some((
        at.map_or_else(|| pod::place(container), Node::origin),
        label,
    ))
}
