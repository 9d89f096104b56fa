//! What a repository lets pass, with its reason: `# formwork: allow ID: REASON`, or an annotation of an object.

use super::file::File;
use super::objects::annotated;
use super::repo::Repo;
use syntax::parse::Placement;
use syntax::{Diagnostic, Diagnostics, Source, Span};

/// The annotation: `ID: REASON`, several of them on lines of their own.
pub(super) const ANNOTATION: &str = "formwork.dev/allow";

/// What a comment begins with.
const COMMENT: &str = "formwork: allow ";

/// Something that is let pass.
struct Allowed {
    id: String,
    /// Where.
    range: Span,
    /// Where it is said.
    at: Span,
    used: bool,
}

/// Takes out what is let pass, and tells of what lets nothing pass or has no reason.
pub(super) fn filter(repo: &Repo<'_>, found: Diagnostics) -> Diagnostics {
    let mut kept = Diagnostics::default();
    let mut allowed = Vec::new();
    for file in &repo.files {
        read(repo, file, &mut allowed, &mut kept);
    }
    if allowed.is_empty() {
        kept.append(found);
        return kept;
    }
    for finding in found.iter() {
        let mut passes = false;
        for allowed in allowed.iter_mut().filter(|it| *it.id == finding.id) {
            let is_inside = finding.span().is_some_and(|span| {
                span.file == allowed.range.file
                    && allowed.range.start <= span.start
                    && span.start < allowed.range.end
            });
            allowed.used |= is_inside;
            passes |= is_inside;
        }
        if !passes {
            kept.add(finding.clone());
        }
    }
    for allowed in allowed.iter().filter(|it| !it.used) {
        let id = &allowed.id;
        let message = format!("an exception to `{id}` lets nothing pass");
        kept.add(
            Diagnostic::warning("unused-exception", message)
                .at(allowed.at, "nothing is found here")
                .help("take it out: it would hide what comes later"),
        );
    }
    kept
}

fn read(repo: &Repo<'_>, file: &File, allowed: &mut Vec<Allowed>, found: &mut Diagnostics) {
    let Some(source) = repo.sources.get(file.id) else {
        return;
    };
    let text = source.text();
    if text.contains(ANNOTATION) {
        for (range, said) in annotated(repo, file.id) {
            let Some(at) = repo.place(said.origin()) else {
                continue;
            };
            let lines = said.as_str().unwrap_or_default().lines();
            for line in lines.filter(|line| !line.trim().is_empty()) {
                take(line, range, at, allowed, found);
            }
        }
    }
    if !text.contains(COMMENT) {
        return;
    }
    for document in &file.documents {
        let whole = repo.place(document.node.origin());
        for comment in &document.comments {
            let Some(line) = comment.text.trim().strip_prefix(COMMENT) else {
                continue;
            };
            let is_first = whole.is_some_and(|whole| comment.span.end <= whole.start);
            let range = match (comment.placement, whole) {
                (Placement::Right, _) => line_of(source, comment.span),
                (_, Some(whole)) if is_first => whole,
                _ => block(source, comment.span),
            };
            take(line, range, comment.span, allowed, found);
        }
    }
}

/// Reads `ID: REASON`.
fn take(line: &str, range: Span, at: Span, allowed: &mut Vec<Allowed>, found: &mut Diagnostics) {
    let (id, reason) = line.split_once(':').unwrap_or((line, ""));
    let id = id.trim().to_owned();
    if reason.trim().is_empty() {
        let message = format!("an exception to `{id}` has no reason");
        found.add(
            Diagnostic::warning("exception-without-reason", message)
                .at(at, "why?")
                .help(format!("write `{id}: ` and why it may be so")),
        );
        return;
    }
    allowed.push(Allowed {
        id,
        range,
        at,
        used: false,
    });
}

/// The line that a span begins in.
fn line_of(source: &Source, span: Span) -> Span {
    let line = source.place(span.start).line;
    lines(source, span, line, line)
}

/// What stands below a comment: the next line that is none, and all that is deeper.
fn block(source: &Source, span: Span) -> Span {
    let text = |number: usize| source.line(number).map(|(_, text)| text);
    let is_none = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '-']).len();
    let mut first = source.place(span.start).line + 1;
    while text(first).is_some_and(is_none) {
        first += 1;
    }
    let own = text(first).map_or(0, indent);
    let mut last = first;
    while text(last + 1).is_some_and(|line| is_none(line) || indent(line) > own) {
        last += 1;
    }
    lines(source, span, first, last)
}

fn lines(source: &Source, span: Span, first: usize, last: usize) -> Span {
    let start = source.line(first).map_or(span.start, |(start, _)| start);
    let end = source.line(last).map_or(span.end, |(start, text)| {
        start.saturating_add(u32::try_from(text.len()).unwrap_or(u32::MAX))
    });
    Span { start, end, ..span }
}
