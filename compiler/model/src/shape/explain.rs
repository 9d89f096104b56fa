//! The validator's verdicts in words for people, each at its place, with the fix where one is certain.

use super::Cut;
use super::branch::{Meant, meant};
use super::words::{self, about, any_of, example, wanted};
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;
use syntax::pointer::Pointer;
use syntax::suggest::nearest;
use syntax::{Diagnostic, Kind, Node, OriginId, Origins, Sources, Span};

/// Collects what is to be said of one layer.
pub(super) struct Explain<'a> {
    pub(super) schema: &'a Value,
    pub(super) layer: &'a Node,
    pub(super) sources: &'a Sources,
    root: &'a str,
    origins: &'a Origins,
    reports: Vec<Diagnostic>,
    cuts: Vec<Cut>,
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
        }
    }

    pub(super) fn finish(self) -> (Vec<Diagnostic>, Vec<Cut>) {
        (self.reports, self.cuts)
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
                    unit(node, *limit)
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
        report = match (near, place) {
            (Some(near), Some(span)) => report
                .help(format!("did you mean `{near}`?"))
                .fix(span, near),
            (Some(near), None) => report.help(format!("did you mean `{near}`?")),
            (None, _) if id == "unknown-component" => report
                .help(format!("there are: {}", known.join(", ")))
                .help("your own go into `components/NAME/component.yaml` beside the spec"),
            (None, _) => match words::elsewhere(self.schema, key)
                .filter(|path| *path != at.in_words(self.layer))
            {
                Some(path) => report.help(format!("`{key}` belongs below `{path}`")),
                None if known.is_empty() => report.help("take it out"),
                None => report.help(format!("known here: {}", known.join(", "))),
            },
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
        self.reports.push(report);
    }

    /// A value of another kind than is wanted.
    fn wrong_kind(&mut self, at: &Pointer, node: &Node, holder: &Value) {
        let takes = words::takes(self.schema, holder);
        let wanted = any_of(&wanted(self.schema, holder));
        if node.is_null() {
            let message = format!("{} has no value", self.name(at));
            let help = format!("write {wanted}, or take the line out");
            self.tell("no-value", at, node, message, "nothing here", &[&help]);
            return;
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
        } else if takes.contains("object") {
            let keys = words::all_keys(self.schema, holder);
            if !keys.is_empty() {
                report = report.help(format!("its keys: {}", keys.join(", ")));
            }
        }
        self.reports.push(report);
        self.cuts.push(Cut::Value(at.clone()));
    }

    /// What to write instead of a value of the wrong kind, where that is certain.
    fn better(
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
    fn choice(&mut self, at: &Pointer, node: &Node, holder: &Value) {
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
        let mut report =
            Diagnostic::error("unknown-value", message).at(place, "not one of the choices");
        if options.len() > 1 {
            report = report.help(format!("choose one of: {}", options.join(", ")));
        }
        if let Some(near) = near {
            report = report.help(if options.len() > 1 {
                format!("did you mean `{near}`?")
            } else {
                format!("write `{near}`")
            });
            if let Some(span) = place {
                report = report.fix(span, near);
            }
        }
        self.reports.push(report);
        self.cuts.push(Cut::Value(at.clone()));
    }

    /// A text without the form that is wanted.
    fn form(&mut self, at: &Pointer, node: &Node, format: &str) {
        let Some(text) = node.as_str() else { return };
        let Some(form) = crate::form::of(format) else {
            let message = format!("{} is no {format}", self.name(at));
            return self.tell("bad-value", at, node, message, "refused", &[]);
        };
        let Err(broken) = (form.check)(text) else {
            return;
        };
        let message = format!("`{text}` is not {}: {}", form.noun, broken.why);
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
    fn key_form(&mut self, at: &Pointer, node: &Node, error: &ValidationError<'_>) {
        let instance = error.instance();
        let Some(key) = instance.as_str() else { return };
        let Some(entry) = node.as_map().and_then(|map| map.entry(key)) else {
            return;
        };
        let place = self.origins.place(entry.key_origin);
        let form = match error.kind() {
            ValidationErrorKind::Format { format } => crate::form::of(format),
            _ => None,
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

    fn pattern(&mut self, at: &Pointer, node: &Node, pattern: &str, holder: &Value) {
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

    fn range(&mut self, at: &Pointer, node: &Node, holder: &Value) {
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

    fn too_little(&mut self, at: &Pointer, node: &Node, limit: u64) {
        let message = match node.kind() {
            Kind::List(_) | Kind::Map(_) | Kind::String(_) if limit == 1 => {
                format!("{} must not be empty", self.name(at))
            }
            _ => format!(
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

    fn tell(
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

    /// What a place is called: its path, or the layer itself.
    fn name(&self, at: &Pointer) -> String {
        if at.is_root() {
            self.root.to_owned()
        } else {
            format!("`{}`", at.in_words(self.layer))
        }
    }

    /// Where to point for a value: at itself, or at its key where it spans lines.
    fn value_place(&self, at: &Pointer, node: &Node) -> Option<Span> {
        match node.kind() {
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {
                let own = self.origins.place(node.origin());
                own.filter(|span| span.start < span.end)
                    .or_else(|| self.key_place(at, node))
            }
            Kind::List(_) | Kind::Map(_) => self.key_place(at, node),
        }
    }

    /// Where to point for a place: at its key; for the whole layer at its first key; for an item of a list at its first line.
    fn key_place(&self, at: &Pointer, node: &Node) -> Option<Span> {
        if let Some(entry) = self.layer.find_entry(at) {
            return self.origins.place(entry.key_origin);
        }
        let own = self.origins.place(node.origin());
        let first = node
            .entries()
            .first()
            .and_then(|entry| self.origins.place(entry.key_origin));
        if let Some(first) = first {
            return Some(first);
        }
        let span = own?;
        let text = self
            .sources
            .get(span.file)?
            .text()
            .get(span.start as usize..span.end as usize)?;
        let line = text.lines().next().map_or(0, str::len);
        Some(Span {
            end: span.start + u32::try_from(line).unwrap_or(0),
            ..span
        })
    }

    /// A scalar as it stands in its text, on one line.
    fn source(&self, node: &Node) -> Option<String> {
        let span = self.origins.place(node.origin())?;
        let text = self
            .sources
            .get(span.file)?
            .text()
            .get(span.start as usize..span.end as usize)?;
        (!text.contains('\n')).then(|| text.to_owned())
    }
}

fn with_form_help(
    report: Diagnostic,
    place: Option<Span>,
    example: &str,
    instead: Option<&str>,
) -> Diagnostic {
    match (instead, place) {
        (Some(instead), Some(span)) => report.help(format!("write `{instead}`")).fix(span, instead),
        (Some(instead), None) => report.help(format!("write `{instead}`")),
        (None, _) => report.help(format!("write it as in `{example}`")),
    }
}

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
