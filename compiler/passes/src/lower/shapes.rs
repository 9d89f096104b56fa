//! The static shapes of every target: read, found by name, compiled when a cell first needs them.

use crate::built_in::built_in;
use crate::rules::own::POLICIES;
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
        // What apps are known by is no target's, and no more are the texts of policies.
        None => (path == "apps/facts" || path.starts_with(POLICIES)).then_some(path),
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

    /// The file of a built-in policy, with its id.
    #[must_use]
    pub fn admission_rule(&self, name: &str) -> Option<(&'static str, &Node)> {
        let mut rules = self.admission_rules();
        rules.find(|(id, _)| *id == name)
    }

    /// The files of built-in policies, by id.
    pub fn admission_rules(&self) -> impl Iterator<Item = (&'static str, &Node)> {
        let shapes = self.shapes.iter();
        shapes.filter_map(|(path, (node, _))| Some((path.strip_prefix(POLICIES)?, node)))
    }
}
