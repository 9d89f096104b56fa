//! `privilege-escalation`: a program that starts another gives it no more rights than it has.

use super::{pod, standard};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "privilege-escalation",
    group: Group::Workload,
    levels: Levels::of(Level::Note, Level::Warning),
    page: include_str!("privilege-escalation.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    for (workload, spec) in standard::pods(view) {
        if pod::is_windows(spec) {
            continue;
        }
        for container in workload.all_containers() {
            let said = pod::stated(container, &["securityContext", "allowPrivilegeEscalation"]);
            if pod::is_false(said)
                || pod::is_privileged(container)
                || !standard::may_be_stricter(view, workload)
            {
                continue;
            }
            let at = said.map_or_else(|| pod::place(container), Node::origin);
            let title = pod::title(container, workload);
            let finding = Finding::new(format!("{title} may gain rights that it starts without"))
                .at(at, "a setuid program in its image makes it root")
                .help("write `allowPrivilegeEscalation: false` in its `securityContext`");
            standard::tell(told, workload, finding);
        }
    }
}
