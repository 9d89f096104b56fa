//! `ignored-health-checks`: a health check that is written is also asked.

use super::flux;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told};

pub const RULE: Rule = Rule {
    id: "ignored-health-checks",
    group: Group::Gitops,
    levels: Levels::all(Level::Warning),
    page: include_str!("ignored-health-checks.md"),
    on: On::Object(&["Kustomization"], check),
};

fn check(subject: &Subject<'_>, told: &mut Told) {
    let Some(spec) = flux::kustomization(subject) else {
        return;
    };
    let Some(checks) = spec.get("healthChecks").filter(|it| !it.items().is_empty()) else {
        return;
    };
    let Some(wait) = spec.get("wait").filter(|it| it.as_bool() == Some(true)) else {
        return;
    };
    let id = &subject.object.id;
    told.add(
        Finding::new(format!("Flux ignores the `healthChecks` of {id}"))
            .at(
                wait.origin(),
                "waits for all that is applied, and for nothing else",
            )
            .at(checks.origin(), "so nobody looks at these")
            .help("take out `wait: true`, so that these are what it waits for, or take these out"),
    );
}
