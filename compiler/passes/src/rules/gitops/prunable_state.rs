//! `prunable-state`: what holds data is not removed by a commit.

use super::{flux, stateful};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told};

pub const RULE: Rule = Rule {
    id: "prunable-state",
    group: Group::Gitops,
    levels: Levels::of(Level::Note, Level::Warning),
    page: include_str!("prunable-state.md"),
    on: On::Object(
        &[
            "CephBlockPool",
            "CephCluster",
            "CephFilesystem",
            "CephObjectStore",
            "Cluster",
            "Namespace",
            "PersistentVolume",
            "PersistentVolumeClaim",
        ],
        check,
    ),
};

fn check(subject: &Subject<'_>, told: &mut Told) {
    let object = &subject.object.node;
    if !stateful::holds_data(&subject.object.id) || flux::is_kept(object) {
        return;
    }
    let stated = object.at(&["metadata", "annotations", flux::PRUNE]);
    let (origin, label) = match stated {
        Some(stated) => (stated.origin(), "this does not keep it"),
        None => (
            flux::name(subject),
            "taken out of Git, it goes with all that it holds",
        ),
    };
    told.add(
        Finding::new(format!("a commit can remove {} and its data", subject.object.id))
            .at(origin, label)
            .help("annotate it with `kustomize.toolkit.fluxcd.io/prune: disabled`: it then goes by hand only"),
    );
}
