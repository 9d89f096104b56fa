//! `no-health-check`: what is applied is also watched until it works.

use super::flux;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told};

pub const RULE: Rule = Rule {
    id: "no-health-check",
    group: Group::Gitops,
    levels: Levels::all(Level::Note),
    page: include_str!("no-health-check.md"),
    on: On::Object(&["Kustomization"], check),
};

fn check(subject: &Subject<'_>, told: &mut Told) {
    let Some(spec) = flux::kustomization(subject) else {
        return;
    };
    // Who writes `wait: false` has thought of it.
    if spec.get("wait").is_some() || flux::has_some(spec, "healthChecks") {
        return;
    }
    let id = &subject.object.id;
    told.add(
        Finding::new(format!("{id} is ready as soon as it is applied"))
            .at(flux::name(subject), "waits for nothing that it applies")
            .help("name what must be well under `healthChecks`, or say `wait: true`; `wait: false` says that you know"),
    );
}
