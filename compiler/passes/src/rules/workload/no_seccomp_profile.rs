//! `no-seccomp-profile`: a program does not call what no program needs of the kernel.

use super::{pod, standard};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "no-seccomp-profile",
    group: Group::Workload,
    levels: Levels::of(Level::Note, Level::Warning),
    page: include_str!("no-seccomp-profile.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    for (workload, spec) in standard::pods(view) {
        if pod::is_windows(spec) {
            continue;
        }
        for container in workload.all_containers() {
            let profile = pod::security(spec, container, "seccompProfile");
            let kind = profile.and_then(|profile| profile.get("type"));
            let word = kind.and_then(Node::as_str);
            // `Unconfined` is refused below `privileged`, and told by `below-pod-security`.
            if matches!(word, Some("RuntimeDefault" | "Localhost"))
                || pod::is_privileged(container)
                || !standard::may_be_stricter(view, workload)
                || (word == Some("Unconfined") && !standard::is_freer_than_stated(view, workload))
            {
                continue;
            }
            let at = kind.or(profile);
            let at = at.map_or_else(|| pod::place(container), Node::origin);
            let title = pod::title(container, workload);
            let finding = Finding::new(format!("{title} may make any call to the kernel"))
                .at(at, "no seccomp profile holds it")
                .help("write `securityContext: { seccompProfile: { type: RuntimeDefault } }` for its pod");
            standard::tell(told, workload, finding);
        }
    }
}
