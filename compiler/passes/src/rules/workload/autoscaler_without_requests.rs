//! `autoscaler-without-requests`: a share of what is requested wants something requested.

use super::beside::{AUTOSCALER, Beside};
use super::{amounts, pod, standard};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View, Workload};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "autoscaler-without-requests",
    group: Group::Workload,
    levels: Levels::of(Level::Warning, Level::Error),
    page: include_str!("autoscaler-without-requests.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    let autoscalers = Beside::of(view, &[AUTOSCALER]);
    for (workload, spec) in standard::pods(view) {
        let Some(scaler) = autoscalers.autoscaler(workload) else {
            continue;
        };
        let metrics = scaler.object.node.at(&["spec", "metrics"]);
        for metric in metrics.map_or(&[][..], Node::items) {
            let Some((share, resource, only)) = share(metric) else {
                continue;
            };
            let lacking = workload.containers.iter().find(|container| {
                only.is_none_or(|only| pod::name(container) == only)
                    && amounts::request(view, workload, container, resource).is_none()
            });
            let Some(container) = lacking.filter(|_| pod::stated(spec, &["resources"]).is_none())
            else {
                continue;
            };
            standard::tell(
                told,
                workload,
                finding(workload, container, resource, share),
            );
        }
    }
}

fn finding(workload: &Workload<'_>, container: &Node, resource: &str, share: &Node) -> Finding {
    let title = pod::title(container, workload);
    let word = if resource == "cpu" { "CPU" } else { resource };
    let resources = pod::stated(container, &["resources"]).unwrap_or(container);
    Finding::new(format!("{title} requests no {word}, and is scaled by it"))
        .at(resources.origin(), "nothing to count the share from")
        .at(share.origin(), "a share of what is requested")
        .help(format!(
            "request `{resource}`: without it the autoscaler does nothing"
        ))
}

/// A metric that is a share of what is requested: the share, the resource, and the container if it is of one.
fn share(metric: &Node) -> Option<(&Node, &str, Option<&str>)> {
    let (source, only) = match metric.str_at(&["type"])? {
        "Resource" => (metric.get("resource")?, None),
        "ContainerResource" => {
            let source = metric.get("containerResource")?;
            (source, Some(source.str_at(&["container"])?))
        }
        _ => return None,
    };
    let share = source.at(&["target", "averageUtilization"])?;
    Some((share, source.str_at(&["name"])?, only))
}
