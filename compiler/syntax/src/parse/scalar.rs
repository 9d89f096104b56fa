//! What a plain scalar means: YAML 1.2's core schema, and where YAML 1.1 differs.

use super::limits::shown;
use crate::diagnostic::Diagnostic;
use crate::node::Text;
use crate::source::Span;
use ecow::eco_format;

/// What a plain scalar is under the core schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Plain {
    Null,
    Bool(bool),
    /// A number, in a form that JSON takes and every YAML reads the same.
    Number(Text),
    /// `.inf`, `.nan`, or a hexadecimal or octal number beyond 128 bits.
    NoNumber,
    String,
}

/// What YAML 1.1 makes of a plain scalar that YAML 1.2 reads differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Older {
    /// A truth value: `yes`, `off`, `N` and the like.
    Bool(bool),
    /// A number, here in decimal: `1_000`, `12:30` (base 60), `0755` (octal), `0b1`.
    Number(String),
    /// A date or a point in time: `2026-11-22`.
    Time,
}

/// Reads a plain scalar by the core schema of YAML 1.2.
pub(super) fn read(text: &str) -> Plain {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Plain::Null,
        "true" | "True" | "TRUE" => return Plain::Bool(true),
        "false" | "False" | "FALSE" => return Plain::Bool(false),
        _ => {}
    }
    match text.as_bytes() {
        [b'0'..=b'9' | b'-' | b'+' | b'.', ..] => number(text),
        _ => Plain::String,
    }
}

fn number(text: &str) -> Plain {
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    let (sign, rest) = match text.as_bytes().first() {
        Some(b'-') => ("-", text.get(1..).unwrap_or_default()),
        Some(b'+') => ("", text.get(1..).unwrap_or_default()),
        _ => ("", text),
    };
    if matches!(rest, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Plain::NoNumber;
    }
    decimal(sign, rest).map_or(Plain::String, Plain::Number)
}

fn radix(digits: &str, radix: u32) -> Plain {
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return Plain::String;
    }
    u128::from_str_radix(digits, radix).map_or(Plain::NoNumber, |value| {
        Plain::Number(eco_format!("{value}"))
    })
}

/// `[0-9]+`, or a float; in the form that JSON takes.
fn decimal(sign: &str, text: &str) -> Option<Text> {
    let digits_end = |from: &str| {
        from.bytes()
            .position(|byte| !byte.is_ascii_digit())
            .unwrap_or(from.len())
    };
    let (whole, rest) = text.split_at_checked(digits_end(text))?;
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(rest) => {
            let (fraction, rest) = rest.split_at_checked(digits_end(rest))?;
            (Some(fraction), rest)
        }
        None => (None, rest),
    };
    if whole.is_empty() && fraction.is_none_or(str::is_empty) {
        return None;
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        if digits.is_empty() || digits_end(digits) < digits.len() {
            return None;
        }
    } else if !rest.is_empty() {
        return None;
    }
    let canonical = whole.len() > 1 && whole.starts_with('0') || whole.is_empty();
    if !canonical && fraction != Some("") {
        return Some(eco_format!("{sign}{text}"));
    }
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        significant => significant,
    };
    Some(match fraction {
        None => eco_format!("{sign}{whole}{rest}"),
        Some("") => eco_format!("{sign}{whole}.0{rest}"),
        Some(fraction) => eco_format!("{sign}{whole}.{fraction}{rest}"),
    })
}

/// What YAML 1.1 makes of a plain scalar, where that differs from what it means here.
///
/// ```
/// use syntax::parse::{Older, older_reading};
/// assert_eq!(older_reading("yes"), Some(Older::Bool(true)));
/// assert_eq!(older_reading("12:30"), Some(Older::Number("750".into())));
/// assert_eq!(older_reading("0755"), Some(Older::Number("493".into())));
/// assert_eq!(older_reading("true"), None);
/// ```
#[must_use]
pub fn older_reading(plain: &str) -> Option<Older> {
    match plain {
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => return Some(Older::Bool(true)),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => return Some(Older::Bool(false)),
        _ => {}
    }
    let (sign, digits) = match plain.as_bytes().first()? {
        b'-' => ("-", plain.get(1..)?),
        b'+' => ("", plain.get(1..)?),
        b'0'..=b'9' => ("", plain),
        _ => return None,
    };
    if is_time(plain) {
        return Some(Older::Time);
    }
    older_number(digits).map(|value| Older::Number(format!("{sign}{value}")))
}

fn older_number(text: &str) -> Option<String> {
    if !text.bytes().next()?.is_ascii_digit() {
        return None;
    }
    let clean = text.replace('_', "");
    if let Some(bits) = clean.strip_prefix("0b") {
        return u128::from_str_radix(bits, 2)
            .ok()
            .map(|value| value.to_string());
    }
    if let Some(digits) = clean.strip_prefix("0x") {
        let value = u128::from_str_radix(digits, 16).ok()?;
        return (clean != text).then(|| value.to_string());
    }
    if clean.len() > 1 && clean.starts_with('0') && clean.bytes().all(|b| b.is_ascii_digit()) {
        return u128::from_str_radix(&clean, 8)
            .ok()
            .map(|value| value.to_string());
    }
    if clean.contains(':') {
        return base_sixty(&clean);
    }
    if clean == text || text.starts_with('_') {
        return None;
    }
    matches!(number(&clean), Plain::Number(_)).then_some(clean)
}

fn base_sixty(text: &str) -> Option<String> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut parts = whole.split(':');
    let mut value = parts.next()?.parse::<u128>().ok()?;
    for part in parts {
        let part: u128 = part.parse().ok().filter(|part| *part < 60)?;
        value = value.checked_mul(60)?.checked_add(part)?;
    }
    Some(if fraction.is_empty() {
        value.to_string()
    } else {
        format!("{value}.{fraction}")
    })
}

/// `2026-11-22`, with or without a time of day behind it.
fn is_time(text: &str) -> bool {
    let (date, rest) = text
        .find(|c: char| !c.is_ascii_digit() && c != '-')
        .and_then(|end| text.split_at_checked(end))
        .unwrap_or((text, ""));
    let parts: Vec<&str> = date.split('-').collect();
    let dated = matches!(parts.as_slice(), [year, month, day]
        if year.len() == 4 && (1..=2).contains(&month.len()) && (1..=2).contains(&day.len()));
    dated
        && (rest.is_empty()
            || (rest.starts_with(['T', 't', ' ', '\t'])
                && rest.contains(':')
                && rest
                    .bytes()
                    .skip(1)
                    .all(|b| b.is_ascii_digit() || b" \t:.+-Z".contains(&b))))
}

/// A number that readers of YAML 1.1, such as Kubernetes, take for another.
pub(super) fn doubt(text: &str, number: &str, span: Span) -> Option<Diagnostic> {
    if !text.trim_start_matches(['-', '+']).starts_with('0') {
        return None;
    }
    let Some(Older::Number(older)) = older_reading(text) else {
        return None;
    };
    (older != number).then(|| {
        Diagnostic::warning(
            "octal-number",
            format!("`{text}` is the number {number} here, and {older} to readers of YAML 1.1"),
        )
        .at(span, "leading zero")
        .help(format!(
            "write {number}, or {older}, or \"{text}\" if it is a text"
        ))
    })
}

/// A number that JSON has no word for.
pub(super) fn no_number(text: &str, span: Span) -> Diagnostic {
    let text = shown(text);
    Diagnostic::error(
        "no-such-number",
        format!("`{text}` is a number that JSON and Kubernetes can't carry"),
    )
    .at(span, "this")
    .help(format!("if it is a text, write \"{text}\""))
}
