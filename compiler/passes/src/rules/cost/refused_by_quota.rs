//! `refused-by-quota`: what a quota counts, every container says.

use crate::rules::workload::beside::Beside;
use crate::rules::workload::{amounts, pod, standard};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told, View, Workload};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "refused-by-quota",
    group: Group::Cost,
    levels: Levels::all(Level::Error),
    page: include_str!("refused-by-quota.md"),
    on: On::Cluster(check),
};

/// What a quota may count, and what it is of a container.
const COUNTED: [(&str, &str, bool); 6] = [
    ("requests.cpu", "cpu", false),
    ("cpu", "cpu", false),
    ("requests.memory", "memory", false),
    ("memory", "memory", false),
    ("limits.cpu", "cpu", true),
    ("limits.memory", "memory", true),
];

fn check(view: &View<'_>, told: &mut Told) {
    let quotas = Beside::of(view, &["ResourceQuota"]);
    for workload in view.workloads() {
        for quota in quotas.within(&workload.id.namespace) {
            let spec = quota.object.node.get("spec");
            // One with scopes may count others.
            let spec = spec.filter(|spec| !is_scoped(spec));
            if let Some(finding) = spec.and_then(|spec| judge(view, quota, spec, workload)) {
                standard::tell(told, workload, finding);
            }
        }
    }
}

fn is_scoped(spec: &Node) -> bool {
    let mut scopes = ["scopes", "scopeSelector"].iter();
    scopes.any(|key| pod::stated(spec, &[key]).is_some())
}

fn judge(
    view: &View<'_>,
    quota: &Subject<'_>,
    spec: &Node,
    workload: &Workload<'_>,
) -> Option<Finding> {
    let mut containers = workload.all_containers();
    let of = |container| amounts::are_known(workload, container);
    containers.find_map(|container| {
        let (hard, resource, limit) =
            COUNTED
                .iter()
                .filter(|_| of(container))
                .find_map(|(key, resource, limit)| {
                    let hard = pod::stated(spec, &["hard", key])?;
                    let said = match limit {
                        true => amounts::limit(view, workload, container, resource),
                        false => amounts::request(view, workload, container, resource),
                    };
                    said.is_none().then_some((hard, *resource, *limit))
                })?;
        let what = if limit { "limit" } else { "request" };
        let name = &quota.object.id.name;
        let own = amounts::of(workload, container).unwrap_or(container);
        let title = workload.title();
        let message = format!(
            "the pods of {title} are refused: quota `{name}` counts what `{}` does not say",
            pod::name(container)
        );
        let finding = Finding::new(message)
            .at(own.origin(), format!("no {what} of {resource}"))
            .at(hard.origin(), "counted here");
        Some(finding.help(format!(
            "say a {what} of {resource}, or give a default to its namespace by a LimitRange"
        )))
    })
}
