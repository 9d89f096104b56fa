//! For a terminal: each finding with the lines it is about, carets below them, and a count at the end.

use super::Report;
use super::entry::{Entry, by_group};
use super::fold::{rest, sections};
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Patch, Renderer, Snippet};
use std::borrow::Cow;
use std::ops::Range;
use syntax::{Diagnostic, FileId, Fix, Severity, Source, Span};

pub(super) fn render(report: &Report<'_>) -> String {
    let renderer = if report.color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let renderer = renderer.term_width(report.width);
    let mut text = String::new();
    for section in sections(report) {
        for (at, entry) in section.shown.iter().enumerate() {
            let more = entry.explained().filter(|_| at == 0);
            text.push_str(&renderer.render(&groups(report, &entry.finding, more)));
            text.push_str("\n\n");
        }
        for rest in section
            .folded
            .iter()
            .filter_map(|folded| rest(report, folded))
        {
            text.push_str(&rest);
            text.push_str("\n\n");
        }
    }
    if let Some(counts) = report.counts().in_words() {
        text.push_str(&counts);
        text.push('\n');
        text.extend(groups_in_words(report));
    }
    text
}

/// `compiler 1, workload 12`, where there are several groups.
fn groups_in_words(report: &Report<'_>) -> Option<String> {
    let groups = by_group(report.news());
    let count = |(name, entries): (&&str, &Vec<&Entry>)| format!("{name} {}", entries.len());
    let counts: Vec<String> = groups.iter().map(count).collect();
    (counts.len() > 1).then(|| format!("by group: {}\n", counts.join(", ")))
}

/// The finding with its places and its help, then the edit that would mend it.
fn groups<'a>(
    report: &Report<'a>,
    finding: &'a Diagnostic,
    rule: Option<&'static str>,
) -> Vec<Group<'a>> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level
        .primary_title(finding.message.as_str())
        .id(finding.id.as_ref());
    let mut group = Group::with_title(title);
    for file in files(finding) {
        if let Some(snippet) = snippet(report, finding, file) {
            group = group.element(snippet);
        }
    }
    let patch = finding.fix.as_ref().and_then(|fix| patch(report, fix));
    // With an edit to show, the first help is its headline.
    let headline = patch.as_ref().and(finding.help.first());
    for help in finding.help.iter().skip(usize::from(headline.is_some())) {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    if let Some(rule) = rule {
        let more = format!("`formwork explain {rule}` says more");
        group = group.element(Level::NOTE.message(more));
    }
    let mut groups = vec![group];
    if let Some(patch) = patch {
        let headline = headline.map_or("write it like this", String::as_str);
        groups.push(Level::HELP.secondary_title(headline).element(patch));
    }
    groups
}

/// The files that a finding talks about, the primary one first.
fn files(finding: &Diagnostic) -> Vec<FileId> {
    let mut files = Vec::new();
    for label in &finding.labels {
        if !files.contains(&label.span.file) {
            files.push(label.span.file);
        }
    }
    files
}

fn snippet<'a>(
    report: &Report<'a>,
    finding: &'a Diagnostic,
    file: FileId,
) -> Option<Snippet<'a, Annotation<'a>>> {
    let source = report.sources.get(file)?;
    let labels = finding.labels.iter().enumerate();
    let labels: Vec<_> = labels
        .filter(|(_, label)| label.span.file == file)
        .collect();
    let spans: Vec<Range<usize>> = labels
        .iter()
        .map(|(_, label)| first_line(source, clamp(source, label.span)))
        .collect();
    let excerpt = Excerpt::around(source, &spans);
    let mut snippet = excerpt.snippet(report, source);
    for ((at, label), span) in labels.into_iter().zip(spans) {
        let kind = if at == 0 {
            AnnotationKind::Primary
        } else {
            AnnotationKind::Context
        };
        let text = Some(one_line(&label.text)).filter(|text| !text.is_empty());
        snippet = snippet.annotation(kind.span(excerpt.inside(&span)).label(text));
    }
    Some(snippet)
}

fn patch<'a>(report: &Report<'a>, fix: &'a Fix) -> Option<Snippet<'a, Patch<'a>>> {
    let source = report.sources.get(fix.span.file)?;
    let span = clamp(source, fix.span);
    let excerpt = Excerpt::around(source, std::slice::from_ref(&span));
    // Edits are shown with their whole lines, which are not clipped: better none than a screenful.
    if excerpt.range.len() > report.width * 2 {
        return None;
    }
    let patch = Patch::new(excerpt.inside(&span), fix.replacement.as_str());
    Some(excerpt.snippet(report, source).patch(patch))
}

/// The lines of a source that are handed to the renderer, which would else count all lines for each finding.
struct Excerpt {
    range: Range<usize>,
    line: usize,
}

impl Excerpt {
    fn around(source: &Source, spans: &[Range<usize>]) -> Self {
        let first = spans.iter().map(|span| span.start).min().unwrap_or(0);
        let last = spans.iter().map(|span| span.end).max().unwrap_or(0);
        let text = source.text();
        let start = text.get(..first).and_then(|before| before.rfind('\n'));
        let end = text.get(last..).and_then(|rest| rest.find('\n'));
        let start = start.map_or(0, |at| at + 1);
        Excerpt {
            range: start..end.map_or(text.len(), |at| last + at + 1),
            line: source.place(u32::try_from(start).unwrap_or(u32::MAX)).line,
        }
    }

    fn snippet<'a, T: Clone>(&self, report: &Report<'_>, source: &'a Source) -> Snippet<'a, T> {
        let text = source.text().get(self.range.clone()).unwrap_or_default();
        Snippet::source(text)
            .path(report.name(source))
            .line_start(self.line)
    }

    fn inside(&self, span: &Range<usize>) -> Range<usize> {
        let inside = |at: usize| at.saturating_sub(self.range.start);
        inside(span.start)..inside(span.end)
    }
}

fn one_line(text: &str) -> Cow<'_, str> {
    if text.contains(['\n', '\r']) {
        Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" "))
    } else {
        Cow::Borrowed(text)
    }
}

/// A span within its text, on character boundaries.
fn clamp(source: &Source, span: Span) -> Range<usize> {
    let text = source.text();
    let within = |at: u32| text.floor_char_boundary((at as usize).min(text.len()));
    let start = within(span.start);
    start..within(span.end).max(start)
}

/// The part of a span on its first line: carets below a whole section would hide what is said about it.
fn first_line(source: &Source, span: Range<usize>) -> Range<usize> {
    let text = source.text().get(span.clone()).unwrap_or_default();
    let line = text.lines().next().unwrap_or_default();
    span.start..span.start + line.trim_end().len()
}
