//! Lines that are no `key: value`, and colons that lack a space or stand twice.

use super::indent::unfit;
use super::{Context, Explained, indent, spaces};
use crate::diagnostic::Diagnostic;
use granit_parser::ErrorKind;

pub(super) fn explain(context: &Context<'_>, kind: &ErrorKind, at: usize) -> Option<Explained> {
    let explained = match kind {
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            glued(context, at).unwrap_or_else(|| no_key(context, at))
        }
        ErrorKind::MappingValueNotAllowed | ErrorKind::MappingKeyNotAllowed => value(context, at),
        ErrorKind::BlockSequenceEntryNotAllowed => list_on_line(context, at),
        ErrorKind::ExpectedNodeContent => {
            let finding = Diagnostic::error("syntax", "a value is missing before this");
            context.blame(finding, at, "unexpected")
        }
        ErrorKind::ExpectedDocumentStart if indent(context.line(at)) > 0 => unfit(context, at),
        ErrorKind::InvalidDocumentEnd | ErrorKind::ExpectedDocumentStart => {
            let message = "the value of the document ended before this";
            let finding = Diagnostic::error("syntax", message)
                .help("begin another document with a line `---`");
            context.blame(finding, at, "unexpected")
        }
        _ => return None,
    };
    Some(explained)
}

/// `key:value`: the space is missing.
fn glued(context: &Context<'_>, at: usize) -> Option<Explained> {
    let start = context.line_start(at);
    let said = context.line(at).trim_start();
    let said = said.strip_prefix("- ").map_or(said, str::trim_start);
    let begin = start + context.line(at).len() - said.len();
    let end = said.find(|c: char| !(c.is_alphanumeric() || "_-./".contains(c)))?;
    let rest = said.get(end..)?.strip_prefix(':')?;
    let first = rest.chars().next()?;
    if end == 0 || first.is_whitespace() || rest.starts_with("//") {
        return None;
    }
    let colon = begin + end;
    let finding = Diagnostic::error("syntax", "there must be a space behind the `:`");
    let mut explained = context.blame(finding, colon, "no space follows");
    explained.finding = explained
        .finding
        .help("write it with a space")
        .fix(context.span(colon + 1, colon + 1), " ");
    explained.culprit = begin;
    Some(explained)
}

fn no_key(context: &Context<'_>, at: usize) -> Explained {
    let start = context.line_start(at);
    let said = start + indent(context.line(at));
    let end = start + context.line(at).trim_end().len();
    let finding = Diagnostic::error("syntax", "this line is no `key: value`")
        .at(context.span(said, end), "there is no `: ` in it")
        .help(
            "write `key: value`; to go on with the text above, indent the line more than its key",
        );
    Explained {
        finding,
        culprit: said,
    }
}

/// A `:` where no key may be.
fn value(context: &Context<'_>, at: usize) -> Explained {
    let start = context.line_start(at);
    let before = context.between(start, at);
    if let Some(colon) = before.find(": ")
        && !before.trim_start().starts_with(['"', '\''])
    {
        return twice(context, start, colon, at);
    }
    let Some(above) = context.line_before(at) else {
        let finding = Diagnostic::error("syntax", "a `: ` can't stand here");
        return context.blame(finding, at, "unexpected");
    };
    if let Some(explained) = glued(context, above) {
        return explained;
    }
    below_value(context, start, above).unwrap_or_else(|| no_key(context, above))
}

/// A key that is indented below one that has a value beside it.
pub(super) fn below_value(context: &Context<'_>, start: usize, above: usize) -> Option<Explained> {
    let (line, upper) = (context.line(start), context.line(above));
    let (here, there) = (indent(line), indent(upper));
    if here <= there || !upper.contains(": ") || !line.contains(':') {
        return None;
    }
    let key = upper.trim_start().split(": ").next().unwrap_or_default();
    let begin = above + there;
    let finding = Diagnostic::error(
        "syntax",
        "this key is indented below a key that has a value",
    )
    .at(
        context.word(start + here),
        format!("{} before it", spaces(here)),
    )
    .at(
        context.span(begin, begin + key.len()),
        format!(
            "{} before this one, whose value stands beside it",
            spaces(there)
        ),
    )
    .help(format!("indent it by {there} to put it beside `{key}`"))
    .fix(context.span(start, start + here), " ".repeat(there));
    Some(Explained {
        finding,
        culprit: start + here,
    })
}

/// `a: b: c`.
fn twice(context: &Context<'_>, start: usize, colon: usize, at: usize) -> Explained {
    let behind = context.between(start + colon + 1, at);
    let value = at - behind.trim_start().len();
    let finding = Diagnostic::error("syntax", "a second `: ` on this line")
        .at(context.character(at), "unexpected")
        .at(context.character(start + colon), "the value begins here");
    let finding = context.advise_quotes(
        finding,
        value,
        "if the value is a text, put it in quotes; if it is a map, begin it on the next line",
    );
    Explained {
        finding,
        culprit: at,
    }
}

fn list_on_line(context: &Context<'_>, at: usize) -> Explained {
    let finding = Diagnostic::error("syntax", "a list can't begin on the line of its key");
    let mut explained = context.blame(finding, at, "this dash");
    explained.finding = explained
        .finding
        .help("begin it on the next line; if the dash is a text, put it in quotes");
    explained
}
