//! The Pod Security level that a namespace enforces, and the one that somebody says its pods need.

use crate::rules::{Finding, Subject, Told, View, Workload};
use std::collections::BTreeMap;
use syntax::Node;

/// The label by which a namespace enforces a level.
const ENFORCE: &str = "pod-security.kubernetes.io/enforce";

/// The namespace that no API server judges: what a node runs must start there.
const EXEMPT: &str = "kube-system";

/// A level of the Pod Security Standards, the loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standard {
    /// Anything.
    Privileged,
    /// Nothing that is known to lead out of a container.
    Baseline,
    /// What is hardened.
    Restricted,
}

impl Standard {
    /// A level by its word.
    pub fn of(word: &str) -> Option<Standard> {
        Some(match word {
            "privileged" => Standard::Privileged,
            "baseline" => Standard::Baseline,
            "restricted" => Standard::Restricted,
            _ => return None,
        })
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Standard::Privileged => "privileged",
            Standard::Baseline => "baseline",
            Standard::Restricted => "restricted",
        }
    }
}

/// The level that each namespace enforces, and where that stands.
pub fn levels<'v>(view: &'v View<'_>) -> BTreeMap<&'v str, (Standard, &'v Node)> {
    let all = view.subjects(&["Namespace"]);
    all.filter_map(|it| Some((it.object.id.name.as_str(), level(it)?)))
        .collect()
}

/// The level that a namespace enforces, and where that stands; `None` where nobody here says it.
pub fn enforced<'v>(view: &'v View<'_>, namespace: &str) -> Option<(Standard, &'v Node)> {
    let mut all = view.subjects(&["Namespace"]);
    level(all.find(|it| it.object.id.name == namespace)?)
}

fn level<'v>(namespace: &'v Subject<'_>) -> Option<(Standard, &'v Node)> {
    let object = &namespace.object;
    let stated = object.node.at(&["metadata", "labels", ENFORCE])?;
    let level = Standard::of(stated.as_str()?)?;
    let exempt = object.id.name == EXEMPT;
    Some((if exempt { Standard::Privileged } else { level }, stated))
}

/// The level that somebody states for the pods of a workload: its own component, or who made the namespace.
///
/// A component gives its reason beside it, so what needs that level is meant to be.
pub fn stated(view: &View<'_>, workload: &Workload<'_>) -> Option<Standard> {
    let namespace = &workload.id.namespace;
    let component = workload.component.and_then(|name| view.component(name));
    let own = component.filter(|it| it.namespace_name() == Some(namespace.as_str()));
    if let Some(level) = own.and_then(|it| it.namespace.str_at(&["podSecurity"])) {
        return Standard::of(level);
    }
    let mut all = view.subjects(&["Namespace"]);
    let made = all.find(|it| it.object.id.name == *namespace && it.component.is_some())?;
    let level = made.object.node.at(&["metadata", "labels", ENFORCE])?;
    Standard::of(level.as_str()?)
}

/// Judges the pod of each workload that is a plain object.
pub fn pods<'v>(view: &'v View<'_>) -> impl Iterator<Item = (&'v Workload<'v>, &'v Node)> {
    let all = view.workloads().iter();
    all.filter_map(|workload| Some((workload, workload.pod?)))
}

/// Whether a pod that is loose where `restricted` is strict is nobody's mistake but its author's: the namespace would
/// take it, and nobody says that it must be so.
pub fn may_be_stricter(view: &View<'_>, workload: &Workload<'_>) -> bool {
    let refused = enforced(view, &workload.id.namespace);
    if refused.is_some_and(|(level, _)| level == Standard::Restricted) {
        return false; // `below-pod-security` tells it
    }
    stated(view, workload).is_none_or(|level| level == Standard::Restricted)
}

/// Whether a pod may do what only `privileged` allows, and nobody says that it must.
pub fn is_freer_than_stated(view: &View<'_>, workload: &Workload<'_>) -> bool {
    let refused = enforced(view, &workload.id.namespace);
    if refused.is_some_and(|(level, _)| level > Standard::Privileged) {
        return false; // `below-pod-security` tells it
    }
    stated(view, workload) != Some(Standard::Privileged)
}

/// Says something of a workload.
pub fn tell(told: &mut Told, workload: &Workload<'_>, finding: Finding) {
    told.about_workload(workload);
    told.add(finding);
}
