//! From nothing to a cluster that Flux keeps: per cluster a script, and beside it the values of what it installs. Both
//! are read from what was lowered for Flux, so that Flux adopts every release as it finds it. A cluster that another makes
//! needs only the part that holds secrets.

mod made;
mod plan;
mod script;

use super::Cx;
use super::units::Unit;
use crate::resolve::cluster::Cluster;
use crate::resolve::managers::PROVIDER;
pub use made::{engine, engine_folder};
use model::object::{Content, Document};
pub use plan::order;
use plan::{Plan, Source};
use syntax::{Map, Node};

/// Adds the script and the values. Reads the lowered objects: it goes last.
pub fn lower(cluster: &Cluster<'_>, units: &[Unit], cx: &mut Cx<'_>) {
    let plan = Plan::of(cluster, units, cx);
    let folder = format!("bootstrap/{}", cluster.name);
    let because = cx.origins.rule("bootstrap/cluster", &[cluster.because]);
    let is_made = cluster.provider() == PROVIDER;
    if is_made {
        made::add_engine(cluster, cx);
    }
    for install in plan.installs.iter().filter(|_| !is_made) {
        let Source::Chart {
            release, values, ..
        } = &install.source
        else {
            continue;
        };
        let values = values
            .clone()
            .unwrap_or_else(|| Node::map(Map::default(), because));
        cx.documents.push(Document {
            path: format!("{folder}/values/{release}.yaml"),
            content: Content::Yaml(vec![values]),
            because,
        });
    }
    let (text, reads) = script::write(cluster, &plan);
    cx.documents.push(Document {
        path: format!("{folder}/bootstrap.sh"),
        content: Content::Text { text, reads },
        because,
    });
}
