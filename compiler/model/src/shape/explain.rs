//! The validator's verdicts in words for people, each at its place, with the fix where one is certain.

mod amount;
mod keys;
mod kind;
mod place;
mod text;

use super::Cut;
use super::branch::{Meant, meant};
use super::words;
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;
use syntax::pointer::Pointer;
use syntax::{Diagnostic, Node, OriginId, Origins, Sources};

/// Collects what is to be said of one layer.
pub(super) struct Explain<'a> {
    pub(super) schema: &'a Value,
    pub(super) layer: &'a Node,
    pub(super) sources: &'a Sources,
    root: &'a str,
    origins: &'a Origins,
    reports: Vec<Diagnostic>,
    cuts: Vec<Cut>,
    /// Keys that were meant, where another stands.
    renamed: Vec<Pointer>,
    /// Keys that are missing, each with its report.
    missing: Vec<(Pointer, Diagnostic)>,
}

impl<'a> Explain<'a> {
    pub(super) fn new(
        schema: &'a Value,
        layer: &'a Node,
        root: &'a str,
        sources: &'a Sources,
        origins: &'a Origins,
    ) -> Self {
        Explain {
            schema,
            layer,
            sources,
            root,
            origins,
            reports: Vec::new(),
            cuts: Vec::new(),
            renamed: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// The reports, and what is to be taken out. A key that is missing because it is misspelt is told once.
    pub(super) fn finish(self) -> (Vec<Diagnostic>, Vec<Cut>) {
        let Explain {
            mut reports,
            mut cuts,
            renamed,
            missing,
            ..
        } = self;
        let told = missing.into_iter().filter(|(at, _)| !renamed.contains(at));
        reports.extend(told.map(|(_, report)| report));
        cuts.extend(renamed.into_iter().map(Cut::Meant));
        (reports, cuts)
    }

    /// Tells one verdict.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "rare keywords of users' own schemas are told as the validator does"
    )]
    pub(super) fn error(&mut self, error: &ValidationError<'_>) {
        let at = words::pointer(error.instance_path().as_str());
        let Some(node) = self.layer.find(&at) else {
            return;
        };
        if node.is_null() && node.origin() == OriginId::default() {
            return;
        }
        let keyword = error.schema_path().as_str();
        let holder = words::holder(self.schema, keyword).unwrap_or(&Value::Null);
        match error.kind() {
            ValidationErrorKind::AnyOf { context }
            | ValidationErrorKind::OneOfNotValid { context } => {
                let list = self.schema.pointer(keyword).unwrap_or(&Value::Null);
                match meant(self.schema, list, error.instance_path().as_str(), context) {
                    Meant::Branch(errors) => errors.iter().for_each(|error| self.error(error)),
                    Meant::NoKind => self.wrong_kind(&at, node, holder),
                }
            }
            ValidationErrorKind::AdditionalProperties { unexpected }
            | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
                for key in unexpected {
                    self.unknown_key(&at, node, key, holder);
                }
            }
            ValidationErrorKind::Required { property } => {
                self.missing(&at, node, &words::plain(property), holder)
            }
            ValidationErrorKind::Type { .. } => self.wrong_kind(&at, node, holder),
            ValidationErrorKind::Enum { .. } | ValidationErrorKind::Constant { .. } => {
                self.choice(&at, node, holder)
            }
            ValidationErrorKind::Format { format } => self.form(&at, node, format),
            ValidationErrorKind::Pattern { pattern } => self.pattern(&at, node, pattern, holder),
            ValidationErrorKind::PropertyNames { error } => self.key_form(&at, node, error),
            ValidationErrorKind::Minimum { .. }
            | ValidationErrorKind::Maximum { .. }
            | ValidationErrorKind::ExclusiveMinimum { .. }
            | ValidationErrorKind::ExclusiveMaximum { .. } => self.range(&at, node, holder),
            ValidationErrorKind::MinItems { limit }
            | ValidationErrorKind::MinProperties { limit }
            | ValidationErrorKind::MinLength { limit } => self.too_little(&at, node, *limit),
            ValidationErrorKind::MaxItems { limit }
            | ValidationErrorKind::MaxProperties { limit }
            | ValidationErrorKind::MaxLength { limit } => self.too_much(&at, node, *limit),
            ValidationErrorKind::UniqueItems => self.twice(&at, node),
            _ => {
                let message = format!("{}: {error}", self.name(&at));
                self.tell("bad-value", &at, node, message, "refused", &[]);
            }
        }
    }
}
