//! Who makes which kind: charts, operators, and objects that make kinds of their own.

use crate::evaluate::Enabled;
use crate::resolve::cluster::Cluster;
use model::object::{Object, ObjectId};
use std::collections::BTreeMap;
use syntax::{Map, Node, OriginId, Pointer, Text};

/// API groups that every cluster serves by itself.
const BUILT_IN: [&str; 16] = [
    "",
    "admissionregistration.k8s.io",
    "apiextensions.k8s.io",
    "apiregistration.k8s.io",
    "apps",
    "autoscaling",
    "batch",
    "certificates.k8s.io",
    "coordination.k8s.io",
    "discovery.k8s.io",
    "networking.k8s.io",
    "node.k8s.io",
    "policy",
    "rbac.authorization.k8s.io",
    "scheduling.k8s.io",
    "storage.k8s.io",
];

/// Who makes a kind.
#[derive(Clone, Debug)]
pub(super) struct Maker {
    /// The component, by its place in the cluster's list.
    pub(super) component: usize,
    /// Whether the machines serve the kind, before anything is installed.
    pub(super) by_host: bool,
    /// Whether an object of it makes the kind, once that object is there.
    pub(super) by_object: bool,
    /// Where this is said.
    pub(super) origin: OriginId,
}

/// The makers of a cluster, by the group and name of the kind.
pub(super) type Makers = BTreeMap<(Text, Text), Maker>;

/// What the components of a cluster say they make.
pub(super) fn makers(cluster: &Cluster<'_>) -> Makers {
    let mut makers = BTreeMap::new();
    for (at, component) in cluster.components.iter().enumerate() {
        for crd in crds(component) {
            let group: Text = crd.str_at(&["group"]).unwrap_or_default().into();
            let by = crd.str_at(&["madeBy"]);
            let mut add = |kind: &str, origin| {
                let maker = Maker {
                    component: at,
                    by_host: by == Some("host"),
                    by_object: by == Some("object"),
                    origin,
                };
                makers.insert((group.clone(), kind.into()), maker);
            };
            for kind in crd.get("kinds").map_or(&[][..], Node::entries) {
                add(&kind.key, kind.key_origin);
            }
            for made in component.objects.iter().filter_map(|node| made(crd, node)) {
                add(made.as_str().unwrap_or_default(), made.origin());
            }
        }
    }
    makers
}

/// What must be true of the objects of a unit that make kinds: whoever uses those kinds waits for it.
pub(super) fn health(component: &Enabled<'_>, objects: &[Object]) -> Vec<Node> {
    let mut checks = Vec::new();
    for crd in crds(component) {
        let Some(current) = crd.at(&["of", "current"]) else {
            continue;
        };
        for object in objects.iter().filter(|o| made(crd, &o.node).is_some()) {
            let mut check = Map::default();
            for (key, value) in [
                ("apiVersion", object.node.get("apiVersion")),
                ("kind", object.node.get("kind")),
                ("name", object.node.at(&["metadata", "name"])),
                ("current", Some(current)),
            ] {
                if let Some(value) = value {
                    check.set(key, value.origin(), value.clone());
                }
            }
            checks.push(Node::map(check, object.because));
        }
    }
    checks
}

/// The kind of objects that make kinds of a group, and the component that they belong to.
pub(super) fn objects_that_make<'c>(
    cluster: &'c Cluster<'_>,
    group: &str,
) -> Option<(&'c str, &'c str)> {
    cluster.components.iter().find_map(|component| {
        let of = |crd: &'c Node| crd.str_at(&["of", "kind"]);
        let crd = crds(component)
            .iter()
            .find(|crd| crd.str_at(&["group"]) == Some(group) && of(crd).is_some())?;
        Some((component.name.as_str(), of(crd)?))
    })
}

fn crds<'c>(component: &'c Enabled<'_>) -> &'c [Node] {
    component.declares.get("crds").map_or(&[][..], Node::items)
}

/// The kind that an object makes, where it is one of those that make kinds.
fn made<'n>(crd: &Node, object: &'n Node) -> Option<&'n Node> {
    let wanted = crd.str_at(&["of", "kind"])?;
    let makes: Pointer = crd.str_at(&["of", "makes"])?.parse().ok()?;
    (object.str_at(&["kind"]) == Some(wanted))
        .then(|| object.find(&makes))
        .flatten()
        .filter(|kind| kind.as_str().is_some())
}

/// Whether every cluster serves the kind by itself, or the engine does before any unit is applied.
pub(super) fn is_built_in(id: &ObjectId) -> bool {
    BUILT_IN.contains(&id.group.as_str()) || id.group.ends_with(".toolkit.fluxcd.io")
}
