//! `uninstall-on-failure`: what must stay is not uninstalled because an install failed.

use super::flux;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "uninstall-on-failure",
    group: Group::Gitops,
    levels: Levels::all(Level::Warning),
    page: include_str!("uninstall-on-failure.md"),
    on: On::Object(&["HelmRelease"], check),
};

fn check(subject: &Subject<'_>, told: &mut Told) {
    let Some(spec) = flux::release(subject) else {
        return;
    };
    if !flux::is_kept(&subject.object.node) {
        return;
    }
    let install = spec.get("install");
    let strategy = install.and_then(|install| install.str_at(&["strategy", "name"]));
    let retries = install.and_then(|install| install.at(&["remediation", "retries"]));
    let Some(retries) = retries.filter(|it| it.as_i64().is_some_and(|retries| retries != 0)) else {
        return;
    };
    if strategy == Some("RetryOnFailure") {
        return;
    }
    let object = &subject.object.node;
    let kept = object.at(&["metadata", "annotations", flux::PRUNE]);
    let id = &subject.object.id;
    told.add(
        Finding::new(format!("a failed install uninstalls {id}, which must stay"))
            .at(retries.origin(), "each retry begins with an uninstall")
            .at(kept.map(Node::origin).unwrap_or_default(), "it stays when it is taken out of Git")
            .help("say `install: { strategy: { name: RetryOnFailure } }` instead: that tries again in place"),
    );
}
