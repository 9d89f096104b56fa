//! Talos machine configs: one file per node, whole but for its secrets, which are merged in when it is applied.
//!
//! What machines of a cluster have in common is made once from templates; over it come the disk, image, names and links
//! of each machine, then the patches of the spec, general to specific.

mod address;
mod cluster;
mod common;
mod contract;
mod disk;
mod facts;
mod host;
mod image;
mod interface;
mod link;
mod make;
mod own;
mod patch;
mod patches;
mod raw;
mod schematic;
#[cfg(test)]
mod tests;

use super::Cx;
use super::needs::Needs;
use crate::resolve::cluster::Cluster;
use common::{Common, common};
use host::Source;
use model::object::{Content, Document};
use patches::Patches;
pub use raw::raw_volumes;
use syntax::Node;

/// Writes the config of every machine of a cluster.
pub fn lower(cell: &Cluster<'_>, cx: &mut Cx<'_>) {
    let Some(contract) = cluster::contract(cell, cx) else {
        return;
    };
    let needs = Needs::gather(cell, "talos", cx);
    raw::check(cell, &needs, cx);
    let Some(cluster) = cluster::cluster(cell, &needs, cx) else {
        return;
    };
    let source = Source {
        cell,
        contract: &contract,
        needs: &needs,
        cluster: &cluster,
    };
    let mut patches = Patches::of(&cell.settings, cx);
    let mut commons: Vec<Common> = Vec::new();
    let mut images = image::Images::new(&contract);
    let nodes = cell.settings.get("nodes").map_or(&[][..], Node::entries);
    for node in nodes.iter().filter(|node| node.value.as_map().is_some()) {
        let facts = facts::merged(cell, node, cx);
        let shared = facts::shared(&facts, cx.origins);
        let at = commons
            .iter()
            .position(|common| facts::identical(&common.facts, &shared));
        if at.is_none() {
            let made = common(&source, shared, cx);
            commons.push(made);
        }
        let Some(common) = at.map_or_else(|| commons.last(), |at| commons.get(at)) else {
            continue;
        };
        let mut documents = Vec::with_capacity(common.documents.len() + 4);
        documents.push(common.main.clone());
        own::documents(&source, node, &facts, &mut images, &mut documents, cx);
        documents.extend(common.documents.iter().cloned());
        own::depends_on_role(node, &mut documents, cx);
        patches.apply(node, &mut documents, cx);
        let path = format!("machines/{}/{}.yaml", cell.name, node.key);
        cx.documents.push(Document {
            path,
            content: Content::Yaml(documents),
            because: node.key_origin,
        });
    }
    patches.report(cx);
    images.write(&cell.name, cx);
}
