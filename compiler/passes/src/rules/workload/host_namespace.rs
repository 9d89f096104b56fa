//! `host-namespace`: what sees its node's network, processes or memory does so on purpose.

use super::{pod, standard};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};

pub const RULE: Rule = Rule {
    id: "host-namespace",
    group: Group::Workload,
    levels: Levels::all(Level::Warning),
    page: include_str!("host-namespace.md"),
    on: On::Cluster(check),
};

/// The fields, and what is seen by them.
const FIELDS: [(&str, &str); 3] = [
    ("hostNetwork", "the network"),
    ("hostPID", "the processes"),
    ("hostIPC", "the shared memory"),
];

fn check(view: &View<'_>, told: &mut Told) {
    for (workload, spec) in standard::pods(view) {
        for (field, what) in FIELDS {
            let Some(said) = spec.get(field).filter(|said| pod::is_true(Some(said))) else {
                continue;
            };
            if !standard::is_freer_than_stated(view, workload) {
                continue;
            }
            let title = workload.title();
            let message = format!("{title} shares {what} of its node, and nobody says why");
            let finding = Finding::new(message)
                .at(said.origin(), "no wall between it and its node")
                .help(format!("take `{field}` out, or give it a component of its own whose `namespace` says `podSecurity: privileged` and `because`"));
            standard::tell(told, workload, finding);
        }
    }
}
