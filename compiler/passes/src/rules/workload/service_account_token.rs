//! `service-account-token`: a pod that never asks the API server has no key to it.

use super::{pod, selector, standard};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View, Workload};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "service-account-token",
    group: Group::Workload,
    levels: Levels::of(Level::Note, Level::Warning),
    page: include_str!("service-account-token.md"),
    on: On::Cluster(check),
};

/// The account of pods that name none. One that a pod names may be meant for others than the API server.
const DEFAULT: &str = "default";

fn check(view: &View<'_>, told: &mut Told) {
    for (workload, spec) in standard::pods(view) {
        let account = spec.str_at(&["serviceAccountName"]).unwrap_or(DEFAULT);
        let namespace = workload.id.namespace.as_str();
        if account != DEFAULT
            || pod::stated(spec, &["automountServiceAccountToken"]).is_some()
            || is_off(view, namespace)
            || may_something(view, namespace)
            || asks(view, workload)
        {
            continue;
        }
        let title = workload.title();
        let finding = Finding::new(format!("the pods of {title} get a key to the API server that opens nothing for them"))
            .at(spec.origin(), "no account is named here, and nobody allows the default one anything")
            .help("write `automountServiceAccountToken: false` in its pod, or name a `serviceAccountName` that needs it");
        standard::tell(told, workload, finding);
    }
}

/// Whether the namespace's default account keeps its token to itself.
fn is_off(view: &View<'_>, namespace: &str) -> bool {
    let mut accounts = view.subjects(&["ServiceAccount"]);
    accounts.any(|it| {
        let object = &it.object;
        object.id.name == DEFAULT
            && object.id.namespace == namespace
            && pod::is_false(object.node.get("automountServiceAccountToken"))
    })
}

/// Whether a binding allows the namespace's default account something.
fn may_something(view: &View<'_>, namespace: &str) -> bool {
    let mut bindings = view.subjects(&["RoleBinding", "ClusterRoleBinding"]);
    bindings.any(|binding| {
        let to = binding.object.node.get("subjects");
        let mut to = to.map_or(&[][..], Node::items).iter();
        to.any(|to| match to.str_at(&["kind"]) {
            Some("ServiceAccount") => {
                let home = to.str_at(&["namespace"]);
                pod::name(to) == DEFAULT && home.is_none_or(|home| home == namespace)
            }
            Some("Group") => pod::name(to).starts_with("system:"),
            _ => false,
        })
    })
}

/// Whether its component says that its pods ask the API server.
fn asks(view: &View<'_>, workload: &Workload<'_>) -> bool {
    let component = workload.component.and_then(|name| view.component(name));
    let egress = component.and_then(|it| it.network.get("egress"));
    let mut egress = egress.map_or(&[][..], Node::items).iter();
    egress.any(|flow| {
        let pods = flow.get("pods").map_or(&[][..], Node::entries);
        flow.str_at(&["to"]) == Some("kube-apiserver")
            && pods
                .iter()
                .all(|it| selector::has(workload.labels, &it.key, it.value.as_str()))
    })
}
