//! The static shapes of every target: read, compiled, and found by name.

use super::{apiserver, capi, flux, kind, kubernetes, observability, talos};
use crate::load::built_in;
use crate::template::{Template, compile};
use rayon::prelude::*;
use std::collections::BTreeMap;
use syntax::{Diagnostics, Node, Origins, Sources};

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
