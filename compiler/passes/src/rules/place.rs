//! Where a finding about the output is shown: at the line of the user's that decided it, with the library's beside it.

use super::found::Finding;
use crate::resolve::Platform;
use syntax::source::BUILT_IN;
use syntax::{Diagnostic, Origin, OriginId, Origins, Severity, Span};

/// Shapes that lie beside the compiler's code: nobody who reads a report knows them.
const BESIDE_CODE: [&str; 3] = ["<formwork>/apps/", "<formwork>/lower/", "<formwork>/rules/"];

/// Finds the lines behind values.
pub(super) struct Places<'a> {
    pub(super) platform: &'a Platform,
    pub(super) origins: &'a Origins,
    /// Where the cluster is stated: the last resort.
    pub(super) cluster: OriginId,
}

impl Places<'_> {
    /// A finding as people read it.
    pub(super) fn tell(&self, finding: &Finding, severity: Severity) -> Diagnostic {
        let message = finding.message.clone();
        let mut told = Diagnostic::new(severity, finding.id.clone(), message);
        let mut places = finding.places.iter();
        match places.next() {
            Some((origin, label)) => told = self.primary(told, finding, *origin, label),
            None => told = told.at(self.reason(finding), ""),
        }
        for (origin, label) in places {
            let known = |span: &Span| told.labels.iter().any(|label| label.span == *span);
            let span = self.users(*origin).or_else(|| self.library(*origin));
            told = told
                .clone()
                .at(span.filter(|span| !known(span)), label.as_str());
        }
        told.help.extend(finding.help.iter().cloned());
        told
    }

    fn primary(
        &self,
        told: Diagnostic,
        finding: &Finding,
        at: OriginId,
        label: &str,
    ) -> Diagnostic {
        let library = self.library(at);
        let own = self
            .origins
            .place(at)
            .filter(|span| self.platform.is_editable(*span));
        if let Some(own) = own {
            return told.at(own, label);
        }
        match self.users(at) {
            Some(from) => told.at(from, "made from this").at(library, label),
            None if library.is_some() => told
                .at(self.reason(finding), "brought by this")
                .at(library, label),
            None => told.at(self.reason(finding), label),
        }
    }

    /// The line of the user's that brought what a finding is about.
    fn reason(&self, finding: &Finding) -> Option<Span> {
        finding
            .because
            .and_then(|because| self.users(because))
            .or_else(|| self.users(self.cluster))
    }

    /// The first line that a user can edit among those which decided a value.
    pub(super) fn users(&self, origin: OriginId) -> Option<Span> {
        let place = self.origins.place(origin);
        let editable = |span: &Span| self.platform.is_editable(*span);
        place.filter(editable).or_else(|| {
            let spans = self.origins.spans(origin);
            spans.into_iter().find(editable)
        })
    }

    /// The place in a component of the library that a value has, if it has one; never in the compiler's own shapes.
    fn library(&self, origin: OriginId) -> Option<Span> {
        let place = match &*self.origins.get(origin) {
            Origin::Unknown => None,
            Origin::Span(_) | Origin::Rule { .. } | Origin::Expr { .. } | Origin::Merged { .. } => {
                self.origins.place(origin)
            }
        };
        place.filter(|span| {
            let source = self.platform.sources.get(span.file);
            let name = source.map_or(BUILT_IN, |source| source.name());
            name.starts_with(BUILT_IN) && !BESIDE_CODE.iter().any(|folder| name.starts_with(folder))
        })
    }
}
