//! `no-quota`: where quotas are asked for, every namespace can have one.

use crate::rules::workload::{amounts, pod, standard};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View, Workload};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "no-quota",
    group: Group::Cost,
    levels: Levels::of(Level::Note, Level::Warning),
    page: include_str!("no-quota.md"),
    on: On::Cluster(check),
};

/// What the compiler notes on a namespace that has no quota though quotas are asked for.
const NONE: &str = "formwork.dev/quota";

fn check(view: &View<'_>, told: &mut Told) {
    for subject in view.subjects(&["Namespace"]) {
        let object = &subject.object;
        let noted = object.node.at(&["metadata", "annotations", NONE]);
        let level = standard::enforced(view, &object.id.name);
        // What is privileged is counted by nobody.
        if noted.is_none() || level.is_some_and(|(it, _)| it == standard::Standard::Privileged) {
            continue;
        }
        let namespace = &object.id.name;
        let wanted = view.cluster.at(&["security", "quotas"]);
        let Some(finding) = of_workloads(view, namespace).or_else(|| blind(view, namespace)) else {
            continue;
        };
        let finding = match wanted {
            Some(wanted) => finding.at(wanted.origin(), "quotas are asked for"),
            None => finding,
        };
        told.about(subject);
        told.add(finding);
    }
}

/// A container of the namespace that does not say what it takes.
fn of_workloads(view: &View<'_>, namespace: &str) -> Option<Finding> {
    let mut workloads = view.workloads().iter();
    workloads.find_map(|workload| {
        let own = workload.id.namespace == namespace;
        let mut containers = workload.all_containers().filter(|_| own);
        containers.find_map(|container| {
            let (at, what) = lack(workload, container)?;
            let title = pod::title(container, workload);
            let message = format!("namespace `{namespace}` has no quota: {title} says no {what}");
            let finding = Finding::new(message).at(at.origin(), format!("no {what}"));
            Some(finding.because(workload.because).help(
                "say requests of CPU and memory and a limit of memory for each container, hooks included; of a chart under `declares`",
            ))
        })
    })
}

/// The amount that a container does not say, and where it would.
fn lack<'a>(workload: &Workload<'_>, container: &'a Node) -> Option<(&'a Node, &'static str)> {
    let own = amounts::of(workload, container).unwrap_or(container);
    for (key, resource, what) in [
        ("requests", "cpu", "CPU request"),
        ("requests", "memory", "memory request"),
        ("limits", "memory", "memory limit"),
    ] {
        if pod::stated(own, &[key, resource]).is_none() {
            return Some((pod::stated(own, &[key]).unwrap_or(own), what));
        }
    }
    None
}

/// A component of the namespace that does not say what its chart runs.
fn blind(view: &View<'_>, namespace: &str) -> Option<Finding> {
    let mut components = view.cluster.components.iter();
    let blind = components.find(|it| {
        let installs = !it.chart.is_null() || !it.git.is_null();
        installs && it.namespace_name() == Some(namespace) && it.declares.get("workloads").is_none()
    })?;
    let name = &blind.name;
    let message =
        format!("namespace `{namespace}` has no quota: `{name}` does not declare what it runs");
    let finding = Finding::new(message).at(blind.because, "nothing is known of its pods");
    Some(finding.help("list its workloads under `declares` in its component"))
}
