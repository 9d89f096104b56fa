//! The kinds that hold state, as the engine keeps them: one list for both.

use model::object::ObjectId;
use std::sync::OnceLock;
use syntax::parse::parse_one;
use syntax::{Diagnostics, Node, OriginId, Origins, Sources};

/// Kinds without which no data is lost: what holds it is another object.
const HOLD_NOTHING: [&str; 9] = [
    "BootstrapProvider",
    "ControlPlaneProvider",
    "CoreProvider",
    "CustomResourceDefinition",
    "FluxInstance",
    "IPAMProvider",
    "InfrastructureProvider",
    "ObjectStore",
    "StorageClass",
];

/// Whether data is lost when an object of this kind is removed.
pub fn holds_data(id: &ObjectId) -> bool {
    let kinds = kinds()
        .at(&["kinds", &id.group])
        .map_or(&[][..], Node::items);
    let named = kinds.iter().any(|kind| kind.as_str() == Some(&id.kind));
    // Classes and templates only describe.
    let describes = id.kind.ends_with("Template") || id.kind.ends_with("Class");
    named && !describes && !HOLD_NOTHING.contains(&id.kind.as_str())
}

fn kinds() -> &'static Node {
    static KINDS: OnceLock<Node> = OnceLock::new();
    KINDS.get_or_init(|| {
        let text = include_str!("../../lower/flux/keep.yaml");
        let file = Sources::default().add("<formwork>/lower/flux/keep.yaml", text);
        let mut origins = Origins::default();
        let kinds = parse_one(file, text, &mut origins, &mut Diagnostics::default());
        kinds.unwrap_or_else(|| Node::null(OriginId::default()))
    })
}
