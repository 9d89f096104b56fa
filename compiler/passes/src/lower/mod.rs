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
pub mod talos;
#[cfg(test)]
mod try_out;
pub mod units;

use crate::load::built_in;
use crate::resolve::cluster::Cluster;
use crate::resolve::recovery;
use crate::template::{Evaluator, Scope, Template, compile};
use model::object::{Document, Object};
use rayon::prelude::*;
use std::collections::BTreeMap;
use syntax::{Diagnostics, Node, OriginId, Origins, Sources, Text};
use units::Unit;

/// The static shapes of a target: the name and text of each template.
pub type Shapes = &'static [(&'static str, &'static str)];

/// The shapes of every target, sorted by name.
const SHAPES: [Shapes; 8] = [
    apiserver::SHAPES,
    crate::apps::SHAPES,
    capi::SHAPES,
    flux::SHAPES,
    kind::SHAPES,
    kubernetes::SHAPES,
    observability::SHAPES,
    talos::SHAPES,
];

/// The compiled shapes of every target.
#[derive(Debug, Default)]
pub struct Templates(BTreeMap<&'static str, Template>);

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

/// The shapes of every target, parsed.
pub fn shapes(
    sources: &mut Sources,
    origins: &mut Origins,
    found: &mut Diagnostics,
) -> Vec<(&'static str, Node)> {
    let texts = SHAPES.iter().copied().flatten().copied();
    built_in("lower", texts, sources, origins, found)
}

impl Templates {
    /// Compiles the shapes, as they were [`parsed`](shapes).
    #[must_use]
    pub fn compile(
        shapes: &[(&'static str, Node)],
        sources: &Sources,
        origins: &Origins,
    ) -> (Self, Diagnostics) {
        let one = |(name, node): &(&'static str, Node)| {
            let mut found = Diagnostics::default();
            (*name, compile(node, sources, origins, &mut found), found)
        };
        let compiled: Vec<_> = shapes.par_iter().map(one).collect();
        let mut all = (Templates::default(), Diagnostics::default());
        for (name, template, found) in compiled {
            all.0.0.insert(name, template);
            all.1.append(found);
        }
        all
    }

    /// A shape by its name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Template> {
        self.0.get(name)
    }
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
        let template = self.templates.get(name)?;
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
