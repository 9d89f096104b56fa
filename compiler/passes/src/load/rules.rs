//! The rules that a project brings: `rules/NAME.yaml` beside the spec.

use super::Loader;
use crate::rules::{OwnRule, own};
use crate::world::World;
use model::schema::rule_schema;
use model::shape::Shape;
use syntax::{Diagnostics, Sources};

/// Reads them alone, with their texts.
pub fn own_rules(world: &dyn World, found: &mut Diagnostics) -> (Vec<OwnRule>, Sources) {
    let mut loader = Loader::new(world, found);
    let rules = loader.own_rules();
    (rules, loader.sources)
}

impl Loader<'_> {
    /// Reads them, by name.
    pub(super) fn own_rules(&mut self) -> Vec<OwnRule> {
        let names = self.listed("rules").to_vec();
        let stems: Vec<&str> = names
            .iter()
            .filter_map(|name| name.strip_suffix(".yaml"))
            .collect();
        let paths: Vec<String> = stems
            .iter()
            .map(|stem| format!("rules/{stem}.yaml"))
            .collect();
        let nodes = self.all(&paths);
        if nodes.is_empty() {
            return Vec::new();
        }
        let shape = Shape::new(rule_schema());
        let mut rules = Vec::new();
        for (stem, node) in stems.into_iter().zip(nodes) {
            let Some((mut node, _)) = node else { continue };
            let name = format!("rule `{stem}`");
            shape.check(&mut node, &name, &self.sources, &self.origins, self.found);
            rules.extend(own::read(stem, &node, &self.origins, self.found));
        }
        rules
    }
}
