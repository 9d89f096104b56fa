//! The validator's verdicts in words for people, each at its place, with the fix where one is certain.

mod amount;
mod kind;
mod place;
mod text;

use super::Cut;
use super::branch::{Meant, meant};
use super::words::{self, about, example};
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;
use syntax::pointer::Pointer;
use syntax::suggest::nearest;
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
            | ValidationErrorKind::MaxLength { limit } => {
                let message = format!(
                    "{} must have at most {limit} {}",
                    self.name(&at),
                    amount::unit(node, *limit)
                );
                self.tell("too-much", &at, node, message, "too much", &[]);
            }
            ValidationErrorKind::UniqueItems => {
                let message = format!("{} has an item twice", self.name(&at));
                self.tell(
                    "duplicate-item",
                    &at,
                    node,
                    message,
                    "twice the same item",
                    &["take one of them out"],
                );
            }
            _ => {
                let message = format!("{}: {error}", self.name(&at));
                self.tell("bad-value", &at, node, message, "refused", &[]);
            }
        }
    }

    /// A key that the schema does not know.
    fn unknown_key(&mut self, at: &Pointer, node: &Node, key: &str, holder: &Value) {
        let Some(entry) = node.as_map().and_then(|map| map.entry(key)) else {
            return;
        };
        let place = self.origins.place(entry.key_origin);
        let known = words::keys(holder);
        let parent = at.last().map(|last| last.as_str());
        let (id, message) = match (parent, at.parent().and_then(|p| p.last().cloned())) {
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
        };
        let mut report = Diagnostic::error(id, message).at(place, "not known here");
        let near = nearest(
            key,
            known
                .iter()
                .copied()
                .filter(|known| node.get(known).is_none()),
        )
        .or_else(|| {
            known
                .iter()
                .copied()
                .find(|known| known.eq_ignore_ascii_case(key))
        });
        let elsewhere = words::elsewhere(self.schema, key, parent)
            .filter(|path| *path != at.in_words(self.layer));
        // A key that is known in a section of the same name is no misspelling.
        let misplaced = elsewhere
            .as_deref()
            .is_some_and(|path| parent.is_some() && path.rsplit('.').next() == parent);
        let near = near.filter(|_| !misplaced);
        report = match (near, elsewhere) {
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

    /// A key that must be there.
    fn missing(&mut self, at: &Pointer, node: &Node, key: &str, holder: &Value) {
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
pub(super) fn lower(text: &str) -> String {
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
