//! `single-copy`: what others call has a second copy where its cluster promises that it is there.

use super::promise::{Promise, count};
use crate::evaluate::Enabled;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "single-copy",
    group: Group::Clusters,
    levels: Levels::all(Level::Warning),
    page: include_str!("single-copy.md"),
    on: On::Cluster(check),
};

/// From as many nodes on a database has copies where nothing is said.
const COPIED_FROM: i64 = 3;

fn check(view: &View<'_>, told: &mut Told) {
    let Some(promise) = Promise::of(view) else {
        return;
    };
    let nodes = count(view, "schedulable").map_or(1, |(_, nodes)| nodes);
    if nodes < 2 {
        return; // there is no place for a second one
    }
    for component in &view.cluster.components {
        let Some(app) = &component.app else { continue };
        if let Some(least) = alone(app) {
            tell(component, least, promise, "copy", told);
        }
        let instances = app.at(&["database", "instances"]);
        let one = instances.filter(|it| it.as_i64() == Some(1) && nodes >= COPIED_FROM);
        if let Some(instances) = one {
            tell(component, instances, promise, "copy of its database", told);
        }
    }
}

/// The number of an app's copies, where it is one and others call it. A volume that one pod at a time can have leaves no choice.
fn alone(app: &Node) -> Option<&Node> {
    let called = app.get("door").is_some() && app.str_at(&["pattern"]) != Some("database");
    let bound = app.get("single").is_some_and(|it| !it.items().is_empty());
    let least = app.get("least")?;
    (called && !bound && least.as_i64() == Some(1)).then_some(least)
}

fn tell(component: &Enabled<'_>, at: &Node, promise: Promise<'_>, what: &str, told: &mut Told) {
    let message = format!(
        "{} has one {what}, and {} is promised of this cluster",
        component.title(),
        promise.text()
    );
    told.add(
        Finding::new(message)
            .component(&component.name)
            .because(component.because)
            .at(at.origin(), "whenever its node is updated, it is gone")
            .at(promise.stated.origin(), "promised here")
            .help("have two at least, or promise less"),
    );
}
