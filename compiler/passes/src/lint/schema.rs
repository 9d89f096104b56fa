//! Objects against their schemas. What is filled in later, or sealed, is not known.

use super::clusters::Cluster;
use super::flux;
use super::kustomize::Item;
use super::repo::Repo;
use model::structural::{Fault, Mistake, Schemas, Verdict, is_native};
use rayon::prelude::*;
use syntax::{Diagnostic, Node, OriginId, Severity};

/// What a text holds that is not what the API server gets.
const HOLES: [&str; 4] = ["${", "ENC[", "{{", "<no value>"];

/// Kinds that the operator of Flux lets alerts and receivers name.
const ADDED: [&str; 3] = ["FluxInstance", "ResourceSet", "ResourceSetInputProvider"];

/// What is known of kinds, by the definitions of a repository and the tables.
pub(super) fn schemas(repo: &Repo<'_>) -> Schemas {
    let mut schemas = Schemas::default();
    for object in repo.files.iter().flat_map(|file| &file.objects) {
        if object.str_at(&["kind"]) == Some("CustomResourceDefinition") {
            schemas.define(object);
        }
    }
    schemas
}

/// What is wrong with the objects of clusters, and with those of none.
pub(super) fn check(repo: &Repo<'_>, clusters: &[Cluster], rest: &[Item]) -> Vec<Diagnostic> {
    let schemas = schemas(repo);
    // Where nobody knows where Flux begins, a parent may give more.
    let applied = clusters.iter().flat_map(|cluster| {
        let items = cluster.units.iter().flat_map(|unit| &unit.items);
        items.map(|item| (item, cluster.is_known))
    });
    let all: Vec<(&Item, bool)> = applied
        .chain(rest.iter().map(|item| (item, false)))
        .filter(|(item, _)| is_whole(repo, item))
        .collect();
    let check = |(item, is_applied): &(&Item, bool)| {
        let node = &item.node;
        match schemas.check(node) {
            Verdict::Checked(mistakes) => mistakes
                .iter()
                .filter_map(|mistake| tell(repo, node, mistake, *is_applied))
                .collect(),
            Verdict::NoVersion(served) => vec![no_version(repo, node, &served)],
            Verdict::NoKind(near) if node.at(&["metadata", "name"]).is_some() => {
                vec![no_kind(repo, node, near)]
            }
            Verdict::NoKind(_) | Verdict::NoTable => Vec::new(),
        }
    };
    all.par_iter().flat_map_iter(check).collect()
}

/// Whether an object is there as it is written.
fn is_whole(repo: &Repo<'_>, item: &Item) -> bool {
    let file = repo.files.get(item.file);
    let says = |key: &str| item.node.str_at(&[key]).unwrap_or_default();
    !item.generated
        && file.is_some_and(|file| file.broken.is_empty())
        && !has_hole(says("kind"))
        && !has_hole(says("apiVersion"))
        && says("apiVersion") != "builtin"
}

pub(super) fn has_hole(text: &str) -> bool {
    HOLES.iter().any(|hole| text.contains(hole))
}

/// How an object is called in messages.
pub(super) fn title(node: &Node) -> String {
    let text = |path: &[&str]| node.str_at(path).unwrap_or_default();
    let kind = text(&["kind"]);
    match (
        text(&["metadata", "namespace"]),
        text(&["metadata", "name"]),
    ) {
        ("", name) => format!("{kind}/{name}"),
        (namespace, name) => format!("{kind}/{namespace}/{name}"),
    }
}

/// Whether a value is one that an operator adds to what a definition of Flux takes.
fn is_added(node: &Node, written: &str) -> bool {
    let is_alert = flux::group_of(node) == "notification.toolkit.fluxcd.io";
    is_alert && ADDED.contains(&written.trim_matches(['"', '\'']))
}

fn tell(repo: &Repo<'_>, node: &Node, mistake: &Mistake, is_applied: bool) -> Option<Diagnostic> {
    let Mistake { path, message, .. } = mistake;
    let written = repo.written(mistake.origin);
    let is_open = match mistake.fault {
        // What is missing may come from what is filled in, or from a parent that is not known.
        Fault::Missing => has_open_key(node) || !is_applied && is_of_flux(node),
        Fault::Value => has_hole(written) || is_added(node, written),
        Fault::Unknown | Fault::Type | Fault::Double => has_hole(written),
    };
    // Namespaces are given by whoever applies.
    if is_open || (mistake.fault == Fault::Missing && path == "metadata.namespace") {
        return None;
    }
    let title = title(node);
    let severity = match (mistake.fault, path.as_str()) {
        // The API server drops it.
        (Fault::Unknown, "metadata.namespace") => Severity::Note,
        _ => Severity::Error,
    };
    let said = match mistake.fault {
        Fault::Unknown if path == "metadata.namespace" => format!("{title} stands in no namespace"),
        Fault::Unknown => format!("unknown field `{path}` in {title}"),
        _ if path.is_empty() => format!("{title} {message}"),
        Fault::Missing | Fault::Type | Fault::Value | Fault::Double => {
            format!("`{path}` of {title} {message}")
        }
    };
    let place = repo.place(mistake.origin);
    let place = place.or_else(|| repo.place(node.origin()));
    let mut finding =
        Diagnostic::new(severity, mistake.fault.id(), said).at(place, mistake.label.as_str());
    if let Some(help) = &mistake.help {
        finding = finding.help(help.as_str());
    }
    if let Some(((there, better), span)) = mistake.instead.as_ref().zip(place)
        && written.trim_matches(['"', '\'']) == there.trim_matches(['"', '\''])
    {
        finding = finding.fix(span, better.as_str());
    }
    Some(finding)
}

/// Whether some key of an object is filled in, or the whole of what is below one.
fn has_open_key(node: &Node) -> bool {
    node.entries().iter().any(|entry| {
        has_hole(&entry.key)
            || entry.key == "spec" && entry.value.as_str().is_some_and(has_hole)
            || has_open_key(&entry.value)
    })
}

fn is_of_flux(node: &Node) -> bool {
    [flux::KUSTOMIZE, flux::HELM, flux::SOURCE].contains(&flux::group_of(node))
}

fn said(node: &Node, key: &str) -> OriginId {
    node.get(key).map(Node::origin).unwrap_or_default()
}

fn no_version(repo: &Repo<'_>, node: &Node, served: &[String]) -> Diagnostic {
    let version = node.str_at(&["apiVersion"]).unwrap_or_default();
    let kind = node.str_at(&["kind"]).unwrap_or_default();
    let group = flux::group_of(node);
    // Which version of a project runs there is not known.
    let severity = match is_native(group, kind) {
        true => Severity::Error,
        false => Severity::Warning,
    };
    let known = served.iter().map(|version| match group {
        "" => format!("`{version}`"),
        group => format!("`{group}/{version}`"),
    });
    let known: Vec<String> = known.collect();
    let message = format!("no `{kind}` is served at `{version}`");
    Diagnostic::new(severity, "unknown-version", message)
        .at(repo.place(said(node, "apiVersion")), "not served")
        .help(format!("served: {}", known.join(", ")))
}

fn no_kind(repo: &Repo<'_>, node: &Node, near: Option<&str>) -> Diagnostic {
    let kind = node.str_at(&["kind"]).unwrap_or_default();
    let group = match flux::group_of(node) {
        "" => "its core group".to_owned(),
        group => format!("the group `{group}`"),
    };
    let message = format!("Kubernetes has no kind `{kind}` in {group}");
    let finding =
        Diagnostic::error("unknown-kind", message).at(repo.place(said(node, "kind")), "not known");
    match near {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding,
    }
}
