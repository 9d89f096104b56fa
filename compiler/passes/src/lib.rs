//! How one shape becomes the next: load, resolve, lower, emit. Pure functions over what the World gave.
//!
//! ```text
//! load ──▶ Loaded ──shape──▶ Loaded ──resolve──▶ Platform ──cell──▶ Cluster ──lower──▶ objects ──validate, place──▶ trees ──emit──▶ bytes
//! ```

pub mod apps;
mod built_in;
pub mod chart;
pub mod complete;
pub mod component;
pub mod emit;
pub mod evaluate;
pub mod explain;
pub mod graph;
pub mod load;
pub mod lower;
pub mod mixin;
pub mod plan;
pub mod reach;
pub mod resolve;
pub mod sealed;
pub mod shape;
pub mod share;
pub mod summary;
pub mod template;
pub mod unfinished;
pub mod validate;
pub mod world;

use emit::{Leaf, OutFile};
use lower::Cx;
use resolve::cluster::{Cluster, resolve_cluster};
use resolve::{ClusterSpec, Platform};
use summary::Summary;
use syntax::{Diagnostics, Origins, Sources};
use world::World;

/// What reading and resolving gave; the texts are there even where nothing else could be had.
#[derive(Debug)]
pub struct Front {
    /// The platform; `None` where errors leave nothing to lower.
    pub platform: Option<Platform>,
    /// The texts, for diagnostics, where there is no platform to hold them.
    pub sources: Sources,
}

/// One cell, lowered: its files as trees, and where each value came from.
#[derive(Debug)]
pub struct Cell {
    /// The cluster's name.
    pub name: String,
    /// Its files as trees.
    pub leaves: Vec<Leaf>,
    /// Where its values came from.
    pub origins: Origins,
    /// What was found.
    pub found: Diagnostics,
    /// The cluster in short.
    pub summary: Summary,
}

/// Reads the spec and everything that it names, and resolves what is above the clusters.
pub fn front(world: &dyn World, spec: &str, found: &mut Diagnostics) -> Front {
    let mut loaded = load::load(world, spec, found);
    let sources = loaded.sources.clone();
    shape::check(world, &mut loaded, found);
    let platform = resolve::resolve(loaded, found);
    if let Some(platform) = platform.as_ref().filter(|_| found.has_errors()) {
        resolve::explore(platform, found);
    }
    if let Some(platform) = &platform {
        unfinished::spec(platform, found);
    }
    Front { platform, sources }
}

/// Lowers one cluster to trees. Reads only the platform, so cells may be lowered in any order and on any thread.
#[must_use]
pub fn cell(platform: &Platform, spec: &ClusterSpec) -> Cell {
    let mut origins = Origins::extending(&platform.origins);
    let mut found = Diagnostics::default();
    let cluster: Cluster<'_> = resolve_cluster(platform, spec, &mut origins, &mut found);
    let wrong = cluster.wrong;
    unfinished::components(&cluster, &origins, &mut found);
    let mut cx = Cx::new(&mut origins, &mut found, &platform.templates);
    lower::lower(&cluster, &mut cx);
    if !wrong {
        validate::validate(&cluster, &mut cx);
    }
    let summary = Summary {
        notes: std::mem::take(&mut cx.notes),
        ..Summary::of(&cluster)
    };
    let leaves = emit::place(&cluster, cx);
    if wrong {
        // What a template misses in a cluster that is wrong only repeats it.
        found = found.without("expression");
    }
    Cell {
        name: spec.name.to_string(),
        leaves,
        origins,
        found,
        summary,
    }
}

/// The files of a lowered cell.
#[must_use]
pub fn files(platform: &Platform, cell: Cell) -> Vec<OutFile> {
    emit::emit(platform, cell.leaves)
}

/// The library that a world has: for schemas, where there may be no spec.
pub fn library(world: &dyn World, found: &mut Diagnostics) -> model::library::Library {
    let (components, profiles) = load::library(world, found);
    shape::library(&components, &profiles)
}
