//! Texts: plain where no reader could take them for anything else, quoted or as a literal block elsewhere.

use std::fmt::Write;

/// Longest text that may stand plain.
const LONGEST_PLAIN: usize = 512;

/// A text as it would stand in a document, on one line: for suggestions and edits.
#[must_use]
pub fn print_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    inline(&mut out, text);
    out
}

/// Writes a value: as a literal block if it has several lines and nothing odd in it.
pub(super) fn text(out: &mut String, text: &str, column: usize) {
    if text.contains('\n') && fits_block(text) {
        block(out, text, column);
    } else {
        inline(out, text);
    }
}

/// Writes a key or a value on one line.
pub(super) fn inline(out: &mut String, text: &str) {
    if is_plain(text) {
        out.push_str(text);
    } else {
        quoted(out, text);
    }
}

/// Whether no reader of YAML 1.1 or 1.2 could take it for anything but this text.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(&first), Some(&last)) = (bytes.first(), bytes.last()) else {
        return false;
    };
    if bytes.len() > LONGEST_PLAIN
        || !(first.is_ascii_alphanumeric() || first == b'/' || first == b'_')
        || last == b' '
        || last == b':'
    {
        return false;
    }
    let mut before = first;
    for &byte in bytes {
        let harmless = match byte {
            b' ' => before != b':',
            b'#' => before != b' ',
            b'<' => before != b'<',
            b'!' | b'"' | b'$'..=b'_' | b'a'..=b'~' => true,
            _ => false,
        };
        if !harmless {
            return false;
        }
        before = byte;
    }
    !looks_like_number(bytes) && !is_word(text)
}

/// Whether some dialect may see a number, a date or a time in it.
fn looks_like_number(bytes: &[u8]) -> bool {
    match bytes {
        [b'0', b'x' | b'X' | b'o' | b'O' | b'b' | b'B', ..] => true,
        [b'0'..=b'9' | b'_', ..] => {
            let numeric = |byte: &u8| {
                matches!(
                    byte,
                    b'0'..=b'9'
                        | b'_'
                        | b'.'
                        | b'+'
                        | b'-'
                        | b':'
                        | b'e'
                        | b'E'
                        | b' '
                        | b'T'
                        | b't'
                        | b'Z'
                        | b'z'
                        | b','
                )
            };
            let hexadecimal = |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b'_' | b'.');
            bytes.iter().all(numeric) || bytes.iter().all(hexadecimal)
        }
        [b'e' | b'E', rest @ ..] => rest
            .iter()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'_' | b'+' | b'-' | b'.')),
        _ => false,
    }
}

/// Whether some dialect gives the word a meaning.
fn is_word(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "_", "f", "false", "inf", "infinity", "n", "nan", "no", "null", "off", "on", "t", "true",
        "y", "yes",
    ];
    text.len() <= 8 && WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Whether a character is unseen, ends a line for some reader, or turns the direction of text.
fn is_odd(c: char) -> bool {
    matches!(c,
        '\0'..='\x1f' | '\x7f'..='\u{a0}' | '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

fn quoted(out: &mut String, text: &str) {
    let is_simple = |byte: u8| matches!(byte, b' '..=b'&' | b'('..=b'~');
    if text.is_empty() {
        out.push_str("\"\"");
    } else if text.bytes().all(is_simple) || !text.contains(|c| c == '\'' || is_odd(c)) {
        out.push('\'');
        out.push_str(text);
        out.push('\'');
    } else {
        escaped(out, text);
    }
}

fn escaped(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            odd if is_odd(odd) => escape(out, odd),
            plain => out.push(plain),
        }
    }
    out.push('"');
}

fn escape(out: &mut String, c: char) {
    let code = u32::from(c);
    // Writing to a String can't fail.
    let _ = if code < 0x100 {
        write!(out, "\\x{code:02x}")
    } else {
        write!(out, "\\u{code:04x}")
    };
}

/// Literal blocks only for what is boring: readers differ on blanks at line ends and on a first line that is blank.
fn fits_block(text: &str) -> bool {
    !text.starts_with(['\n', ' ', '\t'])
        && !text.ends_with([' ', '\t'])
        && !text.contains(" \n")
        && !text.contains("\t\n")
        && !text.contains(|c| c != '\n' && c != '\t' && is_odd(c))
}

fn block(out: &mut String, text: &str, column: usize) {
    let body = text.trim_end_matches('\n');
    let breaks = text.len() - body.len();
    out.push_str(match breaks {
        0 => "|-",
        1 => "|",
        _ => "|+",
    });
    for line in body.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            super::indent(out, column + 2);
            out.push_str(line);
        }
    }
    for _ in 1..breaks {
        out.push('\n');
    }
}
