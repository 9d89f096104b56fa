//! `autoscaler-without-target`: what is scaled is there.

use super::beside;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "autoscaler-without-target",
    group: Group::Workload,
    levels: Levels::all(Level::Warning),
    page: include_str!("autoscaler-without-target.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    for subject in view.subjects(&[beside::AUTOSCALER]) {
        let Some(target) = subject.object.node.at(&["spec", "scaleTargetRef"]) else {
            continue;
        };
        let text = |key| target.str_at(&[key]).unwrap_or_default();
        let (kind, name) = (text("kind"), text("name"));
        // What has a kind of its own is made by others.
        if !matches!(kind, "Deployment" | "StatefulSet" | "ReplicaSet")
            || text("apiVersion") != "apps/v1"
        {
            continue;
        }
        let namespace = &subject.object.id.namespace;
        let mut workloads = view.workloads().iter();
        let there = workloads
            .any(|it| it.id.kind == kind && it.id.name == name && it.id.namespace == *namespace);
        if there || may_be_made(view, namespace) {
            continue;
        }
        let own = &subject.object.id.name;
        let at = target.get("name").unwrap_or(target).origin();
        told.about(subject);
        told.add(
            Finding::new(format!(
                "autoscaler `{own}` scales {kind} `{name}`, which is not there"
            ))
            .at(at, format!("nothing makes it in namespace `{namespace}`"))
            .help("name what it scales, or take it out"),
        );
    }
}

/// Whether something may run in a namespace that nobody here describes: charts without `declares`, releases of a
/// user's own, operators.
fn may_be_made(view: &View<'_>, namespace: &str) -> bool {
    let mut components = view.cluster.components.iter();
    let blind = components.any(|it| {
        let installs = !it.chart.is_null() || !it.git.is_null();
        let listed = it.declares.get("workloads").map_or(&[][..], Node::items);
        installs && listed.is_empty() && it.namespace_name() == Some(namespace)
    });
    blind
        || view.subjects(&["HelmRelease"]).any(|release| {
            let spec = release.object.node.get("spec");
            let target = spec.and_then(|spec| spec.str_at(&["targetNamespace"]));
            let owner = release.component.and_then(|name| view.component(name));
            let own = owner.and_then(|owner| owner.release.as_str());
            target.unwrap_or(&release.object.id.namespace) == namespace
                && own != Some(&release.object.id.name)
        })
}
