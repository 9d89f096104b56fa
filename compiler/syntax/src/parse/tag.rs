//! Tags: the standard ones do what they say, all others are refused.

use super::limits::shown;
use super::scalar::{self, Plain};
use crate::diagnostic::Diagnostic;
use crate::node::{Kind, Text};
use crate::source::Span;
use granit_parser::Tag;

/// A scalar with a tag.
pub(super) fn scalar(
    tag: &Tag,
    text: &str,
    plain: bool,
    span: Span,
    at: Span,
) -> Result<Kind, Diagnostic> {
    if tag.original() == "!" {
        return Ok(Kind::String(Text::from(text)));
    }
    let read = scalar::read(text);
    match (tag.core_suffix(), read) {
        (Some("str"), _) => Ok(Kind::String(Text::from(text))),
        (Some("null"), Plain::Null) => Ok(Kind::Null),
        (Some("bool"), Plain::Bool(value)) => Ok(Kind::Bool(value)),
        (Some("float"), Plain::Number(number)) => Ok(Kind::Number(number)),
        (Some("int"), Plain::Number(number)) if !number.contains(['.', 'e', 'E']) => {
            Ok(Kind::Number(number))
        }
        (Some(_), _) => {
            let text = shown(text);
            let written = if plain {
                text.into_owned()
            } else {
                format!("\"{text}\"")
            };
            Err(
                Diagnostic::error("tag-value", format!("`{written}` is not {}", name(tag)))
                    .at(span, "this value")
                    .at(at, "because of this tag"),
            )
        }
        (None, _) => Err(unknown(tag, at)),
    }
}

/// Why a tag can't stand on a list or map.
pub(super) fn collection(tag: &Tag, list: bool, at: Span) -> Option<Diagnostic> {
    match tag.core_suffix() {
        Some("seq") if list => None,
        Some("map") if !list => None,
        None if tag.original() == "!" => None,
        Some(_) => {
            let what = if list { "a list" } else { "a map" };
            Some(
                Diagnostic::error("tag-value", format!("{what} is not {}", name(tag)))
                    .at(at, "because of this tag"),
            )
        }
        None => Some(unknown(tag, at)),
    }
}

fn name(tag: &Tag) -> &'static str {
    match tag.core_suffix() {
        Some("str") => "a string",
        Some("null") => "null",
        Some("bool") => "a boolean",
        Some("float") => "a number",
        Some("int") => "a whole number",
        Some("seq") => "a list",
        Some("map") => "a map",
        Some(_) | None => "what its tag says",
    }
}

fn unknown(tag: &Tag, at: Span) -> Diagnostic {
    Diagnostic::error(
        "unknown-tag",
        format!("the tag `{}` means nothing here", shown(&tag.original())),
    )
    .at(at, "remove it")
    .help("a text that begins with `!` must stand in quotes")
}
