//! What is installed, and where: the disk, the installer image with its schematic, and the names of the machine's API.

use super::contract::Contract;
use super::disk;
use super::host::Source;
use super::make::Make;
use super::schematic::Schematic;
use crate::lower::Cx;
use model::object::{Content, Document};
use std::collections::BTreeMap;
use syntax::{Diagnostic, Entry, Kind, Map, Node, OriginId, Text};

/// Where installer images come from, where the spec names no other place.
const FACTORY: &str = "factory.talos.dev/metal-installer";

/// The installer images of a cluster's machines.
pub struct Images<'c> {
    contract: &'c Contract,
    known: Vec<(Schematic, String)>,
    written: BTreeMap<String, Node>,
}

impl<'c> Images<'c> {
    /// No image yet.
    pub fn new(contract: &'c Contract) -> Self {
        Images {
            contract,
            known: Vec::new(),
            written: BTreeMap::new(),
        }
    }

    /// Writes each schematic whose id was computed: the factory knows an id only after it was given the schematic.
    pub fn write(self, cluster: &str, cx: &mut Cx<'_>) {
        for (id, node) in self.written {
            let because = node.origin();
            let path = format!("machines/{cluster}/schematics/{id}.yaml");
            cx.documents.push(Document {
                path,
                content: Content::Yaml(vec![node]),
                because,
            });
        }
    }

    /// The id of a schematic; `None` where it can't be computed here.
    fn id(&mut self, schematic: Schematic, node: Node, make: &mut Make<'_>) -> Option<String> {
        if let Some((_, id)) = self.known.iter().find(|(known, _)| *known == schematic) {
            // Another machine wants it too.
            if let Some(written) = self.written.get_mut(id) {
                let reads = [written.origin(), node.origin()];
                let origin = make.origins.rule("talos/schematic", &reads);
                *written = std::mem::replace(written, node).with_origin(origin);
            }
            return Some(id.clone());
        }
        let id = schematic.id()?;
        if schematic != Schematic::default() {
            self.written.insert(id.clone(), node);
        }
        self.known.push((schematic, id.clone()));
        Some(id)
    }
}

/// `machine.install` of a machine.
pub fn install(
    source: &Source<'_>,
    node: &Entry,
    facts: &Node,
    size: Option<&Node>,
    images: &mut Images<'_>,
    make: &mut Make<'_>,
) -> Node {
    let mut install = Map::default();
    match disk::install(facts.get("disk"), size, make) {
        Some((key, value)) => install.set(key, value.origin(), value),
        None => {
            let problem = format!("node `{}` has no disk to install on", node.key);
            let place = make.origins.place(node.key_origin);
            let help =
                "state its `disk` (a path, a serial number or a selector), or the cluster's `size`";
            make.found.add(
                Diagnostic::error("no-disk", problem)
                    .at(place, "no `disk`")
                    .help(help),
            );
        }
    }
    if let Some(image) = image(source, node, facts, images, make) {
        install.set("image", image.origin(), image);
    }
    let wipe = facts.get("wipe").cloned();
    let wipe = wipe
        .unwrap_or_else(|| Node::bool(false, make.origins.rule("talos/wipe", &[node.key_origin])));
    install.set("wipe", wipe.origin(), wipe);
    // The kernel's arguments come with the image, from its schematic.
    let uki = make
        .origins
        .rule("talos/kernel-arguments", &[node.key_origin]);
    install.set("grubUseUKICmdline", uki, Node::bool(true, uki));
    Node::map(install, node.key_origin)
}

/// Puts what is the machine's alone into the main document's `machine`.
pub fn set_own(machine: &mut Node, install: Node, names: &[Node], facts: &Node) {
    let Some(map) = machine.as_map_mut() else {
        return;
    };
    let said = facts.get("certSANs");
    let mut all: Vec<Node> = names.to_vec();
    for name in said.map_or(&[][..], Node::items) {
        if !all.contains(name) {
            all.push(name.clone());
        }
    }
    let origin = said.map_or(install.origin(), Node::origin);
    map.set("certSANs", origin, Node::list(all, origin));
    map.set("install", install.origin(), install);
}

/// The installer image of a machine, tagged with the Talos version.
fn image(
    source: &Source<'_>,
    node: &Entry,
    facts: &Node,
    images: &mut Images<'_>,
    make: &mut Make<'_>,
) -> Option<Node> {
    let version = source.cell.settings.at(&["versions", "talos"])?;
    let tag = images.contract.tag();
    let mut reads = vec![version.origin()];
    if let Some(image) = facts.get("image") {
        reads.push(image.origin());
        unseen(source, node, facts, "image", make);
        unused(
            source,
            facts,
            "image",
            &[
                "schematic",
                "extensions",
                "kernelArgs",
                "overlay",
                "secureboot",
            ],
            make,
        );
        return Some(make.text("talos/image", format!("{}:{tag}", image.as_str()?), &reads));
    }
    let id = match facts.get("schematic") {
        Some(id) => {
            unused(
                source,
                facts,
                "schematic",
                &["extensions", "kernelArgs", "overlay"],
                make,
            );
            unseen(source, node, facts, "schematic", make);
            reads.push(id.origin());
            id.as_str()?.to_owned()
        }
        None => {
            let (id, origin) = schematic(source, facts, images, make)?;
            reads.push(origin);
            id
        }
    };
    let secure = facts.get("secureboot");
    reads.extend(secure.map(Node::origin));
    let suffix = if secure.and_then(Node::as_bool) == Some(true) {
        "-secureboot"
    } else {
        ""
    };
    Some(make.text(
        "talos/image",
        format!("{FACTORY}{suffix}/{id}:{tag}"),
        &reads,
    ))
}

