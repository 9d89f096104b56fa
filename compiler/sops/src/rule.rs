//! Which values of a file are encrypted.
//!
//! Source: `shouldBeEncrypted` in `sops.go`, `ToInternal` in `stores/stores.go`.

use crate::error::Error;
use regex_lite::Regex;
use syntax::Node;

/// The one rule of a file. It looks at every key of a path.
#[derive(Clone)]
pub(crate) enum Rule {
    EncryptedRegex(Regex),
    UnencryptedRegex(Regex),
    EncryptedSuffix(String),
    UnencryptedSuffix(String),
}

impl Rule {
    /// The rule that a `sops` block states; without one, sops has a default.
    pub(crate) fn of(block: &Node) -> Result<Self, Error> {
        let stated = |field: &str| block.str_at(&[field]).filter(|text| !text.is_empty());
        for field in ["encrypted_comment_regex", "unencrypted_comment_regex"] {
            if stated(field).is_some() {
                return Err(Error::unsupported(format!("`sops.{field}`")));
            }
        }
        let mut rules = Vec::new();
        if let Some(pattern) = stated("encrypted_regex") {
            rules.push(Rule::EncryptedRegex(regex("encrypted_regex", pattern)?));
        }
        if let Some(pattern) = stated("unencrypted_regex") {
            rules.push(Rule::UnencryptedRegex(regex("unencrypted_regex", pattern)?));
        }
        if let Some(suffix) = stated("encrypted_suffix") {
            rules.push(Rule::EncryptedSuffix(suffix.to_owned()));
        }
        if let Some(suffix) = stated("unencrypted_suffix") {
            rules.push(Rule::UnencryptedSuffix(suffix.to_owned()));
        }
        let rule = rules.pop();
        if !rules.is_empty() {
            let problem = "it states more than one rule of what is encrypted";
            return Err(Error::format("`sops`", problem));
        }
        Ok(rule.unwrap_or_else(|| Rule::UnencryptedSuffix("_unencrypted".to_owned())))
    }

    /// The rule of a new file.
    pub(crate) fn encrypted_regex(pattern: &str) -> Result<Self, Error> {
        regex("encrypted_regex", pattern).map(Rule::EncryptedRegex)
    }

    /// Whether a value at this path is encrypted.
    pub(crate) fn selects<P: AsRef<str>>(&self, path: &[P]) -> bool {
        let mut keys = path.iter().map(AsRef::as_ref);
        match self {
            Rule::EncryptedRegex(regex) => keys.any(|key| regex.is_match(key)),
            Rule::UnencryptedRegex(regex) => !keys.any(|key| regex.is_match(key)),
            Rule::EncryptedSuffix(suffix) => keys.any(|key| key.ends_with(suffix.as_str())),
            Rule::UnencryptedSuffix(suffix) => !keys.any(|key| key.ends_with(suffix.as_str())),
        }
    }
}

fn regex(field: &str, pattern: &str) -> Result<Regex, Error> {
    Regex::new(pattern)
        .map_err(|problem| Error::format(format!("`sops.{field}`"), problem.to_string()))
}
