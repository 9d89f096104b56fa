//! The static shapes of every target: read, found by name, compiled when a cell first needs them.

use crate::built_in::built_in;
use crate::template::{Template, compile};
use std::collections::BTreeMap;
use std::sync::OnceLock;
use syntax::{Diagnostics, Node, Origins, Sources};

/// The shapes of every target.
#[derive(Debug, Default)]
pub struct Templates {
    shapes: BTreeMap<&'static str, (Node, OnceLock<Template>)>,
    sources: Sources,
}

/// The shapes of every target, by their paths below `lower/`.
pub fn shapes(sources: &mut Sources, origins: &mut Origins, found: &mut Diagnostics) -> Templates {
    let name = |path: &'static str| match path.strip_prefix("lower/") {
        // What apps are known by is the one shape that is no target's.
        None => (path == "apps/facts").then_some(path),
        name => name,
    };
    let shapes = built_in(name, sources, origins, found).into_iter();
    Templates {
        shapes: shapes
            .map(|(name, node)| (name, (node, OnceLock::new())))
            .collect(),
        sources: sources.clone(),
    }
}

impl Templates {
    /// A shape by its name; `origins` know where it stands.
    #[must_use]
    pub fn get(&self, name: &str, origins: &Origins) -> Option<&Template> {
        let (node, template) = self.shapes.get(name)?;
        // Shapes are built in, and a test compiles every one: there is nothing to report.
        let compile = || compile(node, &self.sources, origins, &mut Diagnostics::default());
        Some(template.get_or_init(compile))
    }
}
