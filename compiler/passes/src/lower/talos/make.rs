//! Making nodes: where origins and findings go while a machine's documents are built.

use syntax::{Diagnostics, Map, Node, OriginId, Origins, Text};

/// The origins and findings of a cell.
pub struct Make<'a> {
    /// The cell's origins.
    pub origins: &'a mut Origins,
    /// The cell's findings.
    pub found: &'a mut Diagnostics,
}

impl Make<'_> {
    /// A text that a rule decided, from what it read.
    pub fn text(&mut self, rule: &'static str, text: impl Into<Text>, reads: &[OriginId]) -> Node {
        let origin = self.origins.rule(rule, reads);
        Node::string(text, origin)
    }

    /// The beginning of a document: its kind, always the same, and its name.
    pub fn document(&mut self, kind: &'static str, name: Option<Node>) -> Map {
        let origin = self.origins.rule("talos/document", &[]);
        let mut map = Map::default();
        map.set("apiVersion", origin, Node::string("v1alpha1", origin));
        map.set("kind", origin, Node::string(kind, origin));
        if let Some(name) = name {
            map.set("name", origin, name);
        }
        map
    }
}
