//! Base64, as far as texts are written in it.

/// The bytes of a word in base64 of either alphabet, padded or not; `None` where it is none.
pub fn decode(word: &str) -> Option<Vec<u8>> {
    let word = word.trim_end_matches('=');
    let mut bytes = Vec::with_capacity(word.len() * 3 / 4 + 3);
    let (mut bits, mut held) = (0u32, 0u8);
    for byte in word.bytes() {
        if byte.is_ascii_whitespace() {
            continue;
        }
        bits = bits << 6 | u32::from(digit(byte)?);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).unwrap_or_default());
        }
    }
    // Six bits left over are no byte, so no encoder wrote them.
    (held < 6).then_some(bytes)
}

/// The text that a word in base64 holds, if it holds one that a person could read.
pub fn text(word: &str) -> Option<String> {
    let is_text = |byte: u8| (b' '..=b'~').contains(&byte) || byte.is_ascii_whitespace();
    // The first bytes tell most words apart before anything is copied.
    let mut head = word.bytes().take(4).filter_map(digit);
    let [a, b, c, d] = [head.next()?, head.next()?, head.next()?, head.next()?];
    let first = [a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d];
    let head = word.get(..word.len().min(32))?;
    let is_readable = first.into_iter().all(is_text) && decode(head)?.into_iter().all(is_text);
    is_readable.then(|| Some(String::from_utf8_lossy(&decode(word)?).into_owned()))?
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read() {
        assert_eq!(decode("aGVsbG8="), Some(b"hello".to_vec()));
        assert_eq!(text("aGVsbG8").as_deref(), Some("hello"));
        assert_eq!(text("////////"), None);
        assert_eq!(decode("a"), None);
        assert_eq!(decode("a b!"), None);
    }
}
