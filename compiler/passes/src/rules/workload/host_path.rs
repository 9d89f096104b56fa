//! `host-path`: what opens its node's folders does so on purpose.

use super::{pod, standard};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "host-path",
    group: Group::Workload,
    levels: Levels::all(Level::Warning),
    page: include_str!("host-path.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    for (workload, spec) in standard::pods(view) {
        for volume in spec.get("volumes").map_or(&[][..], Node::items) {
            let Some(path) = pod::stated(volume, &["hostPath"]) else {
                continue;
            };
            if !standard::is_freer_than_stated(view, workload) {
                continue;
            }
            let folder = path.get("path");
            let name = folder.and_then(Node::as_str).unwrap_or("/");
            let title = workload.title();
            let message = format!("{title} opens `{name}` of its node, and nobody says why");
            let finding = Finding::new(message)
                .at(folder.unwrap_or(path).origin(), "a folder of the machine")
                .help("keep its data in a claim, or give it a component of its own whose `namespace` says `podSecurity: privileged` and `because`");
            standard::tell(told, workload, finding);
        }
    }
}
