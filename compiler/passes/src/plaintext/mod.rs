//! Secrets in plain text: found by their shape, by the name of their field, or by how random they are.
//!
//! A text is read once, from its first byte to its last ([`scan`]). What is found is told in words and by its place;
//! the secret itself is never part of a finding.
//!
//! What counts, where it is not plain:
//!
//! * A weak password is a password: `adminPassword: prom-operator` is what the door opens to.
//! * A value that asks to be replaced (`changeme`, `<token>`, `your-key`, `xxxx`) or that repeats its field's name
//!   (`password: password`) gives nothing away. So do the keys in the manuals of clouds, which all hold `EXAMPLE`.
//! * Under the name of a key or a token, plain words are taken for the name of a thing (`secret: backup-s3`); under the
//!   name of a password they are not.
//! * Without a field's name, only texts of upper case, lower case and digits are judged by how random they are: hex
//!   and lower case alone are what digests, commits, UUIDs and names are made of.

mod address;
mod base64;
mod field;
mod hash;
mod pem;
mod random;
mod scan;
mod shape;
mod tree;
mod value;

pub(crate) use field::says_secret;
pub use tree::{Found, leaks};

use std::ops::Range;

/// Shorter texts are not looked at.
const SHORTEST: usize = 4;

/// What a text gives away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leak {
    /// What it is, in words: `a private key`, `a GitHub token`.
    pub kind: &'static str,
    /// Where in the text it stands, in bytes.
    pub range: Range<usize>,
}

/// Whether a text holds a secret, by its own shape or by what its field is called.
///
/// `path` has the keys that lead to it from the root, without the indices of lists.
#[must_use]
pub fn leak(path: &[&str], text: &str) -> Option<Leak> {
    if text.len() < SHORTEST {
        return None;
    }
    let Some(field) = field::of(path) else {
        let guess = scan::scan(text, scan::Guess::Random)?;
        let is_public = guess.kind == random::KIND && field::is_public(path);
        return (!is_public).then_some(guess);
    };
    let shape = scan::scan(text, scan::Guess::Nothing);
    shape.or_else(|| {
        let range = value::secret(field, text)?;
        let kind = field.kind;
        Some(Leak { kind, range })
    })
}

/// Whether a leak of this kind shows neither by its own shape nor by what its field is called.
#[must_use]
pub fn is_guess(kind: &str) -> bool {
    [tree::IN_SECRET, random::KIND].contains(&kind)
}

#[cfg(test)]
mod tests;
