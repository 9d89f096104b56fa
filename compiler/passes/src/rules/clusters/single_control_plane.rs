//! `single-control-plane`: one control plane is down whenever it is updated.

use super::promise::{Promise, count, only};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};

pub const RULE: Rule = Rule {
    id: "single-control-plane",
    group: Group::Clusters,
    levels: Levels::all(Level::Warning),
    page: include_str!("single-control-plane.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    let Some(promise) = Promise::of(view) else {
        return;
    };
    let Some((planes, 1)) = count(view, "controlPlanes") else {
        return;
    };
    let message = format!(
        "one control plane hardly keeps {}: it may be down for {} a month, updates included",
        promise.text(),
        promise.allowed()
    );
    told.add(
        Finding::new(message)
            .at(promise.stated.origin(), "promised here")
            .at(
                only(view, "controlplane").unwrap_or(planes.origin()),
                "one control plane",
            )
            .help("take three control planes, or promise less"),
    );
}
