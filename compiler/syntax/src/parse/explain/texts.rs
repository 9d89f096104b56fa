//! Texts that begin with what YAML keeps for itself, and comments, tags and directives that are none.

use super::lines::below_value;
use super::{Context, Explained, resume};
use crate::diagnostic::Diagnostic;
use granit_parser::ErrorKind;

pub(super) fn explain(context: &Context<'_>, kind: &ErrorKind, at: usize) -> Option<Explained> {
    let explained = match kind {
        ErrorKind::UnexpectedCharacter { character } => reserved(context, *character, at),
        ErrorKind::PlainScalarStartsWithDashFlowIndicator => {
            let message = "a text can't begin with `-` here";
            let finding = Diagnostic::error("syntax", message).help("put it in quotes");
            context.blame(finding, at, "this dash")
        }
        ErrorKind::MissingAnchorOrAliasName => nameless(context, at),
        ErrorKind::CommentNotSeparated => {
            let message = "a comment needs a space before its `#`";
            let finding = Diagnostic::error("syntax", message)
                .help("put a space before it; if it belongs to the text, put the text in quotes")
                .fix(context.span(at, at), " ");
            context.blame(finding, at, "this `#`")
        }
        ErrorKind::CommentInterceptedScalar => comment(context, at),
        ErrorKind::InvalidBlockScalarHeader | ErrorKind::ZeroBlockScalarIndent => {
            let message = "the line of a `|` or `>` must end behind it";
            let finding = Diagnostic::error("syntax", message).help(
                "begin the text on the next line; only `-`, `+` and a digit from 1 to 9 may follow",
            );
            context.blame(finding, at, "the text below begins with this")
        }
        ErrorKind::BomInsideDocument => {
            let message = "a byte order mark stands inside the text";
            let finding = Diagnostic::error("syntax", message)
                .help("remove the invisible character U+FEFF")
                .fix(context.character(at), "");
            context.blame(finding, at, "here")
        }
        _ if is_tag(kind) => {
            let finding = Diagnostic::error("syntax", "this is no tag");
            let help = "a text that begins with `!` must stand in quotes";
            context.blame(context.advise_quotes(finding, at, help), at, "here")
        }
        _ if is_directive(kind) => {
            let finding = Diagnostic::error("syntax", "this is no directive of YAML 1.2")
                .help("remove the line; if it belongs to a text, put the text in quotes");
            context.blame(finding, at, "here")
        }
        _ => return None,
    };
    Some(explained)
}

/// A text that begins with `@`, a backtick or `%`.
fn reserved(context: &Context<'_>, character: char, at: usize) -> Explained {
    let message = match character {
        '`' => "a text can't begin with a backtick".to_owned(),
        _ => format!("a text can't begin with `{character}`"),
    };
    let finding = Diagnostic::error("syntax", message);
    let finding = context.advise_quotes(finding, at, "put it in quotes");
    context.blame(finding, at, "this character is kept for YAML itself")
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
