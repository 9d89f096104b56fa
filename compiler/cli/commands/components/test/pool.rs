//! Findings of many runs, each with texts of its own, brought together over one set of texts.

use syntax::{Diagnostic, Diagnostics, FileId, Sources, Span};

/// The texts of all runs, each once.
#[derive(Debug, Default)]
pub struct Pool {
    /// The texts, by the names that the reader knows.
    pub sources: Sources,
}

impl Pool {
    /// Takes findings in; `shown` names a file as the reader knows it.
    pub fn take(
        &mut self,
        found: Diagnostics,
        from: &Sources,
        shown: impl Fn(&str) -> String,
    ) -> Vec<Diagnostic> {
        let mut taken = found.sorted();
        for finding in &mut taken {
            for label in &mut finding.labels {
                label.span = self.span(label.span, from, &shown);
            }
            if let Some(fix) = &mut finding.fix {
                fix.span = self.span(fix.span, from, &shown);
            }
        }
        taken
    }

    fn span(&mut self, span: Span, from: &Sources, shown: &impl Fn(&str) -> String) -> Span {
        let Some(source) = from.get(span.file) else {
            return span;
        };
        Span {
            file: self.file(&shown(source.name()), source.text()),
            ..span
        }
    }

    /// The file of a name and text: two runs may have different texts of one name.
    fn file(&mut self, name: &str, text: &str) -> FileId {
        let known = self
            .sources
            .iter()
            .find(|(_, source)| source.name() == name && source.text() == text)
            .map(|(file, _)| file);
        known.unwrap_or_else(|| self.sources.add(name, text))
    }
}
