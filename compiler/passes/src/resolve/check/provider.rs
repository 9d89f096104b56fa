//! What a provider must be told, and what it would never hear.

use super::super::managers::PROVIDER;
use super::Check;
use super::lookup::list;
use syntax::suggest::nearest;
use syntax::{Diagnostic, Node};

/// What only Talos reads, by its path.
const TALOS_ONLY: [&[&str]; 9] = [
    &["machine"],
    &["roles"],
    &["nodes"],
    &["talos"],
    &["network", "nodes"],
    &["network", "router"],
    &["network", "vlan"],
    &["network", "apiServer"],
    &["network", "sans"],
];

impl Check<'_> {
    pub(super) fn provider(&mut self) {
        let origin = self.name_origin;
        match self.settings.get("provider").map(|node| (node, node.as_str())) {
            None => self.error(
                "missing-key",
                format!("cluster `{}` has no `provider`", self.name),
                origin,
                "made with what?",
                "add `provider: talos` for machines, `provider: kind` for containers on a workstation, or `provider: capi` for machines that another cluster makes",
            ),
            Some((node, Some("talos"))) => self.talos(node),
            Some((node, Some("kind"))) => self.kind(node),
            Some((node, Some(PROVIDER))) => self.capi(node),
            Some(_) => {}
        }
        self.size();
        if matches!(self.name.as_str(), "shared" | "localhost") {
            let message = format!("a cluster can't be called `{}`", self.name);
            self.error(
                "reserved-name",
                message,
                origin,
                "reserved",
                "choose another name",
            );
        }
    }

    fn talos(&mut self, provider: &Node) {
        self.means_nothing(&[&["kind"]], provider, "Talos cluster");
        self.made_by_others(provider, "Talos cluster");
        if self
            .settings
            .get("nodes")
            .is_none_or(|nodes| nodes.as_map().is_some_and(syntax::Map::is_empty))
        {
            let help = "state its machines: `nodes: { cp-1: { role: controlplane, address: 10.0.10.11/24, disk: /dev/sda } }`";
            let message = format!("Talos cluster `{}` has no nodes", self.name);
            return self.error("no-nodes", message, self.name_origin, "no `nodes`", help);
        }
        if self.at(&["network", "nodes"]).is_none()
            && self.settings.at(&["network", "nodes"]).is_none()
        {
            let help =
                "state the network that its machines are in: `network: { nodes: 10.0.10.0/24 }`";
            let message = format!("Talos cluster `{}` has no `network.nodes`", self.name);
            self.error(
                "missing-key",
                message,
                self.name_origin,
                "no `network.nodes`",
                help,
            );
        }
    }

    fn kind(&mut self, provider: &Node) {
        self.means_nothing(&TALOS_ONLY, provider, "Kind cluster");
        self.made_by_others(provider, "Kind cluster");
    }

    /// The size must be one of `sizes`.
    fn size(&mut self) {
        let Some(size) = self.at(&["size"]) else {
            return;
        };
        let Some(name) = size.as_str() else { return };
        let sizes = self.settings.get("sizes").map_or(&[][..], Node::entries);
        if sizes.iter().any(|entry| entry.key == name) {
            return;
        }
        let place = self.origins.place(size.origin());
        let mut report = Diagnostic::error("unknown-size", format!("there is no size `{name}`"))
            .at(place, "not in `sizes`");
        let known = || sizes.iter().map(|entry| entry.key.as_str());
        report = match (nearest(name, known()), place) {
            (Some(near), Some(span)) => report
                .help(format!("did you mean `{near}`?"))
                .fix(span, near),
            (Some(near), None) => report.help(format!("did you mean `{near}`?")),
            (None, _) => report.help(format!("there are: {}", list(known()))),
        };
        self.found.add(report);
    }
}
