//! The static shapes of every target: read, compiled, and found by name.

use crate::built_in::built_in;
use crate::template::{Template, compile};
use rayon::prelude::*;
use std::collections::BTreeMap;
use syntax::{Diagnostics, Node, Origins, Sources};

/// The compiled shapes of every target.
#[derive(Debug, Default)]
pub struct Templates(BTreeMap<&'static str, Template>);

/// The shapes of every target, by their paths below `lower/`.
pub fn shapes(
    sources: &mut Sources,
    origins: &mut Origins,
    found: &mut Diagnostics,
) -> Vec<(&'static str, Node)> {
    let name = |path: &'static str| match path.strip_prefix("lower/") {
        // What apps are known by is the one shape that is no target's.
        None => (path == "apps/facts").then_some(path),
        name => name,
    };
    built_in(name, sources, origins, found)
}

impl Templates {
    /// Compiles the shapes, as they were [`read`](shapes).
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
