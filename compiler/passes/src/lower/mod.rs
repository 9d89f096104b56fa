//! A cluster with everything decided becomes objects and documents: one target after the other, each knowing its own
//! API and nothing of the others.

pub mod apiserver;
pub mod bootstrap;
pub mod capi;
pub mod flux;
pub mod kind;
pub mod kubernetes;
mod makers;
mod needs;
pub mod observability;
mod operations;
pub mod patch;
mod shapes;
pub mod talos;
#[cfg(test)]
mod try_out;
pub mod units;

use crate::resolve::cluster::Cluster;
use crate::resolve::recovery;
use crate::template::{Evaluator, Scope};
use model::object::{Document, Object};
use syntax::{Diagnostics, Node, OriginId, Origins, Text};
use units::Unit;

pub use shapes::{Templates, shapes};

/// What a cell lowers into.
#[derive(Debug)]
pub struct Cx<'a> {
    /// The cell's origins.
    pub origins: &'a mut Origins,
    /// The cell's findings.
    pub found: &'a mut Diagnostics,
    /// The compiled shapes.
    pub templates: &'a Templates,
    /// Kubernetes objects, each with the folder it goes to.
    pub objects: Vec<(String, Object)>,
    /// Everything else.
    pub documents: Vec<Document>,
    /// What a person should know of this cluster: the build's summary shows it.
    pub notes: Vec<String>,
}

impl<'a> Cx<'a> {
    /// An empty cell.
    #[must_use]
    pub fn new(
        origins: &'a mut Origins,
        found: &'a mut Diagnostics,
        templates: &'a Templates,
    ) -> Self {
        Cx {
            origins,
            found,
            templates,
            objects: Vec::new(),
            documents: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Evaluates a shape; `None` where there is none of this name or all of it is left out.
    pub fn shape(&mut self, name: &str, scope: &Scope) -> Option<Node> {
        let template = self.templates.get(name, self.origins)?;
        Evaluator::new(self.origins, self.found).eval(template, scope)
    }

    /// Evaluates a shape into an object of a folder.
    pub fn object(&mut self, folder: &str, name: &str, scope: &Scope, because: OriginId) {
        if let Some(object) = self
            .shape(name, scope)
            .and_then(|node| Object::new(node, because))
        {
            self.objects.push((folder.to_owned(), object));
        }
    }

    /// A text that the compiler decides by itself.
    pub fn text(&mut self, rule: &'static str, text: impl Into<Text>, reads: &[OriginId]) -> Node {
        let origin = self.origins.rule(rule, reads);
        Node::string(text, origin)
    }
}

/// Lowers a cluster by every target that it needs. Gives the units that it was cut into.
pub fn lower(cluster: &Cluster<'_>, cx: &mut Cx<'_>) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let watched = observability::objects(cluster, cx);
    units.extend(units::cut(cluster, &watched, cx));
    observability::link_own(cluster, &mut units, cx);
    capi::lower(cluster, &mut units, cx);
    kubernetes::lower(cluster, &mut units, cx);
    flux::lower(cluster, &mut units, cx);
    match cluster.provider() {
        "talos" => talos::lower(cluster, cx),
        "kind" => kind::lower(cluster, cx),
        _ => {}
    }
    observability::runbooks(cluster, cx);
    observability::scripts(cluster, cx);
    bootstrap::lower(cluster, &units, cx);
    cx.notes.extend(recovery::note(cluster));
    units
}
