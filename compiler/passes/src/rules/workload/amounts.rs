//! What containers ask for and may take at most, by themselves or by what their namespace gives to those that don't say.

use super::pod;
use crate::rules::{View, Workload};
use syntax::Node;

/// Where a container's requests and limits stand; a component says them without `resources` around.
pub fn of<'a>(workload: &Workload<'_>, container: &'a Node) -> Option<&'a Node> {
    match workload.pod {
        Some(_) => pod::stated(container, &["resources"]),
        None => Some(container),
    }
}

/// What a container requests of a resource: itself, by its limit, with its pod, or by its namespace.
pub fn request<'a>(
    view: &'a View<'_>,
    workload: &'a Workload<'_>,
    container: &'a Node,
    resource: &str,
) -> Option<&'a Node> {
    let own = of(workload, container);
    let pods = workload
        .pod
        .and_then(|pod| pod::stated(pod, &["resources"]));
    let said = [own, pods].into_iter().flatten();
    let mut said = said.filter_map(|it| {
        let request = pod::stated(it, &["requests", resource]);
        request.or_else(|| pod::stated(it, &["limits", resource]))
    });
    let given = || {
        given(
            view,
            workload,
            resource,
            &["defaultRequest", "default", "max", "min"],
        )
    };
    said.next().or_else(given)
}

/// The most that a container may take of a resource: by itself, with its pod, or by its namespace.
pub fn limit<'a>(
    view: &'a View<'_>,
    workload: &'a Workload<'_>,
    container: &'a Node,
    resource: &str,
) -> Option<&'a Node> {
    let own = of(workload, container);
    let pods = workload
        .pod
        .and_then(|pod| pod::stated(pod, &["resources"]));
    let mut said = [own, pods].into_iter().flatten();
    let said = said.find_map(|it| pod::stated(it, &["limits", resource]));
    said.or_else(|| given(view, workload, resource, &["default", "max"]))
}

/// Whether all that there is to know of a container's amounts is known: a component states what it states.
pub fn are_known(workload: &Workload<'_>, container: &Node) -> bool {
    let stated = |key| container.get(key).and_then(Node::as_map).is_some();
    workload.pod.is_some() || (stated("requests") && stated("limits"))
}

/// What the LimitRanges of a workload's namespace give to a container that says nothing.
fn given<'a>(
    view: &'a View<'_>,
    workload: &Workload<'_>,
    resource: &str,
    by: &[&str],
) -> Option<&'a Node> {
    let mut all = view.subjects(&["LimitRange"]);
    all.find_map(|range| {
        let object = &range.object;
        let here = object.id.namespace == workload.id.namespace;
        let limits = object.node.at(&["spec", "limits"]).filter(|_| here)?;
        let mut limits = limits.items().iter();
        let of_container = limits.find(|it| it.str_at(&["type"]) == Some("Container"))?;
        by.iter()
            .find_map(|way| pod::stated(of_container, &[way, resource]))
    })
}
