//! Whether what stands in a field that is called like a secret is one, or a reference, a placeholder or a name.

use super::field::{self, Field};
use super::{base64, random};
use std::ops::Range;

/// Longer texts are files, which are known by their shape.
const LONGEST: usize = 8192;

/// Starts of texts that say where a secret is, or that are sealed.
const REFERENCES: [&str; 23] = [
    "!",
    "%",
    "./",
    "../",
    "<",
    "ENC[",
    "[",
    "__",
    "arn:",
    "age1",
    "data:",
    "env.",
    "env:",
    "file:",
    "op://",
    "os.",
    "projects/",
    "ref+",
    "ssh-",
    "vault:",
    "{",
    "~/",
    "AgA",
];

/// Words that ask for a value, or that stand where there is none.
const EMPTY: [&str; 45] = [
    "array",
    "auto",
    "base64",
    "basic",
    "bearer",
    "boolean",
    "change",
    "changeit",
    "changeme",
    "default",
    "demo",
    "disabled",
    "dummy",
    "empty",
    "enabled",
    "enter",
    "example",
    "external",
    "fake",
    "false",
    "fixme",
    "generated",
    "here",
    "insert",
    "integer",
    "masked",
    "my",
    "namespaced",
    "object",
    "none",
    "null",
    "optional",
    "placeholder",
    "redacted",
    "removed",
    "replace",
    "replaceme",
    "required",
    "sample",
    "secret",
    "some",
    "string",
    "todo",
    "true",
    "your",
];

/// Where in a text of such a field its secret stands.
pub fn secret(field: Field, text: &str) -> Option<Range<usize>> {
    let value = bare(text);
    let is_secret = (super::SHORTEST..LONGEST).contains(&value.len())
        && !is_reference(value)
        && !is_placeholder(value)
        && match field.takes_words {
            true => is_password(value),
            false => is_token(value),
        };
    let start = value.as_ptr() as usize - text.as_ptr() as usize;
    is_secret.then(|| start..start + value.len())
}

/// A text without space around it, and without the scheme of an `Authorization`.
fn bare(text: &str) -> &str {
    let text = text.trim();
    let schemes = ["Basic ", "Bearer ", "Token ", "token ", "bearer "];
    let value = schemes.iter().find_map(|scheme| text.strip_prefix(scheme));
    value.unwrap_or(text).trim()
}

/// Whether a word is the scheme of an `Authorization`, before its secret.
pub fn is_scheme(word: &str) -> bool {
    is_any(word, &["basic", "bearer", "token"])
}

/// Whether a text only says where a secret is, holds a hole to fill, or is sealed.
pub fn is_reference(text: &str) -> bool {
    if REFERENCES.iter().any(|start| text.starts_with(start)) {
        return true;
    }
    let is_variable = text.strip_prefix('$').is_some_and(|name| {
        let is_named = name.starts_with(|c: char| c.is_ascii_alphabetic()) && is_name(name);
        is_named || name.starts_with(['(', '{', '_'])
    });
    let is_plain_address = text.contains("://") && !text.contains('@');
    let is_path = text
        .strip_prefix('/')
        .is_some_and(|path| !random::is_random(path));
    is_path || is_variable || is_plain_address || has_hole(text)
}

/// Whether something is yet to be filled in.
pub fn has_hole(text: &str) -> bool {
    ["${", "$(", "{{", "<path:"]
        .iter()
        .any(|open| text.contains(open))
}

/// Whether a text stands for a value that is yet to come.
pub fn is_placeholder(text: &str) -> bool {
    let first = text.bytes().next();
    let is_one_letter = text.bytes().all(|byte| Some(byte) == first || byte == b'-');
    let asks = field::words(text).next().is_some_and(|word| {
        let is_short = word.len() <= 2 && !text.contains(['-', '_', ' ']);
        !is_short && is_any(word, &EMPTY) && is_name(text)
    });
    let yours = text.get(..4).filter(|it| it.eq_ignore_ascii_case("your"));
    let rest = yours.and_then(|_| text.get(4..));
    let is_yours = rest.is_some_and(|rest| field::of_name(rest).is_some());
    is_one_letter || asks || is_yours || says_example(text) || names_itself(text)
}

/// Whether a text is the name of a secret's field: `password`, `admin-password`, `DB_PASSWORD`.
fn names_itself(text: &str) -> bool {
    let is_joined = field::words(text).count() > 1 || text.contains(['-', '_', '.', ' ']);
    let words = ["password", "passwd", "token", "apikey", "secretkey"];
    field::of_name(text).is_some() && (is_joined || is_any(text, &words))
}

fn is_any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Whether a text is one of those that manuals print.
pub fn says_example(text: &str) -> bool {
    let words = [
        "EXAMPLE",
        "example",
        "XXXX",
        "xxxx",
        "****",
        "....",
        "0000000000",
        "0123456789",
    ];
    words.iter().any(|word| text.contains(word))
}

/// Anything that is one word or few: what is longer explains something.
fn is_password(text: &str) -> bool {
    text.split_whitespace().count() <= 6
}

/// No name of a thing and no sentence.
fn is_token(text: &str) -> bool {
    let is_login = text.split_once(':').is_some_and(|(_, rest)| {
        rest.split_once('@')
            .is_some_and(|(password, _)| !password.is_empty() && !password.contains('/'))
    }) || base64::text(text).is_some_and(|login| login.contains(':'));
    text.len() >= 8
        && !text.contains(char::is_whitespace)
        && text
            .bytes()
            .any(|byte| byte.is_ascii_alphabetic() || byte == b'/')
        && field::of_name(text).is_none()
        && (is_login || !is_name(text))
}

/// Whether a text is made of words, with few digits behind them: `backup-s3`, `tls.key`, `AWS_ACCESS_KEY_ID`.
pub fn is_name(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .all(|part| {
            let letters = part.trim_end_matches(|c: char| c.is_ascii_digit());
            let digits = part.len() - letters.len();
            let is_number = letters.is_empty() && digits <= 4;
            let is_word = digits <= 2 && letters.bytes().all(|byte| byte.is_ascii_alphabetic());
            part.len() <= 4 || is_number || (is_word && !random::is_mixed(letters))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words_with_few_digits() {
        for name in [
            "backup-s3",
            "tls.key",
            "AWS_ACCESS_KEY_ID",
            "clientSecret",
            "x509",
            "k8s-app",
        ] {
            assert!(is_name(name), "{name}");
        }
        for other in ["a1b2c3d4e5f6", "console123", "qHfTbWkLpZxMvNcR"] {
            assert!(!is_name(other), "{other}");
        }
    }

    #[test]
    fn holes_and_examples_are_no_secrets() {
        for text in [
            "changeme",
            "change-me",
            "CHANGE_ME_PLEASE",
            "<password>",
            "your-token-here",
            "yourpassword",
            "xxxxxxxx",
            "********",
            "${DB_PASSWORD}",
            "$(cat /run/secret)",
            "$PASSWORD",
            "{{ .Values.password }}",
            "ENC[AES256_GCM,data:abc]",
            "ref+vault://secret/x#password",
            "/run/secrets/password",
            "password",
            "admin-password",
            "DB_PASSWORD",
        ] {
            assert!(is_reference(text) || is_placeholder(text), "{text}");
        }
        for text in [
            "secret-a1b2c3d4e5f6",
            "prom-operator",
            "Harbor12345",
            "admin",
            "hunter2",
        ] {
            assert!(!is_reference(text) && !is_placeholder(text), "{text}");
        }
    }
}
