//! What is wrong, where, and how to fix it: one type for every finding of every stage.

use crate::source::Span;
use std::borrow::Cow;
use std::cmp::Reverse;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Probably a mistake.
    Warning,
    /// The build can't go on.
    Error,
}

/// A place that a finding talks about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What to say there; may be empty.
    pub text: String,
}

/// An edit that would mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What to replace.
    pub span: Span,
    /// By what.
    pub replacement: String,
}

/// One finding: the message is a lower-case phrase without a full stop, the fix stands in `help`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its id in words, such as `unknown-key`.
    pub id: Cow<'static, str>,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// Where; the first is the primary one. Empty for findings about the environment.
    pub labels: Vec<Label>,
    /// What to do about it, one sentence each.
    pub help: Vec<String>,
    /// The edit that would mend it, where one is certain enough to show.
    pub fix: Option<Fix>,
}

/// What findings are ordered by: of two that say the same at one place, the worse comes first.
type Order<'a> = (
    Option<Span>,
    (&'a str, &'a str),
    Reverse<Severity>,
    (&'a [Label], &'a [String]),
);

/// Where findings are collected.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    found: Vec<Diagnostic>,
}

impl Diagnostic {
    fn order(&self) -> Order<'_> {
        (
            self.span(),
            (&self.id, &self.message),
            Reverse(self.severity),
            (&self.labels, &self.help),
        )
    }

    /// An error.
    pub fn error(id: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Diagnostic::new(Severity::Error, id, message)
    }

    /// A warning.
    pub fn warning(id: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Diagnostic::new(Severity::Warning, id, message)
    }

    /// A note.
    pub fn note(id: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Diagnostic::new(Severity::Note, id, message)
    }

    /// A finding of any severity.
    pub fn new(
        severity: Severity,
        id: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Diagnostic {
            id: id.into(),
            severity,
            message: message.into(),
            labels: Vec::new(),
            help: Vec::new(),
            fix: None,
        }
    }

    /// Points at a place; the first call is the primary one. `None` adds nothing.
    #[must_use]
    pub fn at(mut self, span: impl Into<Option<Span>>, text: impl Into<String>) -> Self {
        if let Some(span) = span.into() {
            self.labels.push(Label {
                span,
                text: text.into(),
            });
        }
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Shows the edit that would mend it.
    #[must_use]
    pub fn fix(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.fix = Some(Fix {
            span,
            replacement: replacement.into(),
        });
        self
    }

    /// The primary place.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        self.labels.first().map(|label| label.span)
    }
}

impl Diagnostics {
    /// Adds a finding.
    pub fn add(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Adds all findings of another collection.
    pub fn append(&mut self, other: Diagnostics) {
        self.found.extend(other.found);
    }

    /// All but the findings of an id.
    #[must_use]
    pub fn without(mut self, id: &str) -> Self {
        self.found.retain(|diagnostic| diagnostic.id != id);
        self
    }

    /// Whether an error is among them.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.found
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// How many there are of a severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.found
            .iter()
            .filter(|diagnostic| diagnostic.severity == severity)
            .count()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The findings as they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.found.iter()
    }

    /// The findings by place (file, offset, id), each once; in whatever order they were found, the same.
    #[must_use]
    pub fn sorted(mut self) -> Vec<Diagnostic> {
        self.found.sort_by(|a, b| a.order().cmp(&b.order()));
        // What many rows of one template have is told of the first.
        self.found.dedup_by(|next, kept| {
            next == kept
                || (!kept.labels.is_empty() && next.id == kept.id && next.labels == kept.labels)
        });
        self.found
    }
}
