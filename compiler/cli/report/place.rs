//! Where findings are, as a report names it.

use super::Report;
use syntax::source::Place;
use syntax::{Diagnostic, Label, Source, Span};

/// A place in a file, as editors count it: lines and columns from 1, columns in characters, the end past the last.
#[derive(Clone, Debug)]
pub(super) struct Location {
    pub(super) file: String,
    pub(super) start: Place,
    pub(super) end: Place,
}

/// The labels of a finding for readers who know the repository alone.
pub(super) struct Split<'f> {
    /// The first that is in the repository, and where.
    pub(super) primary: Option<(&'f Label, Location)>,
    /// The others, in their order; of what is built in there is only the name.
    pub(super) others: Vec<(&'f Label, Location)>,
}

impl Report<'_> {
    /// The name of a file; what is built in has no folder.
    pub(super) fn name(&self, source: &Source) -> String {
        match source.name() {
            built_in if built_in.starts_with('<') => built_in.to_owned(),
            name => format!("{}{name}", self.below),
        }
    }

    pub(super) fn locate(&self, span: Span) -> Option<Location> {
        let source = self.sources.get(span.file)?;
        Some(Location {
            file: self.name(source),
            start: source.place(span.start),
            end: source.place(span.end.max(span.start)),
        })
    }

    pub(super) fn primary(&self, finding: &Diagnostic) -> Option<Location> {
        self.locate(finding.span()?)
    }

    /// The labels of a finding: the first in the repository, and the others.
    pub(super) fn split<'f>(&self, finding: &'f Diagnostic) -> Split<'f> {
        let labels = finding.labels.iter();
        let mut others: Vec<_> = labels
            .filter_map(|label| Some((label, self.locate(label.span)?)))
            .collect();
        let inside = others.iter().position(|(_, at)| at.is_inside());
        Split {
            primary: inside.map(|at| others.remove(at)),
            others,
        }
    }
}

impl Location {
    /// Whether it is in a file of the repository: neither built in nor outside.
    pub(super) fn is_inside(&self) -> bool {
        !self.file.starts_with(['<', '/']) && !self.file.split('/').any(|part| part == "..")
    }
}
