//! Texts and keys without the form that is wanted.

use super::Explain;
use crate::form::Form;
use crate::shape::Cut;
use crate::shape::words::example;
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;
use syntax::pointer::Pointer;
use syntax::{Diagnostic, Node, Span};

impl Explain<'_> {
    /// A text without the form that is wanted.
    pub(super) fn form(&mut self, at: &Pointer, node: &Node, format: &str) {
        let Some(text) = node.as_str() else { return };
        let Some(form) = crate::form::of(format) else {
            let message = format!("{} is no {format}", self.name(at));
            return self.tell("bad-value", at, node, message, "refused", &[]);
        };
        self.broken(at, node, text, form);
    }

    pub(super) fn broken(&mut self, at: &Pointer, node: &Node, text: &str, form: &Form) {
        let Err(broken) = (form.check)(text) else {
            return;
        };
        let message = match broken.is_secret {
            true => format!("{} is not {}: {}", self.name(at), form.noun, broken.why),
            false => format!("`{text}` is not {}: {}", form.noun, broken.why),
        };
        let place = self.value_place(at, node);
        let report =
            Diagnostic::error("bad-value", message).at(place, format!("not {}", form.noun));
        self.reports.push(with_form_help(
            report,
            place,
            form.example,
            broken.instead.as_deref(),
        ));
        self.cuts.push(Cut::Value(at.clone()));
    }

    /// A key without the form that is wanted.
    pub(super) fn key_form(&mut self, at: &Pointer, node: &Node, error: &ValidationError<'_>) {
        let instance = error.instance();
        let Some(key) = instance.as_str() else { return };
        let Some(entry) = node.as_map().and_then(|map| map.entry(key)) else {
            return;
        };
        let place = self.origins.place(entry.key_origin);
        let form = if let ValidationErrorKind::Format { format } = error.kind() {
            crate::form::of(format)
        } else {
            None
        };
        let broken = form.and_then(|form| Some((form, (form.check)(key).err()?)));
        let report = match broken {
            Some((form, broken)) => {
                let message = format!("`{key}` is not {}: {}", form.noun, broken.why);
                let report =
                    Diagnostic::error("bad-name", message).at(place, format!("not {}", form.noun));
                with_form_help(report, place, form.example, broken.instead.as_deref())
            }
            // The pattern beside a form says the same once more.
            None if matches!(error.kind(), ValidationErrorKind::Pattern { .. }) => return,
            None => Diagnostic::error(
                "bad-name",
                format!("`{key}` can't be a key of {}", self.name(at)),
            )
            .at(place, "refused"),
        };
        self.reports.push(report);
        self.cuts.push(Cut::Key(at.join(key)));
    }

    pub(super) fn pattern(&mut self, at: &Pointer, node: &Node, pattern: &str, holder: &Value) {
        // A pattern beside a form of ours is for editors: the form has spoken.
        if holder
            .get("format")
            .and_then(Value::as_str)
            .and_then(crate::form::of)
            .is_some()
        {
            return;
        }
        let text = node.scalar_text().unwrap_or_default();
        let message = format!("{} can't be `{text}`", self.name(at));
        let help = match (
            holder.get("x-message").and_then(Value::as_str),
            example(self.schema, holder),
        ) {
            (Some(words), _) => format!("write {words}"),
            (None, Some(example)) => format!("write it as in `{example}`"),
            (None, None) => format!("it must match `{pattern}`"),
        };
        self.tell(
            "bad-value",
            at,
            node,
            message,
            "not of the form that is wanted",
            &[&help],
        );
    }
}

fn with_form_help(
    report: Diagnostic,
    place: Option<Span>,
    example: &str,
    instead: Option<&str>,
) -> Diagnostic {
    // What YAML would take for something else when it stands bare.
    let instead = instead.map(|text| match text.starts_with(['@', '*']) {
        true => format!("\"{text}\""),
        false => text.to_owned(),
    });
    match (instead, place) {
        (Some(instead), Some(span)) => report.help(format!("write `{instead}`")).fix(span, instead),
        (Some(instead), None) => report.help(format!("write `{instead}`")),
        (None, _) => report.help(format!("write it as in `{example}`")),
    }
}
