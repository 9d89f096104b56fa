//! Findings as people and machines want to read them: one file per format.

mod github;
mod human;
mod json;
mod sarif;
mod short;

use syntax::source::Place;
use syntax::{Diagnostic, Severity, Source, Sources, Span};

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
    below: &'a str,
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
#[derive(Clone, Debug)]
struct Location {
    file: String,
    start: Place,
    end: Place,
}

impl<'a> Report<'a> {
    /// A report without colours.
    pub fn new(findings: &'a [Diagnostic], sources: &'a Sources) -> Self {
        Report {
            findings,
            sources,
            below: "",
            color: false,
            width: 140,
        }
    }

    /// The folder that the names of files are relative to, as the reader knows it, with `/` at its end.
    #[must_use]
    pub fn below(mut self, folder: &'a str) -> Self {
        self.below = folder;
        self
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

    /// The name of a file; what is built in has no folder.
    fn name(&self, source: &Source) -> String {
        match source.name() {
            built_in if built_in.starts_with('<') => built_in.to_owned(),
            name => format!("{}{name}", self.below),
        }
    }

    fn locate(&self, span: Span) -> Option<Location> {
        let source = self.sources.get(span.file)?;
        Some(Location {
            file: self.name(source),
            start: source.place(span.start),
            end: source.place(span.end.max(span.start)),
        })
    }

    fn primary(&self, finding: &Diagnostic) -> Option<Location> {
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
