//! `no-timeout`: whoever waits knows when to stop waiting.

use super::flux;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told};

pub const RULE: Rule = Rule {
    id: "no-timeout",
    group: Group::Gitops,
    levels: Levels::all(Level::Note),
    page: include_str!("no-timeout.md"),
    on: On::Object(&["Kustomization"], check),
};

/// An interval within which it does no harm to wait: half an hour.
const BEARABLE: u64 = 1800;

fn check(subject: &Subject<'_>, told: &mut Told) {
    let Some(spec) = flux::kustomization(subject) else {
        return;
    };
    let waits = flux::is_true(spec, "wait") || flux::has_some(spec, "healthChecks");
    if !waits || spec.get("timeout").is_some() {
        return;
    }
    let Some(interval) = spec.get("interval") else {
        return;
    };
    if flux::seconds(spec, "interval").is_none_or(|seconds| seconds <= BEARABLE) {
        return;
    }
    let (id, text) = (&subject.object.id, interval.as_str().unwrap_or_default());
    told.add(
        Finding::new(format!("{id} waits up to {text} for what it applies"))
            .at(
                interval.origin(),
                "where no `timeout` is stated, this is how long it waits",
            )
            .help("say `timeout: 10m`: nothing newer is applied while it waits"),
    );
}
