//! Values of the wrong kind, and values that are none of the choices.

use super::Explain;
use crate::shape::Cut;
use crate::shape::words::{self, any_of, wanted};
use serde_json::Value;
use syntax::pointer::Pointer;
use syntax::suggest::nearest;
use syntax::{Diagnostic, Kind, Node};

impl Explain<'_> {
    /// A value of another kind than is wanted.
    pub(super) fn wrong_kind(&mut self, at: &Pointer, node: &Node, holder: &Value) {
        let takes = words::takes(self.schema, holder);
        let wanted = any_of(&wanted(self.schema, holder));
        if node.is_null() {
            let message = format!("{} has no value", self.name(at));
            let help = format!("write {wanted}, or take the line out");
            self.tell("no-value", at, node, message, "nothing here", &[&help]);
            return;
        }
        if let Some(form) = words::form(self.schema, holder)
            && matches!(node.kind(), Kind::Number(_))
            && let Some(text) = self.source(node)
            && (form.check)(&text).is_err()
        {
            return self.broken(at, node, &text, form);
        }
        let message = format!(
            "{} must be {wanted}, not {}",
            self.name(at),
            node.kind_name()
        );
        let place = self.value_place(at, node);
        let mut report = Diagnostic::error("wrong-type", message).at(place, node.kind_name());
        if let Some((help, text)) = self.better(node, &takes) {
            report = report.help(help);
            if let Some(span) = place {
                report = report.fix(span, text);
            }
        } else if takes.contains("object") && !node.items().is_empty() {
            report =
                report.help("write keys instead of dashes: `NAME:`, and what belongs to it below");
        } else if takes.contains("object") {
            let keys = words::all_keys(self.schema, holder);
            let names_an_engine = !at.is_root() && keys.contains(&"engine");
            if let (Kind::String(text), true, Some(span)) = (node.kind(), names_an_engine, place) {
                let text = format!("{{ engine: {text} }}");
                report = report.help(format!("write `{text}`")).fix(span, text);
            } else if !keys.is_empty() {
                report = report.help(format!("its keys: {}", keys.join(", ")));
            }
        }
        self.reports.push(report);
        self.cuts.push(Cut::Value(at.clone()));
    }

    /// What to write instead of a value of the wrong kind, where that is certain.
    pub(super) fn better(
        &self,
        node: &Node,
        takes: &std::collections::BTreeSet<&str>,
    ) -> Option<(String, String)> {
        let number = takes.contains("integer") || takes.contains("number");
        match node.kind() {
            Kind::String(text) => {
                let truth = match text.to_ascii_lowercase().as_str() {
                    "yes" | "y" | "on" | "true" => Some("true"),
                    "no" | "n" | "off" | "false" => Some("false"),
                    _ => None,
                };
                if let Some(truth) = truth.filter(|_| takes.contains("boolean")) {
                    return Some((format!("write `{truth}`"), truth.to_owned()));
                }
                if number && text.parse::<i64>().is_ok() {
                    return Some((
                        format!("write it without quotes: `{text}`"),
                        text.to_string(),
                    ));
                }
                takes
                    .contains("array")
                    .then(|| {
                        (
                            format!("write a list: `[{text}]`"),
                            format!("[{}]", self.source(node)?),
                        )
                            .into()
                    })
                    .flatten()
            }
            Kind::Number(_) | Kind::Bool(_) if takes.contains("string") => {
                let text = self.source(node)?;
                Some((
                    format!("write it in quotes: `\"{text}\"`"),
                    format!("\"{text}\""),
                ))
            }
            Kind::Number(_) | Kind::Bool(_) if takes.contains("array") => {
                let text = self.source(node)?;
                Some((format!("write a list: `[{text}]`"), format!("[{text}]")))
            }
            Kind::List(items) => match items.as_slice() {
                [only] if takes.contains("string") || number => {
                    let text = self.source(only)?;
                    Some((format!("write the item itself: `{text}`"), text))
                }
                _ => None,
            },
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Map(_) => None,
        }
    }

    /// A value that is none of the choices.
    pub(super) fn choice(&mut self, at: &Pointer, node: &Node, holder: &Value) {
        let options: Vec<String> = match holder.get("enum").and_then(Value::as_array) {
            Some(options) => options.iter().map(words::plain).collect(),
            None => holder.get("const").map(words::plain).into_iter().collect(),
        };
        let kinds = words::takes(self.schema, holder);
        let Some(text) = node.scalar_text() else {
            return self.wrong_kind(at, node, holder);
        };
        let place = self.value_place(at, node);
        let message = match options.as_slice() {
            [only] => format!("{} must be `{only}`, not `{text}`", self.name(at)),
            _ => format!("{} can't be `{text}`", self.name(at)),
        };
        let off = matches!(text.as_str(), "no" | "off" | "none") && kinds.contains("boolean");
        let near = if off {
            Some("false")
        } else {
            nearest(&text, options.iter().map(String::as_str))
        };
        let near = near.or(match options.as_slice() {
            [only] => Some(only.as_str()),
            _ => None,
        });
        let label = if options.len() > 1 {
            "not one of the choices"
        } else {
            "not this"
        };
        let mut report = Diagnostic::error("unknown-value", message).at(place, label);
        if let Some(near) = near {
            let one = options.len() > 1;
            report = report.help(if one {
                format!("did you mean `{near}`?")
            } else {
                format!("write `{near}`")
            });
            if let Some(span) = place {
                report = report.fix(span, near);
            }
        }
        if options.len() > 1 {
            report = report.help(format!("choose one of: {}", options.join(", ")));
        }
        if text.contains("${{") {
            report = report.help("expressions belong into components: a spec is never evaluated");
        }
        self.reports.push(report);
        self.cuts.push(Cut::Value(at.clone()));
    }
}
