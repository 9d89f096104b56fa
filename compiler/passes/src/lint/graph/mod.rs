//! Graph truth: that what names something names what is there, and that nothing is there twice.

mod definitions;
mod depends;
mod files;
mod owners;
mod routes;
mod sources;
mod variables;

use super::clusters::{Cluster, Unit};
use super::kustomize::Item;
use super::repo::Repo;
use syntax::{Diagnostic, Diagnostics, Node, Span};

/// Kinds that make objects of their own, which are not seen from here.
const GENERATORS: [&str; 3] = ["ApplicationSet", "GitOpsSet", "ResourceSet"];

/// A look at clusters.
pub(super) struct Look<'r> {
    repo: &'r Repo<'r>,
    found: Diagnostics,
}

impl Look<'_> {
    fn add(&mut self, problem: Diagnostic) {
        self.found.add(problem);
    }

    /// Whether a cluster has what makes other objects.
    fn generates(&self, cluster: &Cluster) -> bool {
        let mut items = cluster.units.iter().flat_map(|unit| &unit.items);
        items.any(|item| {
            let kind = item.node.str_at(&["kind"]).unwrap_or_default();
            GENERATORS.contains(&kind)
        })
    }

    /// Where an object's name stands.
    fn name_of(&self, node: &Node) -> Option<Span> {
        let name = node.at(&["metadata", "name"]).unwrap_or(node);
        self.repo.place(name.origin())
    }
}

/// Every object of a cluster with the unit that applies it.
fn items(cluster: &Cluster) -> impl Iterator<Item = (usize, &Unit, &Item)> {
    let units = cluster.units.iter().enumerate();
    units.flat_map(|(at, unit)| unit.items.iter().map(move |item| (at, unit, item)))
}

/// Judges all clusters.
pub(super) fn check(repo: &Repo<'_>, clusters: &[Cluster], referenced: &Referenced) -> Diagnostics {
    let mut look = Look {
        repo,
        found: Diagnostics::default(),
    };
    for cluster in clusters {
        depends::check(&mut look, cluster);
        sources::check(&mut look, cluster);
        variables::check(&mut look, cluster);
        // What begins in one folder need not go to one cluster.
        if cluster.is_known {
            owners::check(&mut look, cluster);
            routes::check(&mut look, cluster);
            definitions::check(&mut look, cluster);
        }
    }
    files::check(&mut look, clusters, referenced);
    look.found
}

pub(super) use files::Referenced;
