//! Bytes to text: UTF-8, with or without a byte order mark. Everything else is named for what it is.

use crate::diagnostic::Diagnostic;

/// The text of a file's bytes, without a byte order mark.
///
/// # Errors
/// The bytes are no UTF-8 text. The finding has no place yet: the caller knows the file's name, not this function.
pub fn decode(bytes: &[u8]) -> Result<&str, Diagnostic> {
    if let Some(encoding) = wide(bytes) {
        return Err(Diagnostic::error(
            "not-utf8",
            format!("the file is written in {encoding}, and only UTF-8 is read"),
        )
        .help("save it as UTF-8"));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.contains(&0) {
        return Err(Diagnostic::error(
            "binary-file",
            "the file is no text: it holds null bytes",
        ));
    }
    std::str::from_utf8(bytes).map_err(|error| invalid(bytes, error.valid_up_to()))
}

/// The UTF-16 or UTF-32 that bytes are in, told by their byte order mark or by where their zeroes stand.
fn wide(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] | [_, 0, 0, 0, ..] => Some("UTF-32 (little endian)"),
        [0, 0, 0xfe, 0xff, ..] | [0, 0, 0, b'\t'..=b'~', ..] => Some("UTF-32 (big endian)"),
        [0xff, 0xfe, ..] => Some("UTF-16 (little endian)"),
        [0xfe, 0xff, ..] => Some("UTF-16 (big endian)"),
        [b'\t'..=b'~', 0, b'\t'..=b'~', 0, ..] => Some("UTF-16 (little endian)"),
        [0, b'\t'..=b'~', 0, b'\t'..=b'~', ..] => Some("UTF-16 (big endian)"),
        _ => None,
    }
}

fn invalid(bytes: &[u8], at: usize) -> Diagnostic {
    let before = bytes.get(..at).unwrap_or_default();
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let start = before.iter().rposition(|byte| *byte == b'\n');
    let text = before.get(start.map_or(0, |at| at + 1)..);
    let column = String::from_utf8_lossy(text.unwrap_or_default())
        .chars()
        .count()
        + 1;
    let byte = bytes.get(at).copied().unwrap_or_default();
    let finding = Diagnostic::error(
        "not-utf8",
        format!(
            "line {line}, column {column} is not UTF-8: the byte 0x{byte:02X} means nothing there"
        ),
    );
    // In Latin-1 and its kin each letter beyond ASCII is one byte: it stands alone between plain ones.
    let alone = bytes.get(at + 1).is_none_or(u8::is_ascii);
    if byte >= 0xa0 && alone {
        finding.help("the file looks like Latin-1 or Windows-1252: save it as UTF-8")
    } else {
        finding.help("save it as UTF-8")
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    fn said(bytes: &[u8]) -> String {
        let finding = decode(bytes).unwrap_err();
        format!(
            "{}: {}; {}",
            finding.id,
            finding.message,
            finding.help.join("; ")
        )
    }

    #[test]
    fn text_is_taken_as_it_is_without_its_mark() {
        assert_eq!(decode(b"").unwrap(), "");
        assert_eq!(decode("a: \u{e9}\r\n".as_bytes()).unwrap(), "a: \u{e9}\r\n");
        assert_eq!(decode(b"\xef\xbb\xbfa: 1\n").unwrap(), "a: 1\n");
    }

    #[test]
    fn other_encodings_are_named() {
        for (bytes, name) in [
            (&b"\xff\xfea\0:\0"[..], "UTF-16 (little endian)"),
            (b"\xfe\xff\0a\0:", "UTF-16 (big endian)"),
            (b"a\0:\0 \0", "UTF-16 (little endian)"),
            (b"\0a\0:\0 ", "UTF-16 (big endian)"),
            (b"\xff\xfe\0\0a\0\0\0", "UTF-32 (little endian)"),
            (b"\0\0\xfe\xff\0\0\0a", "UTF-32 (big endian)"),
        ] {
            assert_eq!(
                said(bytes),
                format!(
                    "not-utf8: the file is written in {name}, and only UTF-8 is read; save it as UTF-8"
                )
            );
        }
        assert_eq!(
            said(b"a: 1\nname: caf\xe9\n"),
            "not-utf8: line 2, column 10 is not UTF-8: the byte 0xE9 means nothing there; \
             the file looks like Latin-1 or Windows-1252: save it as UTF-8"
        );
        assert_eq!(
            said(b"\x7fELF\x02\x01\x01\0\0"),
            "binary-file: the file is no text: it holds null bytes; "
        );
        assert_eq!(
            said(b"ab\x80\x81"),
            "not-utf8: line 1, column 3 is not UTF-8: the byte 0x80 means nothing there; save it as UTF-8"
        );
    }
}
