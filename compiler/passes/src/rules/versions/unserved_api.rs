//! `unserved-api`: the cluster's Kubernetes serves what it is given.

use super::facts::kubernetes;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use model::versions::{api, shown};

pub const RULE: Rule = Rule {
    id: "unserved-api",
    group: Group::Versions,
    levels: Levels::all(Level::Error),
    page: include_str!("unserved-api.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    let Some((own, stated)) = kubernetes(view) else {
        return;
    };
    for subject in view.subjects(&[]) {
        let (id, node) = (&subject.object.id, &subject.object.node);
        let Some(version) = node.get("apiVersion") else {
            continue;
        };
        let text = version.as_str().unwrap_or_default();
        let Some(known) = api(&id.group, &id.kind, text.rsplit('/').next().unwrap_or(text)) else {
            continue;
        };
        let (label, help) = match (known.since, known.gone) {
            (Some(since), _) if own < since => (
                format!("served from {} on", shown(since)),
                format!(
                    "upgrade the cluster to {} first, or leave the object out",
                    shown(since)
                ),
            ),
            (_, Some(gone)) if own >= gone => (
                format!("no longer served from {} on", shown(gone)),
                match &known.instead {
                    Some(instead) => format!("write `{instead}`"),
                    None => "take it out".to_owned(),
                },
            ),
            _ => continue,
        };
        told.add(
            Finding::new(format!(
                "Kubernetes {} serves no {} `{text}`",
                shown(own),
                id.kind
            ))
            .at(version.origin(), label)
            .at(stated, "the cluster's version")
            .help(help)
            .object(id)
            .because(subject.object.because),
        );
    }
}
