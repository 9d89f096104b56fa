//! What stands beside a workload: who counts its copies, and what holds them up.

use super::{pod, selector};
use crate::rules::{Subject, View, Workload};
use std::collections::BTreeMap;
use syntax::Node;

/// The kind that counts copies by load.
pub const AUTOSCALER: &str = "HorizontalPodAutoscaler";
/// The kind that says how many may be away.
pub const BUDGET: &str = "PodDisruptionBudget";

/// Objects of some kinds, by their namespace.
#[derive(Debug, Default)]
pub struct Beside<'v>(BTreeMap<&'v str, Vec<&'v Subject<'v>>>);

impl<'v> Beside<'v> {
    /// Of a kind.
    pub fn of(view: &'v View<'_>, kind: &'static [&'static str]) -> Beside<'v> {
        let mut all = Beside::default();
        for subject in view.subjects(kind) {
            let namespace = subject.object.id.namespace.as_str();
            all.0.entry(namespace).or_default().push(subject);
        }
        all
    }

    /// Those in a namespace.
    pub fn within(&self, namespace: &str) -> &[&'v Subject<'v>] {
        self.0.get(namespace).map_or(&[], Vec::as_slice)
    }

    /// The autoscaler of a workload.
    pub fn autoscaler(&self, workload: &Workload<'_>) -> Option<&'v Subject<'v>> {
        let mut all = self.within(&workload.id.namespace).iter().copied();
        all.find(|scaler| {
            let target = |key| scaler.object.node.str_at(&["spec", "scaleTargetRef", key]);
            scaler.object.id.group == "autoscaling"
                && target("kind") == Some(&workload.id.kind)
                && target("name") == Some(&workload.id.name)
        })
    }

    /// The budgets that certainly hold the pods of a workload.
    pub fn budgets(&self, workload: &Workload<'_>) -> impl Iterator<Item = &'v Subject<'v>> {
        let all = self.within(&workload.id.namespace).iter().copied();
        all.filter(|budget| holds(budget, workload) == Some(true))
    }

    /// Whether a budget may hold the pods of a workload.
    pub fn may_be_held(&self, workload: &Workload<'_>) -> bool {
        let mut all = self.within(&workload.id.namespace).iter();
        all.any(|budget| holds(budget, workload) != Some(false))
    }
}

/// Whether a budget holds the pods of a workload, if that can be told.
pub fn holds(budget: &Subject<'_>, workload: &Workload<'_>) -> Option<bool> {
    let wanted = budget.object.node.at(&["spec", "selector"])?;
    selector::takes(wanted, workload.labels, workload.pod.is_some())
}

/// The fewest copies that there are, and what says so; `None` where nobody says it.
pub fn least<'v>(
    workload: &Workload<'v>,
    autoscalers: &Beside<'v>,
) -> Option<(i64, Option<&'v Node>)> {
    let scales = matches!(
        workload.id.kind.as_str(),
        "Deployment" | "StatefulSet" | "ReplicaSet"
    );
    if !scales {
        return None;
    }
    if let Some(scaler) = autoscalers.autoscaler(workload) {
        let fewest = pod::stated(&scaler.object.node, &["spec", "minReplicas"]);
        return Some((fewest.map_or(Some(1), Node::as_i64)?, fewest));
    }
    match (workload.replicas.filter(|it| !it.is_null()), workload.pod) {
        (Some(stated), _) => Some((stated.as_i64()?, Some(stated))),
        (None, Some(_)) => Some((1, None)),
        (None, None) => None, // a component that does not say
    }
}
