//! The same text for admission: what the API server judges by itself, or Gatekeeper or Kyverno where a cluster has that.
//!
//! A rule's objects join those of the component that provides `security.admission`, which so waits for their kinds. The
//! component names policies of its own by `policies`; their texts lie in `rules/admission/`.

mod action;
mod admission_policy;
mod constraint;
mod dialect;
mod exceptions;
mod literal;
mod made;
mod validating_policy;

use crate::evaluate::Enabled;
use crate::resolve::cluster::Cluster;
use action::Action;
use dialect::Dialect;
use exceptions::exceptions;
use made::Made;
use syntax::{Node, OriginId, Origins};

/// The capability whose component says how a cluster judges what is written to it.
const ADMISSION: &str = "security.admission";

/// Adds the objects of each rule that this cluster enforces to the component that does so.
pub fn extend(cluster: &mut Cluster<'_>, origins: &mut Origins) {
    let mut components = cluster.components.iter();
    let at = components.position(|it| it.component.provides(ADMISSION).is_some());
    let Some(component) = at.and_then(|at| cluster.components.get(at)) else {
        return;
    };
    let dialect = Dialect::of(component.component);
    let mut made = of_component(cluster, component, origins);
    made.extend(of_project(cluster, origins));
    let objects: Vec<Node> = made.iter().flat_map(|made| dialect.objects(made)).collect();
    if let Some(component) = at.and_then(|at| cluster.components.get_mut(at)) {
        component.objects.extend(objects);
    }
}

/// The policies that the component itself enforces.
fn of_component<'a>(
    cluster: &Cluster<'a>,
    component: &Enabled<'_>,
    origins: &mut Origins,
) -> Vec<Made<'a>> {
    let stated = component.policies.items().iter();
    let made = stated.filter_map(|stated| {
        let name = stated.str_at(&["rule"])?;
        let (id, file) = cluster.platform.templates.admission_rule(name)?;
        let exempt = stated.get("exempt").map_or(&[][..], Node::items);
        let action = stated.get("action")?;
        Some(Made {
            id,
            file,
            params: stated.get("params").or(file.get("params")).cloned(),
            action: Action::named(action.as_str()?)?,
            excepted: Vec::new(),
            exempt: exempt.to_vec(),
            origin: origins.rule("rules/policy", &[stated.origin(), action.origin()]),
        })
    });
    made.collect()
}

/// The project's own rules that this cluster enforces.
fn of_project<'a>(cluster: &Cluster<'a>, origins: &mut Origins) -> Vec<Made<'a>> {
    let mut made = Vec::new();
    for rule in &cluster.platform.own_rules {
        let said = cluster.at(&["rules", &rule.id]);
        let off = rule.node.get("admission").and_then(Node::as_bool) == Some(false);
        let excepted = exceptions(said);
        let (Some(action), Some(excepted), false) = (Action::of(rule, said), excepted, off) else {
            continue;
        };
        let reads: Vec<OriginId> = said.map(Node::origin).into_iter().collect();
        let reads: Vec<OriginId> = std::iter::once(rule.node.origin()).chain(reads).collect();
        made.push(Made {
            id: &rule.id,
            file: &rule.node,
            params: rule.node.get("params").cloned(),
            action,
            excepted,
            exempt: Vec::new(),
            origin: origins.rule("rules/admission", &reads),
        });
    }
    made
}
