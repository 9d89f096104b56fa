//! `open-namespace`: where a cluster denies by default, no namespace with pods is left out.

use super::policies::{denies, derived};
use crate::reach::open_namespaces;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use model::object::ObjectId;
use std::collections::BTreeSet;

pub const RULE: Rule = Rule {
    id: "open-namespace",
    group: Group::Network,
    levels: Levels::all(Level::Warning),
    page: include_str!("open-namespace.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    if !denies(view) {
        return;
    }
    // Nearly always each has the deny that the compiler makes, and no network has to be read.
    let denied = derived(view).map(|it| it.object.id.namespace.as_str());
    let denied: BTreeSet<&str> = denied.collect();
    let mut homes = view.workloads().iter().map(|it| it.id.namespace.as_str());
    if homes.all(|home| denied.contains(home) || is_system(home)) {
        return;
    }
    for open in open_namespaces(view.network()) {
        let what = match (open.ingress, open.egress) {
            (true, false) => "anyone may call its pods",
            (false, true) => "its pods may call anyone",
            _ => "anyone may call its pods, and they anyone",
        };
        let name = &open.namespace;
        let id = ObjectId {
            group: "".into(),
            kind: "Namespace".into(),
            namespace: "".into(),
            name: name.clone(),
        };
        told.add(
            Finding::new(format!("nothing is denied in namespace `{name}`: {what}"))
                .object(&id)
                .at(open.origin, "no policy closes it")
                .at(open.setting, "the cluster denies by default")
                .help("leave its Namespace to the compiler, which then denies in it, or close it with a policy of your own whose selector is empty"),
        );
    }
}

/// Namespaces of the cluster's own, in which nothing is denied.
fn is_system(namespace: &str) -> bool {
    matches!(namespace, "default" | "flux-system") || namespace.starts_with("kube-")
}
