//! Namespaces and names that Kustomize gives.

use super::kustomize::Built;
use model::structural::is_namespaced;
use syntax::{Map, Node, OriginId};

/// What is given.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    pub(super) namespace: Option<Node>,
    pub(super) prefix: Option<String>,
    pub(super) suffix: Option<String>,
}

/// Kinds whose names stay.
const FIXED: [&str; 3] = ["APIService", "CustomResourceDefinition", "Namespace"];

/// What a kustomization says of names.
pub(super) fn transform(node: &Node, built: &mut Built) {
    let names = Names {
        namespace: node.get("namespace").cloned(),
        prefix: node.str_at(&["namePrefix"]).map(str::to_owned),
        suffix: node.str_at(&["nameSuffix"]).map(str::to_owned),
    };
    rename(&names, built);
}

/// Gives names and namespaces.
pub(super) fn rename(names: &Names, built: &mut Built) {
    let namespace = names.namespace.as_ref();
    let namespace = namespace.filter(|it| it.as_str().is_some_and(|text| !text.is_empty()));
    let (prefix, suffix) = (
        names.prefix.as_deref().unwrap_or(""),
        names.suffix.as_deref().unwrap_or(""),
    );
    if namespace.is_none() && prefix.is_empty() && suffix.is_empty() {
        return;
    }
    for item in &mut built.items {
        if let Some(namespace) = namespace {
            place(&mut item.node, namespace);
        }
        let kind = item.node.str_at(&["kind"]).unwrap_or_default();
        let is_fixed = FIXED.contains(&kind) || (prefix.is_empty() && suffix.is_empty());
        if let Some(name) = metadata(&mut item.node)
            .filter(|_| !is_fixed)
            .and_then(|metadata| metadata.get_mut("name"))
            && let Some(text) = name.as_str()
        {
            *name = Node::string(format!("{prefix}{text}{suffix}"), name.origin());
        }
    }
}

/// Puts an object into a namespace; a Namespace gets its name.
fn place(object: &mut Node, namespace: &Node) {
    let said = object.str_at(&["apiVersion"]).unwrap_or_default();
    let group = said.split_once('/').map_or("", |(group, _)| group);
    let kind = object.str_at(&["kind"]).unwrap_or_default();
    let key = match (group, kind) {
        ("", "Namespace") => "name",
        _ if is_namespaced(group, kind) == Some(false) => return,
        _ => "namespace",
    };
    let origin = object
        .at(&["metadata", key])
        .map_or_else(|| namespace.origin(), Node::origin);
    if let Some(metadata) = metadata(object) {
        // A name stays where it is written: what is found is shown there.
        metadata.set(key, origin, namespace.clone().with_origin(origin));
    }
}

fn metadata(object: &mut Node) -> Option<&mut Map> {
    let map = object.as_map_mut()?;
    if map.get("metadata").is_none() {
        let none: [(&str, Node); 0] = [];
        let origin = OriginId::default();
        map.set("metadata", origin, Node::from_entries(none, origin));
    }
    map.get_mut("metadata")?.as_map_mut()
}
