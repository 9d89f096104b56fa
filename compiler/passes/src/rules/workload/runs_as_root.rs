//! `runs-as-root`: root in a container is root on its node, once it is out.

use super::{pod, standard};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View, Workload};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "runs-as-root",
    group: Group::Workload,
    levels: Levels::all(Level::Warning),
    page: include_str!("runs-as-root.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    for (workload, spec) in standard::pods(view) {
        if pod::has_own_users(spec) || pod::is_windows(spec) {
            continue;
        }
        for container in workload.all_containers() {
            if let Some(finding) = judge(workload, spec, container)
                && standard::may_be_stricter(view, workload)
            {
                standard::tell(told, workload, finding);
            }
        }
    }
}

fn judge(workload: &Workload<'_>, spec: &Node, container: &Node) -> Option<Finding> {
    if pod::is_privileged(container) {
        return None; // that is worse, and told
    }
    let user = pod::security(spec, container, "runAsUser");
    let other = pod::security(spec, container, "runAsNonRoot");
    let said = |what: &str, at, label: &str| {
        let title = pod::title(container, workload);
        Finding::new(format!("{title} {what}")).at(at, label)
    };
    let finding = match user.map(|user| (user, user.as_i64())) {
        Some((user, Some(0))) => said("runs as root", user.origin(), "user 0 is root"),
        Some(_) => return None,
        None if pod::is_true(other) => return None,
        None => {
            let at = other.map_or_else(|| pod::place(container), Node::origin);
            said(
                "may run as root",
                at,
                "nothing says that it runs as another user",
            )
        }
    };
    Some(finding.help(
        "write `securityContext: { runAsNonRoot: true }` for its pod, and `runAsUser` where its image names no number",
    ))
}
