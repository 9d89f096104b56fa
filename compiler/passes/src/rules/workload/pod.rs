//! What a pod and its containers say of how they run, as Kubernetes reads it.

use super::standard;
use crate::rules::{Finding, Told, Workload};
use syntax::{Node, OriginId};

/// A container of which something is to be said, where, and what to say there.
pub type Spot<'a> = (&'a Node, OriginId, &'static str);

/// The name of a container, or of anything else that has one.
pub fn name(node: &Node) -> &str {
    node.str_at(&["name"]).unwrap_or_default()
}

/// What is stated at a path; a null states nothing.
pub fn stated<'a>(node: &'a Node, path: &[&str]) -> Option<&'a Node> {
    node.at(path).filter(|value| !value.is_null())
}

/// What a container's security context says; where it says nothing, its pod's.
pub fn security<'a>(pod: &'a Node, container: &'a Node, key: &str) -> Option<&'a Node> {
    let of = |node: &'a Node| stated(node, &["securityContext", key]);
    of(container).or_else(|| of(pod))
}

/// Where a container says how it runs, or where it would.
pub fn place(container: &Node) -> OriginId {
    let context = stated(container, &["securityContext"]);
    context.unwrap_or(container).origin()
}

/// What left a key out, where that was decided by a condition.
pub fn left_out(node: &Node, key: &str) -> Option<OriginId> {
    let mut absent = node.as_map()?.notes()?.absent.iter();
    absent.find(|(left, _)| left == key).map(|(_, why)| *why)
}

/// Whether something says of itself that it is so.
pub fn is_true(node: Option<&Node>) -> bool {
    node.and_then(Node::as_bool) == Some(true)
}

/// Whether something says of itself that it is not so.
pub fn is_false(node: Option<&Node>) -> bool {
    node.and_then(Node::as_bool) == Some(false)
}

/// Whether a container is bound by nothing.
pub fn is_privileged(container: &Node) -> bool {
    is_true(container.at(&["securityContext", "privileged"]))
}

/// Whether its users are others than the node's: root inside is nobody outside.
pub fn has_own_users(pod: &Node) -> bool {
    is_false(pod.get("hostUsers"))
}

/// Whether it runs on Windows, where much of a security context means nothing.
pub fn is_windows(pod: &Node) -> bool {
    pod.str_at(&["os", "name"]) == Some("windows")
}

/// How messages call a container of a workload.
pub fn title(container: &Node, workload: &Workload<'_>) -> String {
    format!("container `{}` of {}", name(container), workload.title())
}

/// The containers of a workload of which something is to be said.
pub fn spots<'a>(
    workload: &Workload<'a>,
    judge: impl Fn(&'a Node) -> Option<(OriginId, &'static str)>,
) -> Vec<Spot<'a>> {
    let all = workload.all_containers();
    all.filter_map(|it| judge(it).map(|(at, label)| (it, at, label)))
        .collect()
}

/// Says one thing of some containers of a workload, with a place for each.
pub fn tell(told: &mut Told, workload: &Workload<'_>, spots: &[Spot<'_>], what: &str, help: &str) {
    let names: Vec<String> = spots
        .iter()
        .map(|(container, ..)| format!("`{}`", name(container)))
        .collect();
    let word = if names.len() == 1 {
        "container"
    } else {
        "containers"
    };
    let (names, title) = (names.join(", "), workload.title());
    let message = what.replace("{}", &format!("{word} {names} of {title}"));
    let mut finding = Finding::new(message);
    for (_, at, label) in spots {
        finding = finding.at(*at, *label);
    }
    standard::tell(told, workload, finding.help(help));
}
