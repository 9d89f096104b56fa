//! Texts as sops writes them: in the style of go-yaml, so that a later edit with sops leaves them as they are.
//!
//! Source: `stringv` in `encode.go`, `yaml_emitter_analyze_scalar` in `emitterc.go` of go-yaml 3.

use crate::clear::{self, Reading};
use std::fmt::Write;

/// A key, on one line; sops writes a key of several lines in a way of its own.
pub(crate) fn key(text: &str) -> String {
    if text.contains(is_break) {
        double(text)
    } else {
        line(text, &Facts::of(text))
    }
}

/// A value; lines of a block stand at `column`.
pub(crate) fn value(text: &str, column: usize) -> String {
    let facts = Facts::of(text);
    if !text.contains(is_break) {
        line(text, &facts)
    } else if text.contains('\n') && facts.block {
        block(text, column)
    } else {
        double(text)
    }
}

/// Whether go-yaml would write null for it, as 3.0.4 does: sops and Flux lose such a value when they decrypt it.
pub(crate) fn is_lost(text: &str) -> bool {
    text.starts_with('\t') && text.contains('\n') && Facts::of(text).block
}

fn line(text: &str, facts: &Facts) -> String {
    if !is_text(text) {
        return double(text);
    }
    if facts.plain {
        text.to_owned()
    } else if facts.single {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        double(text)
    }
}

/// Whether it would be read as text without quotes, by old readers too.
fn is_text(text: &str) -> bool {
    let old = matches!(
        text,
        "y" | "Y"
            | "yes"
            | "Yes"
            | "YES"
            | "on"
            | "On"
            | "ON"
            | "n"
            | "N"
            | "no"
            | "No"
            | "NO"
            | "off"
            | "Off"
            | "OFF"
    );
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let special = matches!(text, "<<" | ".nan" | ".NaN" | ".NAN")
        || matches!(unsigned, ".inf" | ".Inf" | ".INF");
    clear::read(text) == Reading::Text && !old && !special && !is_base_sixty(text)
}

/// `[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?`
fn is_base_sixty(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (text, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'_')
    };
    let mut parts = text.split(':');
    let whole = parts.next().unwrap_or_default();
    let sixty = |part: &str| matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']);
    text.contains(':')
        && whole.starts_with(|c: char| c.is_ascii_digit())
        && digits(whole)
        && digits(fraction)
        && parts.all(sixty)
}

/// What styles a text may have.
struct Facts {
    plain: bool,
    single: bool,
    block: bool,
}

impl Facts {
    fn of(text: &str) -> Self {
        let (mut indicator, mut odd, mut tab) = (
            text.starts_with("---") || text.starts_with("..."),
            false,
            false,
        );
        let (mut break_space, mut space_break) = (false, false);
        let mut before: Option<char> = None;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let ends = chars.peek().is_none_or(|next| is_blank(*next));
            let begins = before.is_none_or(is_blank_or_break);
            indicator |= match (before, c) {
                (None, '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>') => true,
                (None, '\'' | '"' | '%' | '@' | '`') => true,
                (None, '?' | ':' | '-') | (Some(_), ':') => ends,
                (Some(_), '#') => begins,
                _ => false,
            };
            tab |= c == '\t';
            odd |= c != '\t' && !is_printable(c);
            break_space |= c == ' ' && before.is_some_and(is_break);
            space_break |= is_break(c) && before == Some(' ');
            before = Some(c);
        }
        let edge = |c: char| c == ' ' || is_break(c);
        let breaks = text.contains(is_break);
        let edges = text.starts_with(edge) || text.ends_with(edge);
        let single = !(break_space || space_break || tab || odd);
        Facts {
            plain: single && !indicator && !edges && !breaks,
            single,
            // Line ends other than `\n` would not come back from a block.
            block: !(text.ends_with(' ')
                || space_break
                || odd
                || text.contains(['\u{2028}', '\u{2029}'])),
        }
    }
}

fn is_blank(c: char) -> bool {
    c == ' ' || c == '\t'
}

fn is_break(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_blank_or_break(c: char) -> bool {
    is_blank(c) || is_break(c)
}

/// What go-yaml writes as it is: nothing beyond U+FFFF.
fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}')
        && c != '\u{feff}'
}

fn double(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        let escape = match c {
            '\0' => "\\0",
            '\x07' => "\\a",
            '\x08' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\x0b' => "\\v",
            '\x0c' => "\\f",
            '\r' => "\\r",
            '\x1b' => "\\e",
            '"' => "\\\"",
            '\\' => "\\\\",
            '\u{85}' => "\\N",
            '\u{2028}' => "\\L",
            '\u{2029}' => "\\P",
            c if is_printable(c) => {
                out.push(c);
                continue;
            }
            c => {
                let code = u32::from(c);
                // Writing to a String can't fail.
                let _ = match code {
                    0..0x100 => write!(out, "\\x{code:02X}"),
                    0x100..0x1_0000 => write!(out, "\\u{code:04X}"),
                    _ => write!(out, "\\U{code:08X}"),
                };
                continue;
            }
        };
        out.push_str(escape);
    }
    out.push('"');
    out
}

fn block(text: &str, column: usize) -> String {
    let mut out = String::from("|");
    if text.starts_with([' ', '\n']) {
        out.push('4');
    }
    let body = text.trim_end_matches('\n');
    match text.len() - body.len() {
        0 => out.push('-'),
        1 if !body.is_empty() => {}
        _ => out.push('+'),
    }
    let blank = " ".repeat(column);
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        out.push('\n');
        if !line.is_empty() {
            out.push_str(&blank);
            out.push_str(line);
        }
    }
    out
}

#[cfg(test)]
mod tests;
