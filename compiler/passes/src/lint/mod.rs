//! `lint`: the object rules, the schemas and the truth of the graph over a repository that people wrote by hand.
//!
//! In reading order: [`tree`] lists what is there, [`repo`] reads it, [`kustomize`] builds folders as Kustomize does,
//! [`clusters`] finds where Flux begins and follows it from there, so that every object is judged as it is applied: with
//! the patches, namespaces and variables that its parents give it. What can't be known is not spoken of.

mod allow;
mod clusters;
mod extra;
mod file;
mod flux;
mod generate;
mod graph;
mod ignore;
mod kustomize;
mod objects;
mod patch;
mod repo;
mod schema;
mod select;
mod substitute;
mod transform;
mod tree;
pub mod truth;

use crate::world::World;
use clusters::Cluster;
use graph::Referenced;
use kustomize::Kustomize;
use repo::Repo;
use std::collections::BTreeSet;
use syntax::{Diagnostic, Diagnostics, FileId, Severity, Sources};

/// What came of it.
#[derive(Debug, Default)]
pub struct Linted {
    /// The texts.
    pub sources: Sources,
    /// What can't be read.
    pub found: Diagnostics,
    /// What is wrong with what can.
    pub judged: Diagnostics,
    /// How many YAML files were read.
    pub files: usize,
    /// How many objects were judged.
    pub objects: usize,
    /// How many clusters there are: places where Flux begins.
    pub clusters: usize,
}

/// Judges a repository.
#[must_use]
pub fn lint(world: &dyn World) -> Linted {
    let repo = Repo::read(world);
    let kustomize = Kustomize::new(&repo);
    let clusters = clusters::find(&repo, &kustomize);
    let mut referenced = Referenced::default();
    for cluster in &clusters {
        referenced.files.extend(&cluster.files);
        referenced.data.extend(cluster.data.iter().cloned());
    }
    let rest = clusters::rest(&repo, &kustomize, &mut referenced);
    let own = objects::own(world);
    let mut judged = graph::check(&repo, &clusters, &referenced);
    let all = schema::check(&repo, &clusters, &rest)
        .into_iter()
        .chain(objects::check(&repo, &clusters, &rest, &own))
        .chain(objects::plaintext(&repo));
    all.for_each(|finding| judged.add(finding));
    judged.append(kustomize.into_told());
    let live = live(&repo, &clusters);
    let judged = allow::filter(&repo, capped(judged, live.as_ref()));
    let found = capped(unreadable(&repo, &referenced), live.as_ref());
    let units = clusters.iter().flat_map(|cluster| &cluster.units);
    Linted {
        found,
        judged,
        files: repo.files.len(),
        objects: units.map(|unit| unit.items.len()).sum::<usize>() + rest.len(),
        clusters: clusters.iter().filter(|cluster| cluster.is_known).count(),
        sources: repo.sources,
    }
}

/// The files that go into a cluster; `None` where nobody knows where Flux begins.
fn live(repo: &Repo<'_>, clusters: &[Cluster]) -> Option<BTreeSet<FileId>> {
    let known = || clusters.iter().filter(|cluster| cluster.is_known);
    known().next()?;
    let files = known().flat_map(|cluster| &cluster.files);
    Some(
        files
            .filter_map(|at| repo.files.get(*at))
            .map(|file| file.id)
            .collect(),
    )
}

/// What is applied nowhere can break nothing: an error of it is a warning. What it gives away is given away.
fn capped(found: Diagnostics, live: Option<&BTreeSet<FileId>>) -> Diagnostics {
    let Some(live) = live else { return found };
    let mut all = Diagnostics::default();
    for finding in found.iter() {
        let is_live = finding.span().is_none_or(|span| live.contains(&span.file));
        let mut finding = finding.clone();
        if !is_live && finding.id != "plaintext-secret" && finding.severity == Severity::Error {
            finding.severity = Severity::Warning;
        }
        all.add(finding);
    }
    all
}

/// What can't be read, of what somebody would apply.
fn unreadable(repo: &Repo<'_>, referenced: &Referenced) -> Diagnostics {
    let mut found = Diagnostics::default();
    let files = repo.files.iter().enumerate().filter(|(at, file)| {
        let is_used = referenced.files.contains(at);
        let is_data = referenced.data.contains(&file.path);
        (is_used || (file.says_kind || file.is_kustomization()) && !file.has_holes) && !is_data
    });
    let broken = files.flat_map(|(_, file)| &file.broken);
    broken
        .chain(&repo.unreadable)
        .for_each(|problem: &Diagnostic| found.add(problem.clone()));
    found
}
