//! The rules: what judges a platform that lowers. A rule is a record and a function in one file, and a page beside it.
//!
//! To add one: `GROUP/ID.rs` (dashes as underscores), `GROUP/ID.md`, and a line in the group's list. Its page is its
//! manual, its `explain` text and its test. A rule changes nothing; it reads one object, one workload, a [`View`] of a
//! lowered cluster, or the platform.

mod backup;
mod clusters;
mod cost;
mod found;
mod gitops;
mod graph;
mod labels;
mod level;
mod loose;
mod network;
mod observability;
pub mod own;
mod page;
mod place;
mod rule;
mod secrets;
pub mod trial;
mod versions;
mod view;
mod workload;

pub use found::{Finding, Told};
pub use level::{Exceptions, spell_out};
pub use loose::objects;
pub use page::{Example, Page, Verdict};
pub use rule::{Group, Level, Levels, On, Rule};
pub use view::{Subject, View, Workload};

pub use own::OwnRule;

use crate::resolve::Platform;
use level::Scales;
use place::Places;
use syntax::Diagnostics;

/// The rules by group, in the order of their words; within a group by id.
const GROUPS: &[&[Rule]] = &[
    backup::RULES,
    clusters::RULES,
    cost::RULES,
    gitops::RULES,
    graph::RULES,
    labels::RULES,
    network::RULES,
    observability::RULES,
    secrets::RULES,
    versions::RULES,
    workload::RULES,
];

/// Every rule that is built in, by group and id.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    GROUPS.iter().flat_map(|rules| *rules)
}

/// A rule by its id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id == id)
}

/// Judges a lowered cluster by some rules, and some of the project's own.
pub fn cluster<'r>(
    rules: impl Iterator<Item = &'r Rule>,
    own: &[OwnRule],
    view: &View<'_>,
    exceptions: &mut Exceptions,
    found: &mut Diagnostics,
) {
    let mut told = Told::default();
    for rule in rules {
        told.begin(rule);
        match rule.on {
            On::Object(kinds, judge) => {
                for subject in view.subjects(kinds) {
                    told.about(subject);
                    judge(subject, &mut told);
                }
            }
            On::Workload(judge) => {
                for workload in view.workloads() {
                    told.about_workload(workload);
                    judge(workload, &mut told);
                }
            }
            On::Cluster(judge) => judge(view, &mut told),
            On::Platform(_) => {}
        }
    }
    for rule in own {
        rule.of_cluster(view, &mut told);
    }
    let places = Places {
        platform: view.cluster.platform,
        origins: view.origins,
        cluster: view.cluster.because,
    };
    let scales = Scales::of_cluster(view.cluster, view.is_relied_on(), view.origins);
    scales.weigh(told, &places, exceptions, found);
}

/// Judges what is above the clusters by some rules.
pub fn platform<'r>(
    rules: impl Iterator<Item = &'r Rule>,
    platform: &Platform,
    exceptions: &mut Exceptions,
    found: &mut Diagnostics,
) {
    let mut told = Told::default();
    for rule in rules {
        if let On::Platform(judge) = rule.on {
            told.begin(rule);
            judge(platform, &mut told);
        }
    }
    let places = Places {
        platform,
        origins: &platform.origins,
        cluster: platform.spec.origin(),
    };
    Scales::of_platform(platform).weigh(told, &places, exceptions, found);
}
