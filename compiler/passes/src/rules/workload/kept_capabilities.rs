//! `kept-capabilities`: what a program does not use, who takes it over can't use either.

use super::{pod, standard};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "kept-capabilities",
    group: Group::Workload,
    levels: Levels::of(Level::Note, Level::Warning),
    page: include_str!("kept-capabilities.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    for (workload, spec) in standard::pods(view) {
        if pod::is_windows(spec) {
            continue;
        }
        for container in workload.all_containers() {
            let dropped = pod::stated(container, &["securityContext", "capabilities", "drop"]);
            let all = dropped.map_or(&[][..], Node::items).iter();
            if all.filter_map(Node::as_str).any(|it| it == "ALL")
                || pod::is_privileged(container)
                || !standard::may_be_stricter(view, workload)
            {
                continue;
            }
            let at = dropped.map_or_else(|| pod::place(container), Node::origin);
            let title = pod::title(container, workload);
            let finding = Finding::new(format!("{title} keeps capabilities of root"))
                .at(at, "what the runtime gives by default is not dropped")
                .help("write `capabilities: { drop: [ALL] }` in its `securityContext`, and `add` what it needs");
            standard::tell(told, workload, finding);
        }
    }
}
