//! Hashes of passwords, as `htpasswd` and `crypt` write them: guesses can be tried on them at leisure.

use std::ops::Range;

/// What it is called.
pub const KIND: &str = "a password's hash";

/// The hash that starts with the `$` at a place.
pub fn at(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let body = rest.strip_prefix('$')?;
    let (scheme, _) =
        body.split_at_checked(body.bytes().take(12).position(|byte| byte == b'$')?)?;
    let least = match scheme {
        "2a" | "2b" | "2y" | "2x" => 53,
        "1" | "apr1" => 24,
        "5" | "7" | "y" => 43,
        "6" => 86,
        "argon2id" | "argon2i" | "argon2d" => 43,
        _ => return None,
    };
    let is_part = |c: char| c.is_ascii_alphanumeric() || "./$=,+".contains(c);
    let end = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
    let last = rest.get(..end)?;
    (last.len() > least).then(|| at..at + end)
}
