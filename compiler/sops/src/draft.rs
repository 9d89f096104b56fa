//! A new sealed file, written as sops would write it.
//!
//! Source: sops 3.13.2, which leaves a file of ours as it is but for what it changes.

use crate::cipher::{self, DataKey, Type};
use crate::error::Error;
use crate::leaf::{BLOCK, shown};
use crate::opened::{self, Mac};
use crate::print;
use crate::recipient::Recipient;
use crate::rule::Rule;
use crate::sealed::Sealed;
use crate::secret::SecretValue;
use crate::{share, time, wrap};
use jiff::Timestamp;

/// The version whose format is written. Sops demands one, and raises it when it edits.
const VERSION: &str = "3.13.2";

/// How many columns a level is indented by, as sops does unless it is told otherwise.
const STEP: usize = 4;

/// A document to be sealed: keys and what stands below them, in their order.
pub struct Draft {
    /// The keys of the document.
    pub entries: Vec<(String, Item)>,
    /// Below keys that match, all is encrypted: the pattern is one of Go.
    pub encrypted_regex: String,
}

/// What stands at a key.
pub enum Item {
    /// A text that anybody may read.
    Clear(String),
    /// A value to encrypt.
    Secret(SecretValue),
    /// More keys.
    Map(Vec<(String, Item)>),
}

impl Draft {
    /// The sealed text. The MAC covers what is encrypted and nothing else (`mac_only_encrypted`).
    ///
    /// # Errors
    /// [`Error::NoRecipients`]. [`Error::NotSelected`]: a secret stands where the pattern doesn't match;
    /// [`Error::PlainText`]: a clear text stands where it does. [`Error::NotText`], [`Error::Lost`]: a value is none
    /// that sops gives back.
    /// [`Error::BadFormat`]: a key stands twice, or the pattern is wrong.
    pub fn seal(&self, recipients: &[Recipient], now: Timestamp) -> Result<String, Error> {
        if recipients.is_empty() {
            return Err(Error::NoRecipients);
        }
        let mut writer = Writer {
            out: String::new(),
            key: DataKey::generate()?,
            rule: Rule::encrypted_regex(&self.encrypted_regex)?,
            mac: Mac::new(true),
        };
        writer.map(&self.entries, &mut Vec::new())?;
        let text = writer.finish(&self.encrypted_regex, recipients, now)?;
        // What can't be read again is not given out.
        Sealed::parse(&text)?;
        Ok(text)
    }
}

struct Writer {
    out: String,
    key: DataKey,
    rule: Rule,
    mac: Mac,
}

impl Writer {
    fn map(&mut self, entries: &[(String, Item)], path: &mut Vec<String>) -> Result<(), Error> {
        for (key, item) in entries {
            if path.is_empty() && key == BLOCK {
                return Err(Error::format(format!("`{BLOCK}`"), "the key is SOPS' own"));
            }
            let column = path.len() * STEP;
            self.out.push_str(&" ".repeat(column));
            self.out.push_str(&print::key(key));
            self.out.push(':');
            path.push(key.clone());
            match item {
                Item::Map(entries) if entries.is_empty() => self.out.push_str(" {}\n"),
                Item::Map(entries) => {
                    self.out.push('\n');
                    self.map(entries, path)?;
                }
                Item::Clear(text) => {
                    if self.rule.selects(path) {
                        return Err(Error::PlainText { path: shown(path) });
                    }
                    if print::is_lost(text) {
                        return Err(Error::Lost { path: shown(path) });
                    }
                    let text = print::value(text, column + STEP);
                    self.out.push_str(&format!(" {text}\n"));
                }
                Item::Secret(value) => {
                    let written = self.secret(value, path)?;
                    self.out.push_str(&format!(" {written}\n"));
                }
            }
            path.pop();
        }
        Ok(())
    }

    fn secret(&mut self, value: &SecretValue, path: &[String]) -> Result<String, Error> {
        if !self.rule.selects(path) {
            return Err(Error::NotSelected { path: shown(path) });
        }
        opened::fits(value, path)?;
        self.mac.encrypted(value.expose());
        if value.is_empty() {
            return Ok("\"\"".to_owned());
        }
        self.key
            .seal(value.expose(), Type::Str, &cipher::place(path))
    }

    /// The `sops` block, its fields by name as sops writes them.
    fn finish(
        mut self,
        pattern: &str,
        recipients: &[Recipient],
        now: Timestamp,
    ) -> Result<String, Error> {
        let now = time::seconds(now);
        let mac = self.mac.finish();
        let mac = self.key.seal(mac.expose(), Type::Str, &now)?;
        self.out.push_str("sops:\n    age:\n");
        for (at, recipient) in recipients.iter().enumerate() {
            if recipients
                .iter()
                .take(at)
                .any(|earlier| earlier == recipient)
            {
                continue;
            }
            let enc = wrap::wrap(&self.key, recipient)?;
            let item = share::written(recipient, &enc, 2 * STEP, false);
            self.out
                .push_str(&format!("{:width$}{item}\n", "", width = 2 * STEP));
        }
        let pattern = print::value(pattern, 2 * STEP);
        self.out.push_str(&format!(
            "    encrypted_regex: {pattern}\n    lastmodified: \"{now}\"\n    mac: {mac}\n    \
             mac_only_encrypted: true\n    version: {VERSION}\n"
        ));
        Ok(self.out)
    }
}
