//! Findings as people and machines want to read them: one file per format.

mod entry;
mod fold;
mod github;
mod gitlab;
mod human;
mod json;
mod junit;
mod place;
mod rule_page;
mod sarif;
mod short;

pub use entry::{COMPILER, Entry, entries, is_of};

use entry::Counts;
use syntax::{Severity, Sources};

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
    /// JUnit's XML: a suite for each group of rules, a test for each rule
    Junit,
    /// A code quality report, which GitLab shows in merge requests
    Gitlab,
}

/// Findings and the texts they are about.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    entries: &'a [Entry],
    sources: &'a Sources,
    below: &'a str,
    spec: &'a str,
    judged: bool,
    only: Option<&'a [String]>,
    color: bool,
    width: usize,
}

impl<'a> Report<'a> {
    /// A report without colours.
    pub fn new(entries: &'a [Entry], sources: &'a Sources) -> Self {
        Report {
            entries,
            sources,
            below: "",
            spec: "platform.yaml",
            judged: true,
            only: None,
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

    /// The spec's name in that folder: where formats that want a place put what has none.
    #[must_use]
    pub fn spec(mut self, name: &'a str) -> Self {
        self.spec = name;
        self
    }

    /// Whether rules had their say.
    #[must_use]
    pub fn judged(mut self, judged: bool) -> Self {
        self.judged = judged;
        self
    }

    /// What is asked for, where not everything is: it is shown whole, however much there is of it.
    #[must_use]
    pub fn only(mut self, only: &'a [String]) -> Self {
        self.only = Some(only);
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
            Format::Junit => junit::render(self),
            Format::Gitlab => gitlab::render(self),
        }
    }

    /// What is new: known findings only programs hear of.
    fn news(&self) -> impl Iterator<Item = &'a Entry> {
        self.entries.iter().filter(|entry| !entry.known)
    }

    fn counts(&self) -> Counts {
        Counts::of(self.news())
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
