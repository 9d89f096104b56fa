//! The machines of a cluster: roles, names, and what two of them can't both have.

use super::Check;
use model::form::is_dns_label;
use std::collections::BTreeMap;
use syntax::{Entry, Node, OriginId, Text};

/// Names that Linux or Kubernetes take for something else.
const RESERVED: [&str; 4] = ["localhost", "kubernetes", "controlplane", "worker"];

impl Check<'_> {
    pub(super) fn machines(&mut self) {
        if !self.is_talos() || self.nodes().is_empty() {
            return;
        }
        for node in self.nodes() {
            self.name(node);
            if node.value.get("role").is_none() {
                let message = format!("node `{}` has no `role`", node.key);
                self.error(
                    "missing-key",
                    message,
                    node.key_origin,
                    "`role` is missing",
                    "add `role: controlplane` or `role: worker`",
                );
            }
            self.one_key_each(&node.value);
            self.grouped_link(node);
        }
        for level in [
            &["machine"][..],
            &["roles", "controlplane"],
            &["roles", "worker"],
        ] {
            if let Some(facts) = self.at(level) {
                self.one_key_each(facts);
            }
        }
        self.control_planes();
        self.twins("MAC address", macs);
        self.twins("disk", serials);
    }

    fn name(&mut self, node: &Entry) {
        if RESERVED.contains(&node.key.as_str()) {
            let message = format!("a node can't be called `{}`", node.key);
            self.error(
                "reserved-name",
                message,
                node.key_origin,
                "reserved",
                "choose another name, such as `cp-1`",
            );
        } else if is_dns_label(&node.key) && node.key.bytes().all(|b| b.is_ascii_digit()) {
            let message = format!(
                "a node can't be called `{}`: it would be taken for a number",
                node.key
            );
            self.error(
                "reserved-name",
                message,
                node.key_origin,
                "only digits",
                "choose another name, such as `cp-1`",
            );
        }
    }

    /// Somebody runs etcd and the API.
    fn control_planes(&mut self) {
        let nodes = self.nodes();
        let unknown = nodes
            .iter()
            .any(|node| node.value.str_at(&["role"]).is_none());
        let planes: Vec<&Entry> = nodes
            .iter()
            .filter(|node| node.value.str_at(&["role"]) == Some("controlplane"))
            .collect();
        if planes.is_empty() && !unknown {
            let first = nodes
                .first()
                .map_or(self.name_origin, |node| node.key_origin);
            let help = "give one node, or three, `role: controlplane`";
            self.error(
                "no-control-plane",
                "no node is a control plane",
                first,
                "all of them are workers",
                help,
            );
        }
    }

    /// No two machines have the same of something.
    fn twins(&mut self, what: &str, list: fn(&Node) -> Vec<&Node>) {
        let mut taken: BTreeMap<Text, (&Text, OriginId)> = BTreeMap::new();
        for node in self.nodes() {
            for own in list(&node.value) {
                let Some(text) = own.as_str() else { continue };
                match taken.get(text).copied() {
                    Some((other, _)) if *other == node.key => {}
                    Some((other, origin)) => {
                        let message = format!(
                            "nodes `{other}` and `{}` have the same {what}, `{text}`",
                            node.key
                        );
                        let there = format!("`{other}` has it");
                        self.clash(
                            "duplicate-hardware",
                            message,
                            (own.origin(), "taken"),
                            (origin, &there),
                            "one of the two is wrong",
                        );
                    }
                    None => {
                        taken.insert(text.into(), (&node.key, own.origin()));
                    }
                }
            }
        }
    }

    /// A link that is named like a bond or bridge must be one.
    fn grouped_link(&mut self, node: &Entry) {
        let role = node.value.str_at(&["role"]).unwrap_or_default();
        let levels = [
            Some(&node.value),
            self.at(&["roles", role]),
            self.at(&["machine"]),
        ];
        let Some(link) = levels.iter().flatten().find_map(|level| level.get("link")) else {
            return;
        };
        let Some(name) = link.as_str() else { return };
        let section = if name.starts_with("bond") {
            "bonds"
        } else {
            "bridges"
        };
        let is_group = ["bond", "br"].iter().any(|kind| {
            name.strip_prefix(kind)
                .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
        });
        let known = levels
            .iter()
            .flatten()
            .any(|level| level.at(&[section, name]).is_some());
        if is_group && !known {
            let message = format!("node `{}` has no `{name}` in `{section}`", node.key);
            let help = format!(
                "say what it is made of: `{section}: {{ {name}: {{ links: [enp1s0, enp2s0] }} }}`"
            );
            self.error(
                "unknown-link",
                message,
                link.origin(),
                "its main link",
                help,
            );
        }
    }

    /// Each key of an encrypted volume is of one kind.
    fn one_key_each(&mut self, facts: &Node) {
        for volume in facts.get("volumes").map_or(&[][..], Node::entries) {
            for key in volume
                .value
                .at(&["encryption", "keys"])
                .map_or(&[][..], Node::items)
            {
                let kinds = ["nodeID", "tpm", "kms"]
                    .iter()
                    .filter(|kind| key.get(kind).is_some())
                    .count();
                if kinds != 1 && key.as_map().is_some() {
                    let at = key
                        .entries()
                        .first()
                        .map_or(key.origin(), |entry| entry.key_origin);
                    let message = format!(
                        "a key of volume `{}` must be exactly one of `nodeID`, `tpm` and `kms`",
                        volume.key
                    );
                    self.error(
                        "encryption-key",
                        message,
                        at,
                        format!("{kinds} of them"),
                        "make a key of its own for each",
                    );
                }
            }
        }
    }
}

/// The MAC addresses by which a machine's links are found.
fn macs(node: &Node) -> Vec<&Node> {
    let mut all: Vec<&Node> = Vec::new();
    let mut links: Vec<&Node> = node.get("link").into_iter().collect();
    for section in ["bonds", "bridges"] {
        for group in node.get(section).map_or(&[][..], Node::entries) {
            links.extend(group.value.get("links").map_or(&[][..], Node::items));
        }
    }
    for link in links {
        all.extend(
            link.get("mac")
                .or(Some(link))
                .filter(|link| link.as_str().is_some_and(is_mac)),
        );
    }
    for link in node.get("links").map_or(&[][..], Node::entries) {
        all.extend(link.value.get("mac"));
        all.extend(link.value.at(&["selector", "mac"]));
    }
    all
}

fn is_mac(text: &str) -> bool {
    text.len() == 17 && text.bytes().filter(|b| *b == b':').count() == 5
}

/// The serial numbers of a machine's disks.
fn serials(node: &Node) -> Vec<&Node> {
    let volumes = node
        .get("volumes")
        .map_or(&[][..], Node::entries)
        .iter()
        .filter_map(|volume| volume.value.get("disk"));
    let disks = node.get("disk").into_iter().chain(volumes);
    disks
        .filter_map(|disk| disk.get("serial").or(Some(disk)))
        .filter(|disk| {
            disk.as_str()
                .is_some_and(|text| !text.starts_with('/') && !text.contains('*'))
        })
        .collect()
}
