//! Keys that are unknown, and keys that are missing.

use super::Explain;
use crate::shape::Cut;
use crate::shape::words::{self, about, example};
use serde_json::Value;
use syntax::pointer::Pointer;
use syntax::suggest::nearest;
use syntax::{Diagnostic, Node};

impl Explain<'_> {
    /// A key that the schema does not know.
    pub(super) fn unknown_key(&mut self, at: &Pointer, node: &Node, key: &str, holder: &Value) {
        let Some(entry) = node.as_map().and_then(|map| map.entry(key)) else {
            return;
        };
        let place = self.origins.place(entry.key_origin);
        let (id, message) = self.unknown(at, key);
        let report = Diagnostic::error(id, message).at(place, "not known here");
        let known = words::keys(holder);
        let parent = at.last().map(|last| last.as_str());
        let elsewhere = words::elsewhere(self.schema, key, parent);
        let elsewhere = elsewhere.filter(|path| *path != at.in_words(self.layer));
        // A key that is known in a section of the same name is no misspelling.
        let misplaced = parent.is_some()
            && elsewhere
                .as_deref()
                .and_then(|path| path.rsplit('.').next())
                == parent;
        let free = known
            .iter()
            .copied()
            .filter(|known| node.get(known).is_none());
        let near = nearest(key, free)
            .or_else(|| {
                known
                    .iter()
                    .copied()
                    .find(|known| known.eq_ignore_ascii_case(key))
            })
            .filter(|_| !misplaced);
        let report = match (near, elsewhere) {
            (Some(near), _) => {
                self.renamed.push(at.join(near));
                let report = report.help(format!("did you mean `{near}`?"));
                match place.filter(|span| self.stands(*span, key)) {
                    Some(span) => report.fix(span, near),
                    None => report,
                }
            }
            (None, _) if id == "unknown-component" => report
                .help(format!("there are: {}", known.join(", ")))
                .help("your own go into `components/NAME/component.yaml` beside the spec"),
            (None, Some(path)) => report.help(format!("`{key}` belongs below `{path}`")),
            (None, None) if known.is_empty() => report.help("take it out"),
            (None, None) => report.help(format!("known here: {}", known.join(", "))),
        };
        self.reports.push(report);
        self.cuts.push(Cut::Key(at.join(key)));
    }

    /// What is said of an unknown key: components and options have words of their own.
    fn unknown(&self, at: &Pointer, key: &str) -> (&'static str, String) {
        let above = at.parent().and_then(|parent| parent.last().cloned());
        match (at.last().map(|last| last.as_str()), above) {
            (Some("components"), _) => (
                "unknown-component",
                format!("there is no component `{key}`"),
            ),
            (Some("options"), Some(component)) => (
                "unknown-key",
                format!("component `{component}` has no option `{key}`"),
            ),
            (None, _) => ("unknown-key", format!("unknown key `{key}`")),
            (Some(_), _) => (
                "unknown-key",
                format!("unknown key `{key}` in {}", self.name(at)),
            ),
        }
    }

    /// A key that must be there.
    pub(super) fn missing(&mut self, at: &Pointer, node: &Node, key: &str, holder: &Value) {
        let schema = holder
            .get("properties")
            .and_then(|all| all.get(key))
            .unwrap_or(&Value::Null);
        let message = if at.is_root() {
            format!("{} has no `{key}`", self.root)
        } else {
            format!("{} has no `{key}`", self.name(at))
        };
        let mut report = Diagnostic::error("missing-key", message)
            .at(self.key_place(at, node), format!("`{key}` is missing"));
        if let Some(example) = example(self.schema, schema) {
            report = report.help(format!("add `{key}: {example}`, or what it is for you"));
        } else if let Some(about) = about(self.schema, schema) {
            report = report.help(format!("add `{key}`: {}", lower(&about)));
        } else {
            report = report.help(format!("add `{key}`"));
        }
        self.missing.push((at.join(key), report));
    }
}

/// A sentence as it continues another.
fn lower(text: &str) -> String {
    let mut chars = text.chars();
    let Some(first) = chars.next() else {
        return String::new();
    };
    let second_upper = chars.as_str().starts_with(|c: char| c.is_uppercase());
    if second_upper {
        text.to_owned()
    } else {
        first.to_lowercase().chain(chars).collect()
    }
}
