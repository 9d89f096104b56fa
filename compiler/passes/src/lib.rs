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
pub mod lint;
pub mod load;
pub mod lower;
pub mod mixin;
pub mod plaintext;
pub mod plan;
pub mod reach;
pub mod resolve;
pub mod rules;
pub mod sealed;
pub mod secrets;
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
use rules::{Exceptions, View};
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
    /// What rules say of it, where they were asked.
    pub judged: Judged,
    /// The cluster in short.
    pub summary: Summary,
}

/// What rules say.
#[derive(Debug, Default)]
pub struct Judged {
    /// What they found. An error among it says no to a build, as those of the compiler do.
    pub found: Diagnostics,
    /// What became of the exceptions that the spec states.
    pub exceptions: Exceptions,
}

impl Judged {
    /// Brings together what is said of two clusters.
    pub fn append(&mut self, other: Judged) {
        self.found.append(other.found);
        self.exceptions.append(other.exceptions);
    }
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

/// Judges what is above the clusters, once it is right.
#[must_use]
pub fn judge(platform: &Platform) -> Judged {
    let mut judged = Judged::default();
    rules::platform(
        rules::all(),
        platform,
        &mut judged.exceptions,
        &mut judged.found,
    );
    judged
}

/// Lowers one cluster to trees. Reads only the platform, so cells may be lowered in any order and on any thread.
#[must_use]
pub fn cell(platform: &Platform, spec: &ClusterSpec) -> Cell {
    lowered(platform, spec, false)
}

/// Lowers one cluster and judges it by the rules.
#[must_use]
pub fn judged_cell(platform: &Platform, spec: &ClusterSpec) -> Cell {
    lowered(platform, spec, true)
}

fn lowered(platform: &Platform, spec: &ClusterSpec, judge: bool) -> Cell {
    let mut origins = Origins::extending(&platform.origins);
    let mut found = Diagnostics::default();
    let cluster: Cluster<'_> = resolve_cluster(platform, spec, &mut origins, &mut found);
    let wrong = cluster.wrong;
    unfinished::components(&cluster, &origins, &mut found);
    let mut cx = Cx::new(&mut origins, &mut found, &platform.templates);
    let units = lower::lower(&cluster, &mut cx);
    if !wrong {
        validate::validate(&cluster, &mut cx);
    }
    let mut judged = Judged::default();
    if judge && !cx.found.has_errors() {
        let view = View::new(&cluster, &units, &cx.objects, &cx.documents, cx.origins);
        let Judged { found, exceptions } = &mut judged;
        rules::cluster(rules::all(), &platform.own_rules, &view, exceptions, found);
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
        judged,
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
    let (own, _) = load::own_rules(world, found);
    shape::library(&components, &profiles, &own)
}
