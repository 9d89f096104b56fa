//! `no-drift-detection`: what somebody changes by hand is put right.

use super::flux;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "no-drift-detection",
    group: Group::Gitops,
    levels: Levels::all(Level::Note),
    page: include_str!("no-drift-detection.md"),
    on: On::Object(&["HelmRelease"], check),
};

fn check(subject: &Subject<'_>, told: &mut Told) {
    let Some(spec) = flux::release(subject) else {
        return;
    };
    // Who writes `disabled` has thought of it: two owners of one release would undo each other.
    let mode = spec.at(&["driftDetection", "mode"]);
    if mode
        .and_then(Node::scalar_text)
        .is_some_and(|mode| !mode.is_empty())
    {
        return;
    }
    let id = &subject.object.id;
    told.add(
        Finding::new(format!("nobody notices when what {id} made is changed by hand"))
            .at(flux::name(subject), "Helm looks again only when the release changes")
            .help("say `driftDetection: { mode: enabled }`, with `ignore` for what others own; `mode: disabled` says that you know"),
    );
}
