//! What a Kustomization of Flux adds to the folder that it names.

use super::kustomize::Built;
use super::patch::Patch;
use super::transform::{self, Names};
use syntax::Node;

/// What is added.
#[derive(Clone, Debug, Default)]
pub(super) struct Extra {
    /// Folders of components, as they are written.
    pub(super) components: Vec<Node>,
    /// Patches, behind those of the folder.
    pub(super) patches: Vec<Patch>,
    names: Names,
}

impl Extra {
    /// Reads the spec of a Kustomization.
    pub(super) fn read(spec: &Node) -> Extra {
        let list = |key: &str| spec.get(key).map_or(&[][..], Node::items);
        let entries = ["patches", "patchesStrategicMerge", "patchesJson6902"];
        let entries = entries.iter().flat_map(|key| list(key));
        Extra {
            components: list("components").to_vec(),
            patches: entries
                .flat_map(|entry| Patch::read(&as_patch(entry), &|_| Vec::new()))
                .collect(),
            names: Names {
                namespace: spec.get("targetNamespace").cloned(),
                prefix: spec.str_at(&["namePrefix"]).map(str::to_owned),
                suffix: spec.str_at(&["nameSuffix"]).map(str::to_owned),
            },
        }
    }

    /// Names and namespaces.
    pub(super) fn transform(&self, built: &mut Built) {
        transform::rename(&self.names, built);
    }
}

/// An entry as Kustomize has it: Flux also takes patches that are no texts.
fn as_patch(entry: &Node) -> Node {
    let is_wrapped = entry.get("patch").is_some() || entry.get("target").is_some();
    match entry.as_map() {
        Some(_) if !is_wrapped => Node::from_entries([("patch", entry.clone())], entry.origin()),
        _ => entry.clone(),
    }
}
