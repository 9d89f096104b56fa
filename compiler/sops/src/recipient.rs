//! A recipient of age: the public half of a key, `age1...`.

use crate::error::Error;
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// Whom a file is sealed for. Ordered by its text.
#[derive(Clone)]
pub struct Recipient {
    text: String,
    key: age::x25519::Recipient,
}

impl Recipient {
    /// Reads `age1...`, with or without space around it.
    ///
    /// # Errors
    /// [`Error::BadRecipient`]: it is something else, or mistyped. What a key is wrapped for must be of age's classic
    /// kind (X25519); plugins, SSH and post-quantum keys are refused.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let bad = |problem: String| Error::BadRecipient { problem };
        if text
            .get(..15)
            .is_some_and(|start| start.eq_ignore_ascii_case("AGE-SECRET-KEY-"))
        {
            let problem = "it is a secret key; a recipient begins with `age1`";
            return Err(bad(problem.to_owned()));
        }
        // Only what begins like a public key is repeated.
        if !text.starts_with("age1") {
            return Err(bad("it does not begin with `age1`".to_owned()));
        }
        match age::x25519::Recipient::from_str(text) {
            Ok(key) => Ok(Recipient::from(key)),
            Err(problem) => Err(bad(format!("`{text}`: {problem}"))),
        }
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn key(&self) -> &age::x25519::Recipient {
        &self.key
    }
}

impl From<age::x25519::Recipient> for Recipient {
    fn from(key: age::x25519::Recipient) -> Self {
        Recipient {
            text: key.to_string(),
            key,
        }
    }
}

impl FromStr for Recipient {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Recipient::parse(text)
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl PartialEq for Recipient {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Recipient {}

impl PartialOrd for Recipient {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Recipient {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

#[cfg(test)]
mod tests {
    use super::Recipient;

    const KEY: &str = "age1kpg8t5af0m99ktzlfajglyee2v4qpeqyphpcn5z0w2frff7jkg3qtw5z9u";

    #[test]
    fn a_recipient_is_checked_to_the_last_letter() {
        assert_eq!(
            Recipient::parse(&format!(" {KEY}\n")).unwrap().as_str(),
            KEY
        );
        assert!(Recipient::parse(&KEY.replace("5z9u", "5z9v")).is_err());
        assert!(Recipient::parse("ssh-ed25519 AAAA").is_err());
        assert!(Recipient::parse("").is_err());
    }

    #[test]
    fn a_secret_key_is_not_repeated() {
        let said = Recipient::parse("AGE-SECRET-KEY-1SZGCS")
            .unwrap_err()
            .to_string();
        assert!(
            said.contains("secret key") && !said.contains("SZGCS"),
            "{said}"
        );
    }
}
