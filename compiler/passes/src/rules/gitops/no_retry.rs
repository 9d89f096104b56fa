//! `no-retry`: what failed once is tried again soon.

use super::flux;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "no-retry",
    group: Group::Gitops,
    levels: Levels::of(Level::Note, Level::Warning),
    page: include_str!("no-retry.md"),
    on: On::Object(&["HelmRelease", "Kustomization"], check),
};

/// An interval that nobody minds to wait for: ten minutes.
const SOON: u64 = 600;

fn check(subject: &Subject<'_>, told: &mut Told) {
    if let Some(spec) = flux::release(subject) {
        release(subject, spec, told);
    }
    if let Some(spec) = flux::kustomization(subject) {
        kustomization(subject, spec, told);
    }
}

fn release(subject: &Subject<'_>, spec: &Node, told: &mut Told) {
    let Some(origin) = given_up(spec) else {
        return;
    };
    let id = &subject.object.id;
    told.add(
        Finding::new(format!("{id} is given up after one failed install"))
            .at(origin.unwrap_or_else(|| flux::name(subject)), "nothing tries again until somebody changes it")
            .help("say `install: { strategy: { name: RetryOnFailure } }`, or `install: { remediation: { retries: 3 } }` where an uninstall does no harm"),
    );
}

/// Where a release says that a failed install is not tried again; `Some(None)` where it says nothing.
fn given_up(spec: &Node) -> Option<Option<syntax::OriginId>> {
    let install = spec.get("install");
    let at = |path: &[&str]| install.and_then(|install| install.at(path));
    if at(&["strategy", "name"]).and_then(Node::as_str) == Some("RetryOnFailure") {
        return None;
    }
    match at(&["remediation", "retries"]) {
        None => Some(None),
        // What is no number, such as a variable, is not known.
        Some(retries) => (retries.as_i64() == Some(0)).then(|| Some(retries.origin())),
    }
}

fn kustomization(subject: &Subject<'_>, spec: &Node, told: &mut Told) {
    if spec.get("retryInterval").is_some() {
        return;
    }
    let Some(interval) = spec.get("interval") else {
        return;
    };
    if flux::seconds(spec, "interval").is_none_or(|seconds| seconds <= SOON) {
        return;
    }
    let id = &subject.object.id;
    told.add(
        Finding::new(format!(
            "{id} is tried again {} after it failed",
            interval.as_str().unwrap_or_default()
        ))
        .at(interval.origin(), "a failure waits as long as this")
        .help("say `retryInterval: 1m`: the interval may stay long"),
    );
}
