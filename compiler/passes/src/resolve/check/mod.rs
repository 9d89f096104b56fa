//! A resolved cluster against itself: what shape can't see, because it takes two places to be wrong.
//!
//! What can't be read as what it should be is passed over: shape has told it. Messages don't name the cluster, so that a
//! mistake of a template is told once, not once a row.

mod address;
mod backup;
mod balancer;
mod capi;
mod dns;
mod lookup;
mod machine;
mod neighbours;
mod network;
mod observability;
mod pools;
mod provider;
mod settings;

pub(super) use neighbours::neighbours;

use super::ClusterSpec;
use std::collections::BTreeMap;
use syntax::{Diagnostic, Diagnostics, Node, OriginId, Origins, Text};

/// A cluster that is being checked.
pub(super) struct Check<'a> {
    name: &'a Text,
    name_origin: OriginId,
    settings: &'a Node,
    origins: &'a Origins,
    found: &'a mut Diagnostics,
}

/// Checks a cluster's settings, all levels merged and everything derived, and whether it can make others where it does.
pub(super) fn check(
    spec: &ClusterSpec,
    settings: &Node,
    manages: bool,
    origins: &Origins,
    found: &mut Diagnostics,
) {
    let mut check = Check {
        name: &spec.name,
        name_origin: spec.name_origin,
        settings,
        origins,
        found,
    };
    check.provider();
    if manages {
        check.manager();
    }
    check.networks();
    check.addresses();
    check.balancer();
    check.machines();
    check.sections();
    check.backup();
    check.observability();
    check.dns();
}

/// Two clusters must not have one number.
pub(super) fn ids(clusters: &[ClusterSpec], origins: &Origins, found: &mut Diagnostics) {
    let mut taken: BTreeMap<i64, (&Text, OriginId)> = BTreeMap::new();
    for cluster in clusters {
        let Some(stated) = cluster
            .layers
            .iter()
            .rev()
            .find_map(|layer| layer.get("id"))
        else {
            continue;
        };
        let Some(id) = stated.as_i64() else { continue };
        if let Some((other, origin)) = taken.insert(id, (&cluster.name, stated.origin())) {
            found.add(
                Diagnostic::error(
                    "duplicate-id",
                    format!("`{other}` and `{}` have the same id, {id}", cluster.name),
                )
                .at(origins.place(stated.origin()), "taken")
                .at(origins.place(origin), format!("by `{other}`"))
                .help("give each cluster a number of its own: pools are divided by it"),
            );
        }
    }
}

impl<'a> Check<'a> {
    fn at(&self, path: &[&str]) -> Option<&'a Node> {
        self.settings.at(path).filter(|node| !node.is_null())
    }

    fn is_talos(&self) -> bool {
        self.settings.str_at(&["provider"]) == Some("talos")
    }

    /// The cluster's nodes, by name.
    fn nodes(&self) -> &'a [syntax::Entry] {
        self.settings.get("nodes").map_or(&[][..], Node::entries)
    }

    fn error(
        &mut self,
        id: &'static str,
        message: impl Into<String>,
        at: OriginId,
        label: impl Into<String>,
        help: impl Into<String>,
    ) {
        let place = self.origins.place(at);
        self.found
            .add(Diagnostic::error(id, message).at(place, label).help(help));
    }

    /// Two places that can't both be right.
    fn clash(
        &mut self,
        id: &'static str,
        message: impl Into<String>,
        here: (OriginId, &str),
        there: (OriginId, &str),
        help: &str,
    ) {
        let (a, b) = (self.origins.place(here.0), self.origins.place(there.0));
        let mut report = Diagnostic::error(id, message).at(a, here.1);
        if a != b {
            report = report.at(b, there.1);
        }
        self.found.add(report.help(help));
    }
}
