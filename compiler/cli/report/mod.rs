//! Findings as people and machines want to read them: one file per format.

mod github;
mod human;
mod json;
mod sarif;
mod short;

use syntax::source::Place;
use syntax::{Diagnostic, Severity, Sources, Span};

/// How findings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// With the lines they are about, for a terminal
    #[default]
    Human,
    /// One line each: `file:line:column: error[id]: message`
    Short,
    /// One JSON document, for programs
    Json,
    /// Workflow commands, which GitHub shows beside the lines of a pull request
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

/// Findings and the texts they are about.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    findings: &'a [Diagnostic],
    sources: &'a Sources,
    color: bool,
    width: usize,
}

/// How many findings there are of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    errors: usize,
    warnings: usize,
    notes: usize,
}

/// A place in a file, as editors count it: lines and columns from 1, columns in characters, the end past the last.
#[derive(Clone, Copy, Debug)]
struct Location<'a> {
    file: &'a str,
    start: Place,
    end: Place,
}

impl<'a> Report<'a> {
    /// A report without colours.
    pub fn new(findings: &'a [Diagnostic], sources: &'a Sources) -> Self {
        Report {
            findings,
            sources,
            color: false,
            width: 140,
        }
    }

    /// Whether the human format uses colours.
    #[must_use]
    pub fn color(mut self, color: bool) -> Self {
        self.color = color;
        self
    }

    /// How wide the human format may be; longer lines are clipped around what they are shown for.
    #[must_use]
    pub fn width(mut self, width: usize) -> Self {
        self.width = width.max(40);
        self
    }

    /// The whole text, with a line break at its end; empty where there is nothing to say.
    pub fn render(&self, format: Format) -> String {
        match format {
            Format::Human => human::render(self),
            Format::Short => short::render(self),
            Format::Json => json::render(self),
            Format::Github => github::render(self),
            Format::Sarif => sarif::render(self),
        }
    }

    fn counts(&self) -> Counts {
        let count = |severity| {
            let found = self.findings.iter();
            found.filter(|finding| finding.severity == severity).count()
        };
        Counts {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            notes: count(Severity::Note),
        }
    }

    fn locate(&self, span: Span) -> Option<Location<'a>> {
        let source = self.sources.get(span.file)?;
        Some(Location {
            file: source.name(),
            start: source.place(span.start),
            end: source.place(span.end.max(span.start)),
        })
    }

    fn primary(&self, finding: &Diagnostic) -> Option<Location<'a>> {
        self.locate(finding.span()?)
    }
}

/// The word for a severity.
fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}
