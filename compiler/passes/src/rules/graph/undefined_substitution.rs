//! `undefined-substitution`: a variable in a manifest is one that somebody fills in.

use super::flux::is_flux;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told, View};
use std::collections::BTreeSet;
use syntax::{Node, OriginId};

pub const RULE: Rule = Rule {
    id: "undefined-substitution",
    group: Group::Graph,
    levels: Levels::all(Level::Warning),
    page: include_str!("undefined-substitution.md"),
    on: On::Cluster(check),
};

/// Kinds whose texts are names, addresses and amounts: no shell, template or query reads them.
const PLAIN: [&str; 20] = [
    "Certificate",
    "ClusterIssuer",
    "GRPCRoute",
    "Gateway",
    "GitRepository",
    "HTTPRoute",
    "HelmRepository",
    "HorizontalPodAutoscaler",
    "Ingress",
    "Issuer",
    "LimitRange",
    "Namespace",
    "NetworkPolicy",
    "OCIRepository",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "PodDisruptionBudget",
    "ResourceQuota",
    "Service",
    "StorageClass",
];

fn check(view: &View<'_>, told: &mut Told) {
    for subject in view.subjects(&PLAIN) {
        search(subject, &subject.object.node, told);
    }
    // Flux fills in what a Kustomization of somebody's own applies; what it fills it with must be there.
    for subject in view.subjects(&["Kustomization"]).filter(|it| is_flux(it)) {
        from(view, subject, told);
    }
}

/// Tells of the first variable in a tree: units are applied as they are written.
fn search(subject: &Subject<'_>, node: &Node, told: &mut Told) {
    let Some((name, origin)) = variable(node) else {
        return;
    };
    let id = &subject.object.id;
    told.add(
        Finding::new(format!("nothing fills in `${{{name}}}` of {id}"))
            .at(origin, "applied as it stands here")
            .help("write the value itself: formwork's units are applied without `postBuild`")
            .object(id)
            .because(subject.object.because),
    );
}

/// The first variable in a tree: its name, and the text that it stands in.
fn variable(node: &Node) -> Option<(&str, OriginId)> {
    if let Some(text) = node.as_str() {
        return Some((name_in(text)?, node.origin()));
    }
    let below = node.entries().iter().map(|entry| &entry.value);
    below.chain(node.items()).find_map(variable)
}

/// The name of a variable in a text, as Flux writes them: `${NAME}` and `${NAME:=default}`, in capitals.
fn name_in(text: &str) -> Option<&str> {
    let (before, rest) = text.split_once("${")?;
    if before.ends_with('$') {
        return name_in(rest);
    }
    let end = rest.find(['}', ':'])?;
    let name = rest.get(..end)?;
    let letters = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
    let is_name =
        name.bytes().next().is_some_and(|b| b.is_ascii_uppercase()) && name.bytes().all(letters);
    if is_name { Some(name) } else { name_in(rest) }
}

/// Tells of what a Kustomization is to be filled from and nobody makes.
fn from(view: &View<'_>, subject: &Subject<'_>, told: &mut Told) {
    let sources = subject
        .object
        .node
        .at(&["spec", "postBuild", "substituteFrom"]);
    let sources = sources.map_or(&[][..], Node::items);
    if sources.is_empty() {
        return;
    }
    let home = subject.object.id.namespace.as_str();
    let known = known(view, home);
    for source in sources {
        let optional = source.get("optional").and_then(Node::as_bool) == Some(true);
        let (Some(kind), Some(name)) = (source.str_at(&["kind"]), source.get("name")) else {
            continue;
        };
        // Secrets come from many places; a ConfigMap that is not in Git is one that nobody keeps.
        let Some(text) = name.as_str().filter(|_| !optional && kind == "ConfigMap") else {
            continue;
        };
        if known.contains(text) {
            continue;
        }
        let id = &subject.object.id;
        told.add(
            Finding::new(format!("{id} is filled from the ConfigMap `{home}/{text}`, which nobody makes"))
                .at(name.origin(), "without it nothing is applied")
                .help("bring it among the `objects`, or say `optional: true` where each variable has a default")
                .object(id)
                .because(subject.object.because),
        );
    }
}

/// The ConfigMaps of a namespace.
fn known<'v>(view: &'v View<'_>, namespace: &str) -> BTreeSet<&'v str> {
    let maps = view.subjects(&["ConfigMap"]).map(|it| &it.object.id);
    let maps = maps.filter(|id| id.namespace == namespace);
    maps.map(|id| id.name.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::name_in;

    #[test]
    fn variables_are_written_as_flux_does() {
        for (text, name) in [
            ("app.${SECRET_DOMAIN}", Some("SECRET_DOMAIN")),
            ("${SIZE:=5Gi}", Some("SIZE")),
            ("$${ESCAPED}", None),
            ("${datasource}", None),
            ("{{ .Values.x }}", None),
            ("${1} ${HOST}", Some("HOST")),
            ("a ${", None),
        ] {
            assert_eq!(name_in(text), name, "{text}");
        }
    }
}
