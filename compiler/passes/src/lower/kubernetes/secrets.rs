//! The unit `secrets`: sealed files, copied as they are, which Flux opens in the cluster.

use super::{NAMESPACES, SECRETS, is_system};
use crate::evaluate::Enabled;
use crate::lower::Cx;
use crate::lower::units::Unit;
use crate::resolve::cluster::Cluster;
use crate::sealed::{FOLDER, Sealed};
use model::object::{Content, Document};
use syntax::{Diagnostic, Node, OriginId, Span, Text};

/// The unit of sealed files, where there are some; components that declare one of them wait for it.
pub fn unit(cluster: &Cluster<'_>, units: &mut [Unit], cx: &mut Cx<'_>) -> Option<Unit> {
    let files = cluster
        .platform
        .sealed
        .get(&cluster.name)
        .map_or(&[][..], Vec::as_slice);
    let because = cx.origins.rule("secrets/sealed-files", &[cluster.because]);
    for (at, component) in cluster.components.iter().enumerate() {
        let declared = component.secrets.items().iter();
        let declared = declared.filter(|secret| !is_made_in_cluster(cluster, component, secret));
        let sealed = declared.filter(|secret| check(cluster, component, secret, files, cx));
        let names = sealed.filter_map(|secret| Some(secret.get("name")?.origin()));
        let reads: Vec<OriginId> = names.chain([because]).collect();
        let first = units.iter_mut().find(|unit| unit.component == Some(at));
        if let (Some(unit), true) = (first, reads.len() > 1) {
            let edge = cx.origins.rule("secrets/sealed-files", &reads);
            unit.after.insert(SECRETS.into(), edge);
        }
    }
    if files.is_empty() {
        return None;
    }
    let mut unit = Unit::new(SECRETS, because);
    if files.iter().any(|file| !is_system(&file.namespace)) {
        unit.after.insert(NAMESPACES.into(), because);
    }
    for file in files {
        let name = file_name(file);
        cx.documents.push(Document {
            path: format!("clusters/{}/{SECRETS}/{name}", cluster.name),
            content: Content::Copied(file.bytes.clone()),
            because,
        });
        unit.sealed.push((name, file.bytes.clone()));
    }
    Some(unit)
}

/// The name of a sealed file in the unit's folder: no two files share it, for a namespace has no dot.
#[must_use]
pub fn file_name(file: &Sealed) -> Text {
    ecow::eco_format!("{}.{}", file.namespace, file.file)
}

/// Whether a Secret that a component declares is sealed; what is missing of it is a warning.
fn check(
    cluster: &Cluster<'_>,
    component: &Enabled<'_>,
    declared: &Node,
    files: &[Sealed],
    cx: &mut Cx<'_>,
) -> bool {
    let Some(name) = declared.str_at(&["name"]) else {
        return false;
    };
    let namespace = declared
        .str_at(&["namespace"])
        .or(component.namespace_name())
        .unwrap_or_default();
    let keys: Vec<&str> = declared
        .get("keys")
        .map_or(&[][..], Node::items)
        .iter()
        .filter_map(Node::as_str)
        .collect();
    let place = stated(cluster, declared, cx);
    let here = files.iter().filter(|file| file.namespace == namespace);
    let sealed = here.clone().find_map(|file| {
        let secret = file.secrets.iter().find(|secret| secret.name == name)?;
        Some((file, secret))
    });
    let of = |file: &str| format!("{FOLDER}/{}/{namespace}/{file}", cluster.name);
    let Some((file, secret)) = sealed else {
        let file = of(&format!("{name}.yaml"));
        absent(cluster, component, declared, &keys, &file, place, cx);
        return false;
    };
    let missing: Vec<&str> = keys
        .iter()
        .filter(|key| !secret.keys.iter().any(|known| known == **key))
        .copied()
        .collect();
    if !missing.is_empty() {
        let message = format!(
            "Secret `{namespace}/{name}` of cluster `{}` lacks {}, which {} needs",
            cluster.name,
            listed(&missing),
            component.title()
        );
        let help = format!("add it: sops {}", of(&file.file));
        warn("missing-secret-key", message, place, help, cx);
    }
    true
}

/// Nobody sealed a Secret: what to write, and what asks for it where the spec does not name it.
fn absent(
    cluster: &Cluster<'_>,
    component: &Enabled<'_>,
    declared: &Node,
    keys: &[&str],
    file: &str,
    place: Option<Span>,
    cx: &mut Cx<'_>,
) {
    let name = declared.str_at(&["name"]).unwrap_or_default();
    let namespace = declared
        .str_at(&["namespace"])
        .or(component.namespace_name())
        .unwrap_or_default();
    let message = format!(
        "cluster `{}` has no Secret `{namespace}/{name}`, which {} needs",
        cluster.name,
        component.title()
    );
    let help = format!(
        "create `{file}` with {}{}, sealed with sops (docs/secrets.md)",
        listed(keys),
        shape(declared)
    );
    let mut problem = Diagnostic::warning("missing-secret", message);
    if place.is_none_or(|place| !cluster.platform.is_editable(place)) {
        let asks = cx.origins.place(component.because);
        let asks = asks.filter(|place| cluster.platform.is_editable(*place));
        problem = problem.at(asks, format!("{} is needed for this", component.title()));
    }
    cx.found.add(problem.at(place, "named here").help(help));
}

/// Whether the operator of an app's database makes a Secret in the cluster.
#[must_use]
pub fn is_made_in_cluster(cluster: &Cluster<'_>, component: &Enabled<'_>, declared: &Node) -> bool {
    let home = declared.str_at(&["namespace"]);
    let home = home.or(component.namespace_name());
    let apps = cluster.components.iter().filter_map(|c| c.app.as_ref());
    let mut near = apps.filter(|app| app.str_at(&["namespace"]) == home);
    let name = declared.str_at(&["name"]);
    near.any(|app| name.is_some() && app.str_at(&["database", "secret"]) == name)
}

/// Where the spec names it, else where the component does.
fn stated(cluster: &Cluster<'_>, declared: &Node, cx: &Cx<'_>) -> Option<Span> {
    let origin = declared.get("name").map_or(declared.origin(), Node::origin);
    let spans = cx.origins.spans(origin);
    spans
        .iter()
        .find(|span| cluster.platform.is_editable(**span))
        .copied()
        .or(cx.origins.place(origin))
}

fn warn(id: &'static str, message: String, place: Option<Span>, help: String, cx: &mut Cx<'_>) {
    let problem = Diagnostic::warning(id, message);
    cx.found.add(problem.at(place, "named here").help(help));
}

/// What the value of a key looks like, where nobody would guess it.
fn shape(declared: &Node) -> &'static str {
    match declared.str_at(&["shape"]) {
        Some("ini") => {
            ", an AWS credentials file (`[default]`, `aws_access_key_id = ...`, `aws_secret_access_key = ...`)"
        }
        Some(_) | None => "",
    }
}

fn listed(keys: &[&str]) -> String {
    let quoted: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    match keys.len() {
        0 => "the keys that it reads".to_owned(),
        1 => format!("the key {}", quoted.concat()),
        _ => format!("the keys {}", quoted.join(", ")),
    }
}
