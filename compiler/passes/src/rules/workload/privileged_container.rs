//! `privileged-container`: a container that is its node is one on purpose.

use super::{pod, standard};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "privileged-container",
    group: Group::Workload,
    levels: Levels::all(Level::Warning),
    page: include_str!("privileged-container.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    for (workload, _) in standard::pods(view) {
        for container in workload.all_containers() {
            let said = container.at(&["securityContext", "privileged"]);
            if !pod::is_true(said) || !standard::is_freer_than_stated(view, workload) {
                continue;
            }
            let at = said.map_or_else(|| container.origin(), Node::origin);
            let title = pod::title(container, workload);
            let finding = Finding::new(format!("{title} is privileged, and nobody says why"))
                .at(at, "it can do on its node whatever root can")
                .help("give it the capabilities that it needs instead, or a component of its own whose `namespace` says `podSecurity: privileged` and `because`");
            standard::tell(told, workload, finding);
        }
    }
}
