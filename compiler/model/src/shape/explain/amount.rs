//! Too much, too little, out of range; and whatever else needs only a place and words.

use super::Explain;
use crate::shape::Cut;
use crate::shape::words;
use serde_json::Value;
use syntax::pointer::Pointer;
use syntax::{Diagnostic, Kind, Node};

impl Explain<'_> {
    pub(super) fn range(&mut self, at: &Pointer, node: &Node, holder: &Value) {
        let number = |key: &str| holder.get(key).map(words::plain);
        let least = number("minimum")
            .or_else(|| number("exclusiveMinimum").map(|n| format!("more than {n}")));
        let most = number("maximum")
            .or_else(|| number("exclusiveMaximum").map(|n| format!("less than {n}")));
        let limits = match (least, most) {
            (Some(least), Some(most)) => format!("from {least} to {most}"),
            (Some(least), None) => format!("at least {least}"),
            (None, Some(most)) => format!("at most {most}"),
            (None, None) => "within its limits".to_owned(),
        };
        let message = format!(
            "{} must be {limits}, not {}",
            self.name(at),
            node.scalar_text().unwrap_or_default()
        );
        self.tell("out-of-range", at, node, message, "out of range", &[]);
    }

    pub(super) fn too_much(&mut self, at: &Pointer, node: &Node, limit: u64) {
        let message = format!(
            "{} must have at most {limit} {}",
            self.name(at),
            unit(node, limit)
        );
        self.tell("too-much", at, node, message, "too much", &[]);
    }

    pub(super) fn twice(&mut self, at: &Pointer, node: &Node) {
        let message = format!("{} has an item twice", self.name(at));
        self.tell(
            "duplicate-item",
            at,
            node,
            message,
            "twice the same item",
            &["take one of them out"],
        );
    }

    pub(super) fn too_little(&mut self, at: &Pointer, node: &Node, limit: u64) {
        let message = match node.kind() {
            Kind::List(_) | Kind::Map(_) | Kind::String(_) if limit == 1 => {
                format!("{} must not be empty", self.name(at))
            }
            Kind::Null
            | Kind::Bool(_)
            | Kind::Number(_)
            | Kind::String(_)
            | Kind::List(_)
            | Kind::Map(_) => format!(
                "{} must have at least {limit} {}",
                self.name(at),
                unit(node, limit)
            ),
        };
        self.tell(
            "too-little",
            at,
            node,
            message,
            "too little",
            &["say something, or take the line out"],
        );
    }

    pub(super) fn tell(
        &mut self,
        id: &'static str,
        at: &Pointer,
        node: &Node,
        message: String,
        label: &str,
        help: &[&str],
    ) {
        let report = Diagnostic::error(id, message).at(self.value_place(at, node), label);
        self.reports
            .push(help.iter().fold(report, |report, help| report.help(*help)));
        self.cuts.push(Cut::Value(at.clone()));
    }
}

/// What is counted.
fn unit(node: &Node, limit: u64) -> &'static str {
    match (node.kind(), limit) {
        (Kind::List(_), 1) => "item",
        (Kind::List(_), _) => "items",
        (Kind::Map(_), 1) => "key",
        (Kind::Map(_), _) => "keys",
        (Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_), 1) => "character",
        (Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_), _) => "characters",
    }
}
