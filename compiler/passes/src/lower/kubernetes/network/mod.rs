//! The unit `network-policies`: each namespace denies by default, and allows what its components say they exchange.

mod dialect;
mod flows;

use super::namespaces::Namespace;
use super::{NAMESPACES, POLICIES, is_system, object};
use crate::lower::Cx;
use crate::lower::units::Unit;
use crate::resolve::cluster::Cluster;
use flows::{Allow, Flows};
use std::collections::BTreeMap;
use syntax::{Map, Node, OriginId, Text};

/// The unit of all policies, where the cluster denies by default.
pub fn unit(
    cluster: &Cluster<'_>,
    namespaces: &BTreeMap<Text, Namespace>,
    cx: &mut Cx<'_>,
) -> Option<Unit> {
    let setting = cluster.at(&["security", "network"])?;
    if setting.as_str() != Some("default-deny") {
        return None;
    }
    let dialect = dialect::choose(cluster, setting, cx)?;
    let because = cx.origins.rule(
        "network-policies/unit",
        &[setting.origin(), dialect.because],
    );
    let mut unit = Unit::new(POLICIES, because);
    if let Some(maker) = dialect.maker.and_then(|at| cluster.components.get(at)) {
        unit.after.insert(maker.name.clone(), dialect.because);
    }
    unit.after.insert(NAMESPACES.into(), because);
    let denied = |name: &str| namespaces.contains_key(name) && !is_system(name);
    for (_, namespace) in namespaces.iter().filter(|(name, _)| !is_system(name)) {
        let origin = cx.origins.rule(
            "network-policies/deny",
            &[setting.origin(), namespace.because],
        );
        let facts = Node::from_entries([("namespace", namespace.name.clone())], origin);
        let shape = dialect.shape_of_deny();
        unit.objects
            .extend(object(cluster, shape, ("policy", facts), origin, cx));
    }
    let allows = Flows::new(cluster, &dialect).collect(&denied, cx);
    for policy in grouped(allows) {
        let facts = policy.facts(cluster, setting.origin(), cx);
        let origin = policy.because(cluster, setting.origin(), cx);
        unit.objects.extend(object(
            cluster,
            dialect.shape(),
            ("policy", facts),
            origin,
            cx,
        ));
    }
    Some(unit)
}

/// What the pods of one label set of a component may exchange.
struct Policy {
    component: usize,
    pods: Option<Node>,
    allows: Vec<Allow>,
}

/// The flows of a component by the pods that they hold for, in the order they were stated.
fn grouped(allows: Vec<Allow>) -> Vec<Policy> {
    let mut policies: Vec<Policy> = Vec::new();
    for allow in allows {
        let same =
            |policy: &&mut Policy| policy.component == allow.component && policy.pods == allow.pods;
        match policies.iter_mut().find(same) {
            Some(policy)
                if policy
                    .allows
                    .iter()
                    .any(|known| known.inbound == allow.inbound && known.rule == allow.rule) => {}
            Some(policy) => policy.allows.push(allow),
            None => policies.push(Policy {
                component: allow.component,
                pods: allow.pods.clone(),
                allows: vec![allow],
            }),
        }
    }
    policies
}

impl Policy {
    /// Why it is there: something is allowed by it.
    fn because(&self, cluster: &Cluster<'_>, setting: OriginId, cx: &mut Cx<'_>) -> OriginId {
        let mut reads = vec![setting];
        reads.extend(self.allows.iter().map(|allow| allow.origin));
        let component = cluster.components.get(self.component);
        reads.extend(component.map(|component| component.because));
        cx.origins.rule("network-policies/allow", &reads)
    }

    /// What `policy` means in the shapes.
    fn facts(&self, cluster: &Cluster<'_>, setting: OriginId, cx: &mut Cx<'_>) -> Node {
        let component = cluster.components.get(self.component);
        let because = component.map(|component| component.because);
        let reads: Vec<OriginId> = because.into_iter().chain([setting]).collect();
        let origin = cx.origins.rule("network-policies/allow", &reads);
        let mut map = Map::default();
        let owner = component.map_or("", |component| component.name.as_str());
        map.set(
            "name",
            origin,
            Node::string(name(owner, self.pods.as_ref()), origin),
        );
        if let Some(namespace) = component.and_then(|component| component.namespace.get("name")) {
            map.set("namespace", origin, namespace.clone());
        }
        let about = ecow::eco_format!("What `{owner}` declares that it exchanges.");
        map.set("about", origin, Node::string(about, origin));
        if let Some(pods) = &self.pods {
            map.set("pods", origin, pods.clone());
        }
        for (key, inbound) in [("ingress", true), ("egress", false)] {
            let allows = self.allows.iter().filter(|allow| allow.inbound == inbound);
            let reads: Vec<OriginId> = allows.clone().map(|allow| allow.origin).collect();
            let rules = allows.map(|allow| allow.rule.clone());
            let origin = cx.origins.rule("network-policies/allow", &reads);
            map.set(key, origin, Node::list(rules, origin));
        }
        Node::map(map, origin)
    }
}

/// The name of a policy: its component's, and the labels of the pods where it is not for all of them.
fn name(component: &str, pods: Option<&Node>) -> Text {
    let mut name = format!("allow-{component}");
    for entry in pods.map_or(&[][..], Node::entries) {
        let value = entry.value.scalar_text().unwrap_or_default();
        let plain = |c: char| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        };
        name.push('-');
        name.extend(value.chars().map(plain));
    }
    name.trim_end_matches('-').into()
}