/// Facts that are said in vain beside another one.
fn unused(source: &Source<'_>, facts: &Node, beside: &str, keys: &[&str], make: &mut Make<'_>) {
    let Some(winner) = facts.get(beside) else {
        return;
    };
    for key in keys {
        // What a component needs, it states to be held by the image.
        let needed = source.needs.get(key).map_or(&[][..], Node::items);
        let held = |fact: &&Node| {
            !fact.items().is_empty() && fact.items().iter().all(|item| needed.contains(item))
        };
        let fact = facts.get(key).filter(|fact| !is_empty(fact));
        if let Some(fact) = fact.filter(|fact| !held(fact)) {
            make.found.add(
                Diagnostic::error(
                    "image-clash",
                    format!("`{key}` has no effect beside `{beside}`"),
                )
                .at(
                    make.origins.place(fact.origin()),
                    "would never reach the machine",
                )
                .at(
                    make.origins.place(winner.origin()),
                    "decides what is installed",
                )
                .help(
                    "take one of the two out; an empty list on a node clears what its cluster says",
                ),
            );
        }
    }
}

/// Whether a fact says that there is nothing.
fn is_empty(fact: &Node) -> bool {
    fact.as_bool() == Some(false) || matches!(fact.kind(), Kind::List(items) if items.is_empty())
}

/// An image made elsewhere can't be looked into: what components need in it, the node has to state.
fn unseen(source: &Source<'_>, node: &Entry, facts: &Node, key: &str, make: &mut Make<'_>) {
    let Some(stated) = facts.get(key) else {
        return;
    };
    for word in ["extensions", "kernelArgs"] {
        for need in source.needs.get(word).map_or(&[][..], Node::items) {
            if facts
                .get(word)
                .is_some_and(|held| held.items().contains(need))
            {
                continue;
            }
            let what = need.as_str().unwrap_or_default();
            let who = source.needs.asker(word, what).unwrap_or("a component");
            make.found.add(
                Diagnostic::error(
                    "host-needs",
                    format!("node `{}` needs `{what}`, which its `{key}` may not hold", node.key),
                )
                .at(
                    make.origins.place(stated.origin()),
                    "made elsewhere: nothing can be added to it",
                )
                .at(make.origins.place(need.origin()), format!("`{who}` needs it"))
                .help(format!(
                    "take `{key}` out, and it is added by itself; or, if it does hold it, say so beside it: `{word}: [{what}]`"
                )),
            );
        }
    }
}

/// The id of the schematic that facts and components ask for.
fn schematic(
    source: &Source<'_>,
    facts: &Node,
    images: &mut Images<'_>,
    make: &mut Make<'_>,
) -> Option<(String, OriginId)> {
    let mut reads: Vec<OriginId> = Vec::new();
    let mut listed = |key: &str| {
        let mut items: Vec<Node> = Vec::new();
        for list in [source.needs.get(key), facts.get(key)]
            .into_iter()
            .flatten()
        {
            reads.push(list.origin());
            for item in list.items() {
                if !items.contains(item) {
                    items.push(item.clone());
                }
            }
        }
        reads.extend(items.iter().map(Node::origin));
        items
    };
    let mut extensions = listed("extensions");
    extensions.sort_by_key(Node::scalar_text);
    let kernel_args = listed("kernelArgs");
    let overlay = facts.get("overlay").cloned();
    if let Some(overlay) = &overlay {
        reads.extend(overlay.leaves().map(|(_, leaf)| leaf.origin()));
    }
    let texts = |items: &[Node]| {
        items
            .iter()
            .filter_map(Node::scalar_text)
            .collect::<Vec<Text>>()
    };
    let wanted = Schematic {
        overlay: overlay.clone(),
        kernel_args: texts(&kernel_args),
        extensions: texts(&extensions),
    };
    let origin = make.origins.rule("talos/schematic", &reads);
    let by_role = source.cell.settings.get("roles").and(facts.get("role"));
    let whole: Vec<OriginId> = [origin]
        .into_iter()
        .chain(by_role.map(Node::origin))
        .collect();
    let whole = make.origins.rule("talos/schematic", &whole);
    let node = document(overlay, kernel_args, extensions, make).with_origin(whole);
    let id = images.id(wanted, node, make);
    if id.is_none() {
        let place = reads.last().and_then(|read| make.origins.place(*read));
        make.found.add(
            Diagnostic::error("schematic", "the id of this machine's schematic can't be computed")
                .at(place, "holds a text that only the factory can hash")
                .help("give the schematic to the factory yourself and state the id that it answers: `schematic: ID`"),
        );
    }
    Some((id?, origin))
}

/// A schematic as the factory takes it.
fn document(
    overlay: Option<Node>,
    kernel_args: Vec<Node>,
    extensions: Vec<Node>,
    make: &mut Make<'_>,
) -> Node {
    let origin = make.origins.rule("talos/document", &[]);
    let mut customization = Map::default();
    if !kernel_args.is_empty() {
        customization.set("extraKernelArgs", origin, Node::list(kernel_args, origin));
    }
    if !extensions.is_empty() {
        let official = Node::list(extensions, origin);
        let official = Node::from_entries([("officialExtensions", official)], origin);
        customization.set("systemExtensions", origin, official);
    }
    let mut schematic = Map::default();
    if let Some(overlay) = overlay {
        schematic.set("overlay", overlay.origin(), overlay);
    }
    let customization = Node::map(customization, origin);
    schematic.set("customization", origin, customization);
    Node::map(schematic, origin)
}
