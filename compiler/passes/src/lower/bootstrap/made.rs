//! A cluster that another makes is brought up from there. What is left for its own folder is the object from which Flux
//! is made, which the maker applies, and a script that gives Flux its secrets.

use crate::lower::Cx;
use crate::resolve::cluster::Cluster;
use model::object::{Content, Document};
use syntax::{Map, Node};

/// The kind of the object from which Flux is made.
const ENGINE: &str = "FluxInstance";

/// The folder, below the output folder, of what makes Flux in a cluster.
#[must_use]
pub fn engine_folder(cluster: &str) -> String {
    format!("bootstrap/{cluster}/flux")
}

/// The object from which Flux is made, as a component states it.
pub fn engine<'c>(cluster: &'c Cluster<'_>) -> Option<&'c Node> {
    let mut objects = cluster.components.iter().flat_map(|c| &c.objects);
    objects.find(|object| object.str_at(&["kind"]) == Some(ENGINE))
}

/// Adds that object, as the cluster's own tree has it, in a folder of its own: what lies beside it there is of kinds that
/// only Flux brings.
pub fn add_engine(cluster: &Cluster<'_>, cx: &mut Cx<'_>) {
    let Some((_, object)) = cx
        .objects
        .iter()
        .find(|(_, it)| it.id.kind == ENGINE)
        .cloned()
    else {
        return;
    };
    let folder = engine_folder(&cluster.name);
    let because = cx.origins.rule("bootstrap/engine", &[object.because]);
    let file = format!("fluxinstance-{}.yaml", object.id.name);
    let text = |text: &str| Node::string(text, because);
    let mut listing = Map::default();
    listing.set(
        "apiVersion",
        because,
        text("kustomize.config.k8s.io/v1beta1"),
    );
    listing.set("kind", because, text("Kustomization"));
    listing.set("resources", because, Node::list([text(&file)], because));
    for (name, node) in [
        (file.as_str(), crate::emit::layout::ordered(&object.node)),
        ("kustomization.yaml", Node::map(listing, because)),
    ] {
        cx.documents.push(Document {
            path: format!("{folder}/{name}"),
            content: Content::Yaml(vec![node]),
            because,
        });
    }
}
