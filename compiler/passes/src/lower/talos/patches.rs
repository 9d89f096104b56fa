//! The spec's own patches over a machine's documents: the cluster's, its role's, the node's; each must do something.

use super::patch::{self, Effect};
use crate::lower::Cx;
use syntax::{Diagnostic, Entry, Node};

/// The patches of a cluster's levels, and what became of each.
pub struct Patches<'a> {
    settings: &'a Node,
    used: Vec<(&'a Node, Effect)>,
}

impl<'a> Patches<'a> {
    /// The patches that a cluster's settings hold; a secret in one is reported.
    pub fn of(settings: &'a Node, cx: &mut Cx<'_>) -> Self {
        let lists = [
            settings.at(&["talos", "patches"]),
            settings.at(&["machine", "patches"]),
        ]
        .into_iter();
        let roles = settings.get("roles").map_or(&[][..], Node::entries).iter();
        let nodes = settings.get("nodes").map_or(&[][..], Node::entries).iter();
        let owned = roles.chain(nodes).map(|entry| entry.value.get("patches"));
        let mut used = Vec::new();
        for patch in lists
            .chain(owned)
            .flatten()
            .flat_map(Node::items)
            .filter(|patch| patch.as_map().is_some())
        {
            for secret in patch::secrets(patch) {
                cx.found.add(
                    Diagnostic::error("plaintext-secret", "a secret stands in a patch")
                        .at(cx.origins.place(secret), "would be written to the repository as it is")
                        .help("take it out: secrets are merged into machine configs when they are applied"),
                );
            }
            used.push((patch, Effect::default()));
        }
        Patches { settings, used }
    }

    /// Applies every patch that is meant for a node.
    pub fn apply(&mut self, node: &Entry, documents: &mut Vec<Node>, cx: &mut Cx<'_>) {
        if self.used.is_empty() {
            return;
        }
        let role = node.value.str_at(&["role"]).unwrap_or("worker");
        let levels = [
            self.settings.at(&["talos", "patches"]),
            self.settings.at(&["machine", "patches"]),
            self.settings.at(&["roles", role, "patches"]),
            self.settings.at(&["nodes", &node.key, "patches"]),
        ];
        for patch in levels.into_iter().flatten().flat_map(Node::items) {
            let effect = patch::apply(documents, patch, cx.origins);
            if let Some((_, seen)) = self
                .used
                .iter_mut()
                .find(|(known, _)| std::ptr::eq(*known, patch))
            {
                seen.changed |= effect.changed;
                seen.missed |= effect.missed;
            }
        }
    }

    /// Warns of patches that did nothing on any node.
    pub fn report(self, cx: &mut Cx<'_>) {
        for (patch, effect) in self.used.iter().filter(|(_, effect)| !effect.changed) {
            let place = cx.origins.place(patch.origin());
            let (problem, label) = if effect.missed {
                (
                    "a patch deletes what isn't there",
                    "nothing of that name on any node",
                )
            } else {
                (
                    "a patch changes nothing",
                    "every node that it is for has these values already",
                )
            };
            cx.found.add(
                Diagnostic::warning("no-effect", problem)
                    .at(place, label)
                    .help("take it out"),
            );
        }
    }
}
