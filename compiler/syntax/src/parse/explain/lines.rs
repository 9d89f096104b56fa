//! Lines that are no `key: value`, colons that lack a space or stand twice, and texts that need quotes.

use super::indent::unfit;
use super::{Context, Explained, indent, resume, spaces};
use crate::diagnostic::Diagnostic;
use granit_parser::ErrorKind;

pub(super) fn explain(context: &Context<'_>, kind: &ErrorKind, at: usize) -> Option<Explained> {
    match kind {
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            Some(glued(context, at).unwrap_or_else(|| no_key(context, at)))
        }
        ErrorKind::MappingValueNotAllowed | ErrorKind::MappingKeyNotAllowed => {
            Some(value(context, at))
        }
        ErrorKind::BlockSequenceEntryNotAllowed => Some(list_on_line(context, at)),
        ErrorKind::UnexpectedCharacter { character } => {
            let message = match character {
                '`' => "a text can't begin with a backtick".to_owned(),
                _ => format!("a text can't begin with `{character}`"),
            };
            let finding = Diagnostic::error("syntax", message);
            let finding = context.advise_quotes(finding, at, "put it in quotes");
            Some(context.blame(finding, at, "this character is kept for YAML itself"))
        }
        ErrorKind::PlainScalarStartsWithDashFlowIndicator => {
            let finding = Diagnostic::error("syntax", "a text can't begin with `-` here")
                .help("put it in quotes");
            Some(context.blame(finding, at, "this dash"))
        }
        ErrorKind::MissingAnchorOrAliasName => Some(nameless(context, at)),
        ErrorKind::CommentNotSeparated => {
            let finding = Diagnostic::error("syntax", "a comment needs a space before its `#`")
                .help("put a space before it; if it belongs to the text, put the text in quotes")
                .fix(context.span(at, at), " ");
            Some(context.blame(finding, at, "this `#`"))
        }
        ErrorKind::CommentInterceptedScalar => Some(comment(context, at)),
        ErrorKind::InvalidBlockScalarHeader | ErrorKind::ZeroBlockScalarIndent => {
            let finding = Diagnostic::error(
                "syntax",
                "the line of a `|` or `>` must end behind it",
            )
            .help(
                "begin the text on the next line; only `-`, `+` and a digit from 1 to 9 may follow",
            );
            Some(context.blame(finding, at, "the text below begins with this"))
        }
        ErrorKind::ExpectedNodeContent => {
            let finding = Diagnostic::error("syntax", "a value is missing before this");
            Some(context.blame(finding, at, "unexpected"))
        }
        ErrorKind::ExpectedDocumentStart if indent(context.line(at)) > 0 => {
            Some(unfit(context, at))
        }
        ErrorKind::InvalidDocumentEnd | ErrorKind::ExpectedDocumentStart => {
            let finding =
                Diagnostic::error("syntax", "the value of the document ended before this")
                    .help("begin another document with a line `---`");
            Some(context.blame(finding, at, "unexpected"))
        }
        ErrorKind::BomInsideDocument => {
            let finding = Diagnostic::error("syntax", "a byte order mark stands inside the text")
                .help("remove the invisible character U+FEFF")
                .fix(context.character(at), "");
            Some(context.blame(finding, at, "here"))
        }
        _ if is_tag(kind) => {
            let finding = Diagnostic::error("syntax", "this is no tag");
            let finding = context.advise_quotes(
                finding,
                at,
                "a text that begins with `!` must stand in quotes",
            );
            Some(context.blame(finding, at, "here"))
        }
        _ if is_directive(kind) => {
            let finding = Diagnostic::error("syntax", "this is no directive of YAML 1.2")
                .help("remove the line; if it belongs to a text, put the text in quotes");
            Some(context.blame(finding, at, "here"))
        }
        _ => None,
    }
}

fn is_tag(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::UndeclaredTagHandle
            | ErrorKind::ExpectedTagBang
            | ErrorKind::InvalidGlobalTagCharacter
            | ErrorKind::InvalidTagTerminator
            | ErrorKind::MissingTagUri
            | ErrorKind::UnclosedVerbatimTag
            | ErrorKind::InvalidTagEscape
            | ErrorKind::InvalidTagUtf8LeadingByte
            | ErrorKind::InvalidTagUtf8TrailingByte
            | ErrorKind::InvalidTagUtf8
    )
}

fn is_directive(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::DuplicateVersionDirective
            | ErrorKind::UnsupportedYamlMajorVersion
            | ErrorKind::DuplicateTagDirective
            | ErrorKind::MissingDocumentEndBeforeDirective
            | ErrorKind::InvalidDirectiveTerminator
            | ErrorKind::MissingYamlVersionSeparator
            | ErrorKind::MissingDirectiveName
            | ErrorKind::InvalidDirectiveName
            | ErrorKind::DirectiveByteLimitExceeded { .. }
            | ErrorKind::YamlVersionTooLong
            | ErrorKind::MissingYamlVersion
            | ErrorKind::InvalidTagDirectiveTerminator
            | ErrorKind::ExpectedTagDirectiveBang
    )
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
fn below_value(context: &Context<'_>, start: usize, above: usize) -> Option<Explained> {
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

/// A comment behind a text that goes on below it, or a key below that text.
fn comment(context: &Context<'_>, at: usize) -> Explained {
    let start = context.line_start(at);
    let mut next = start;
    while let Some(end) = resume::line_end(context.text, next) {
        next = end + 1;
        let said = context.line(next).trim_start();
        if !said.is_empty() && !said.starts_with('#') {
            if let Some(explained) = below_value(context, next, start) {
                return explained;
            }
            break;
        }
    }
    let finding = Diagnostic::error("syntax", "a comment can't stand inside a text")
        .help("move the comment above the text, or end the text before it");
    context.blame(finding, at, "the text goes on behind it")
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

/// `*` or `&` with nothing behind it that could be a name.
fn nameless(context: &Context<'_>, at: usize) -> Explained {
    let sign = context.rest(at).chars().next().unwrap_or('*');
    let what = if sign == '&' { "an anchor" } else { "an alias" };
    let finding = Diagnostic::error(
        "syntax",
        format!("`{sign}` begins {what}, and no name follows"),
    );
    let finding = context.advise_quotes(
        finding,
        at,
        "if it belongs to a text, put the text in quotes",
    );
    context.blame(finding, at, "here")
}
