//! Clusters that a cluster makes through Cluster API: in the maker's tree a class for each kind of machines, and for each
//! cluster itself and what it needs before it can look after itself.

mod class;
pub mod contract;
mod member;
mod remote;

use super::Cx;
use super::units::Unit;
use crate::resolve::cluster::{Cluster, resolve_part};
use crate::resolve::managers::{MANAGER, managed};
use contract::Contract;
use model::object::Object;
use syntax::{Diagnostics, Node, OriginId, Severity, Text};

/// The unit of all classes.
const CLASSES: &str = "cluster-classes";
/// The condition of a cluster whose first control plane answers: its nodes are not Ready before there is a network.
const ANSWERS: &str =
    "status.conditions.exists(c, c.type == 'ControlPlaneInitialized' && c.status == 'True')";

/// Adds the units of the clusters that a cluster makes.
pub fn lower(cluster: &Cluster<'_>, units: &mut Vec<Unit>, cx: &mut Cx<'_>) {
    // What is wrong with its version is told where it is stated.
    if cluster.wrong || Contract::stated(&cluster.settings).is_err() {
        return;
    }
    let Some(manages) = cluster.facts.get("manages").cloned() else {
        return;
    };
    let kinds = manages.get("infrastructures").map_or(&[][..], Node::items);
    let reads: Vec<OriginId> = kinds.iter().map(Node::origin).collect();
    let mut classes = Unit::new(CLASSES, cx.origins.rule("capi/classes", &reads));
    classes.slow = true;
    let maker = cluster.components.iter();
    let maker = maker.filter(|component| component.component.provides(MANAGER).is_some());
    for maker in maker {
        let name = ecow::eco_format!("{}-config", maker.name);
        classes.after.insert(name, maker.because);
    }
    classes
        .after
        .insert(super::kubernetes::NAMESPACES.into(), classes.because);
    for kind in kinds {
        classes.objects.extend(class::objects(cluster, kind, cx));
    }
    units.push(classes);
    for spec in managed(cluster.platform, &cluster.name) {
        let mut found = Diagnostics::default();
        let made = resolve_part(
            cluster.platform,
            spec,
            &|component| component.is_bootstrap(),
            cx.origins,
            &mut found,
        );
        if made.wrong {
            // The cluster's own cell says the same; where only this one is built, nobody else does.
            let errors = found.iter().filter(|it| it.severity == Severity::Error);
            errors.for_each(|error| cx.found.add(error.clone()));
            continue;
        }
        units.push(member::unit(cluster, &made, cx));
        units.extend(remote::units(cluster, &made, cx));
    }
}

/// Evaluates a shape into an object.
fn object(
    cluster: &Cluster<'_>,
    shape: &str,
    names: &[(&str, Node)],
    because: OriginId,
    cx: &mut Cx<'_>,
) -> Option<Object> {
    let mut scope = cluster.scope.clone();
    for (name, node) in names {
        scope.bind((*name).into(), node.clone());
    }
    Object::new(cx.shape(shape, &scope)?, because)
}

/// The unit of a made cluster's object; what comes after it adds a word.
fn unit_name(made: &Cluster<'_>, more: &str) -> Text {
    // A dot, which no cluster's name has: no two clusters then share a unit.
    match more {
        "" => ecow::eco_format!("cluster-{}", made.name),
        more => ecow::eco_format!("cluster-{}.{more}", made.name),
    }
}
