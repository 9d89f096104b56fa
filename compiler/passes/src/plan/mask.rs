//! What must never be shown: values of Secrets, ciphertext, and what is called like a secret or looks like one.

use super::{CIPHERTEXT, MASKED};
use crate::plaintext::says_secret;
use syntax::{Kind, Map, Node, Text};

/// What a text that is a secret by itself contains.
const MARKS: [&str; 7] = [
    "AGE-SECRET-KEY-",
    "PRIVATE KEY-----",
    "AKIA",
    "github_pat_",
    "ghp_",
    "glpat-",
    "xoxb-",
];

/// Keys that end like a secret and name one.
const REFERENCES: [&str; 4] = [
    "existingsecret",
    "externalsecret",
    "pullsecret",
    "usesecret",
];

/// What SOPS writes.
const SEALED: &str = "ENC[";

/// Keys whose maps hold secrets under names of their own.
const MAPS: [&str; 5] = [
    "credentials",
    "passwords",
    "secretcontents",
    "secretdata",
    "tokens",
];

/// Keys in such maps that only say where a secret is.
const PLACES: [&str; 5] = ["key", "name", "namespace", "path", "secretname"];

/// What may be shown at a place of a tree, from all to nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sight {
    /// All that doesn't look like a secret.
    #[default]
    Open,
    /// No scalar.
    Scalars,
    /// No scalar here and in maps below that doesn't say where a secret is.
    Maps,
    /// Nothing.
    Nothing,
}

impl Sight {
    /// What may be shown below a key of a map.
    pub(super) fn below(self, map: &Node, key: &str) -> Sight {
        let is_data =
            ["data", "stringData"].contains(&key) && map.str_at(&["kind"]) == Some("Secret");
        if is_data || self == Sight::Nothing {
            return Sight::Nothing;
        }
        let bare = bare(key);
        let is_reference = ends(&bare, &REFERENCES) || PLACES.contains(&bare.as_str());
        if ends(&bare, &MAPS) || (self == Sight::Maps && !is_reference) {
            return Sight::Maps;
        }
        let name = ["name", "key"].iter().find_map(|by| map.str_at(&[by]));
        let is_value = ["value", "default"].contains(&key) && name.is_some_and(is_secret);
        match is_value || is_secret(key) {
            true => Sight::Scalars,
            false => Sight::Open,
        }
    }

    fn hides_scalars(self) -> bool {
        self != Sight::Open
    }

    /// A value as it may be shown.
    pub(super) fn shown(self, node: &Node) -> Node {
        let origin = node.origin();
        match node.kind() {
            Kind::String(value) if value.starts_with(SEALED) => Node::string(CIPHERTEXT, origin),
            Kind::String(value) if self.hides_scalars() && !value.is_empty() => {
                Node::string(MASKED, origin)
            }
            Kind::Number(_) if self.hides_scalars() => Node::string(MASKED, origin),
            Kind::String(value) => Node::string(text(value), origin),
            Kind::List(items) => Node::list(items.iter().map(|item| self.shown(item)), origin),
            Kind::Map(map) => {
                let mut shown = Map::with_capacity(map.len());
                for entry in map.entries() {
                    let value = self.below(node, &entry.key).shown(&entry.value);
                    shown.set(entry.key.clone(), entry.key_origin, value);
                }
                Node::map(shown, origin)
            }
            Kind::Null | Kind::Bool(_) | Kind::Number(_) => node.clone(),
        }
    }
}

/// Whether a key's texts are secrets, by its name; the id of a key is shown to nobody either.
fn is_secret(key: &str) -> bool {
    says_secret(key) || bare(key).ends_with("accesskeyid")
}

/// A key in lower case, without what joins its words.
fn bare(key: &str) -> String {
    let letters = key.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

fn ends(bare: &str, with: &[&str]) -> bool {
    with.iter().any(|end| bare.ends_with(end))
}

/// Whether a text holds a secret that spans lines.
pub(super) fn block(value: &str) -> bool {
    MARKS.iter().any(|mark| value.contains(mark))
}

/// A text with what in it is a secret masked, line by line.
pub(super) fn text(value: &str) -> Text {
    if block(value) {
        return MASKED.into();
    }
    let mut shown = Text::new();
    for line in value.split_inclusive('\n') {
        let (body, end) = match line.strip_suffix('\n') {
            Some(body) => (body, "\n"),
            None => (line, ""),
        };
        match kept(body) {
            Some(kept) => {
                shown.push_str(kept);
                shown.push_str(MASKED);
            }
            None => shown.push_str(body),
        }
        shown.push_str(end);
    }
    shown
}

/// What of a line may be shown before a secret that it assigns, or before the password of an address.
fn kept(line: &str) -> Option<&str> {
    let separators = line.char_indices().filter(|(_, c)| matches!(c, '=' | ':'));
    for (at, _) in separators {
        let (before, after) = line.split_at_checked(at + 1)?;
        let word = before
            .trim_end_matches(['=', ':', ' ', '"', '\''])
            .rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-')
            .next()
            .unwrap_or_default();
        let value = after.trim_start_matches([' ', '"', '\'']);
        // A reference to a variable or a template gives nothing away.
        if is_secret(word) && !value.is_empty() && !value.starts_with(['$', '{', '&', '*']) {
            return Some(before);
        }
    }
    let (scheme, rest) = line.split_once("://")?;
    let authority = rest.split(['/', ' ']).next().unwrap_or(rest);
    let (user, _) = authority.rsplit_once('@')?;
    let (name, password) = user.split_once(':')?;
    let end = scheme.len() + 3 + name.len() + 1;
    line.get(..end).filter(|_| !password.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_secrets_by_their_end() {
        for key in [
            "password",
            "adminPassword",
            "DB_PASSWORD",
            "token",
            "secret-access-key",
            "secretboxEncryptionSecret",
            "apiKey",
        ] {
            assert!(is_secret(key), "{key}");
        }
        for key in [
            "existingSecret",
            "secretName",
            "tokenTTL",
            "passwordKey",
            "imagePullSecrets",
            "key",
            "name",
            "keys",
        ] {
            assert!(!is_secret(key), "{key}");
        }
    }

    #[test]
    fn lines_keep_what_is_no_secret() {
        for (line, shown) in [
            ("password: hunter2", "password:(masked)"),
            (
                "aws_secret_access_key=abc",
                "aws_secret_access_key=(masked)",
            ),
            ("--token=abc --v=2", "--token=(masked)"),
            ("token: $TOKEN", "token: $TOKEN"),
            ("https://me:pw@host/x", "https://me:(masked)"),
            ("https://host:8443/x", "https://host:8443/x"),
            ("ssh://git@host/x", "ssh://git@host/x"),
            (
                "a: 1\n\"password\": \"x\"\nb: 2\n",
                "a: 1\n\"password\":(masked)\nb: 2\n",
            ),
            ("-----BEGIN EC PRIVATE KEY-----\nabc", "(masked)"),
        ] {
            assert_eq!(text(line), shown);
        }
    }
}
