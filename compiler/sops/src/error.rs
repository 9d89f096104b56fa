//! What can go wrong, in words that hold no secret.

use std::fmt;

/// Why a sealed file can't be read, opened or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// No identity is to be found anywhere.
    NoKey {
        /// The places that were looked at.
        looked: Vec<String>,
    },
    /// A place of identities can't be used.
    BadKeyFile {
        /// The file or the variable.
        place: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A file that should be new is there already, or can't be written.
    NotWritten {
        /// The file.
        path: String,
        /// What stands in the way.
        problem: String,
    },
    /// A text is no recipient of age.
    BadRecipient {
        /// What is wrong with it.
        problem: String,
    },
    /// A file would be sealed for nobody.
    NoRecipients,
    /// The text has no `sops` block.
    NotSealed,
    /// The text is not what SOPS writes.
    BadFormat {
        /// The line, from 1, or the path of keys, or the field of the `sops` block.
        at: String,
        /// What is wrong there.
        problem: String,
    },
    /// SOPS can do it, and this crate can't.
    Unsupported {
        /// What.
        what: String,
    },
    /// A value that should be encrypted stands in plain text.
    PlainText {
        /// Its path.
        path: String,
    },
    /// None of the identities at hand opens it.
    NoIdentity {
        /// The recipients of age that it is sealed for.
        recipients: Vec<String>,
        /// Other kinds of keys that it is sealed with, such as `pgp`.
        others: Vec<String>,
    },
    /// The copy of the data key for one of the identities is damaged.
    BadKey {
        /// Its recipient.
        recipient: String,
    },
    /// A value is damaged, or was moved from another place.
    BadValue {
        /// Its path.
        path: String,
    },
    /// The file as a whole is not what was sealed.
    BadMac(BadMac),
    /// A value at this path would not be encrypted.
    NotSelected {
        /// The path.
        path: String,
    },
    /// A map or list stands at this path, or a value stands above it.
    NoValue {
        /// The path.
        path: String,
    },
    /// A value is not UTF-8; in a Secret, such a value belongs under `data`, as base64.
    NotText {
        /// Its path.
        path: String,
    },
    /// sops would write null for the value: it begins with a tab and has several lines, and go-yaml can't write that.
    /// In a Secret, such a value belongs under `data`, as base64.
    Lost {
        /// Its path.
        path: String,
    },
    /// The operating system gave no randomness, or a cipher refused: nothing was written.
    Cipher,
}

/// What a wrong MAC says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadMac {
    /// It can't be decrypted: `mac` itself or `lastmodified` was changed.
    Damaged,
    /// It belongs to other values: one was added, removed, moved, or changed where it isn't encrypted.
    Mismatch,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NoKey { looked } => {
                write!(f, "there is no age key; looked at {}", looked.join(", "))
            }
            Error::BadKeyFile { place, problem } => {
                write!(f, "the age keys of {place} can't be read: {problem}")
            }
            Error::NotWritten { path, problem } => write!(f, "`{path}` is not written: {problem}"),
            Error::BadRecipient { problem } => write!(f, "not a recipient of age: {problem}"),
            Error::NoRecipients => f.write_str("a file must be sealed for at least one recipient"),
            Error::NotSealed => f.write_str("the file is not sealed: it has no `sops` block"),
            Error::BadFormat { at, problem } => write!(f, "not what SOPS writes, at {at}: {problem}"),
            Error::Unsupported { what } => write!(f, "not supported: {what}"),
            Error::PlainText { path } => write!(f, "the value at `{path}` is not encrypted"),
            Error::NoIdentity { recipients, others } => no_identity(f, recipients, others),
            Error::BadKey { recipient } => write!(
                f,
                "the data key for {recipient} is damaged: its `enc` or `recipient` was changed"
            ),
            Error::BadValue { path } => write!(
                f,
                "the value at `{path}` is damaged: it was changed, or moved from another place"
            ),
            Error::BadMac(BadMac::Damaged) => f.write_str(
                "the file is damaged: its `mac` or its `lastmodified` was changed",
            ),
            Error::BadMac(BadMac::Mismatch) => f.write_str(
                "the file is not what was sealed: a value was added, removed, moved or changed without its key",
            ),
            Error::NotSelected { path } => write!(
                f,
                "a value at `{path}` would not be encrypted: the file's rule leaves it in plain text"
            ),
            Error::NoValue { path } => write!(f, "no single value can stand at `{path}`"),
            Error::NotText { path } => write!(
                f,
                "the value at `{path}` is not UTF-8: put it under `data`, as base64"
            ),
            Error::Lost { path } => write!(
                f,
                "sops would lose the value at `{path}`, which has several lines and begins with a tab: \
                 put it under `data`, as base64"
            ),
            Error::Cipher => f.write_str("encryption failed: no randomness from the system"),
        }
    }
}

fn no_identity(
    f: &mut fmt::Formatter<'_>,
    recipients: &[String],
    others: &[String],
) -> fmt::Result {
    f.write_str("none of the age keys at hand opens it; it is sealed for ")?;
    f.write_str(&match (recipients, others) {
        ([], []) => "nobody".to_owned(),
        ([], others) => format!("keys of {} alone", others.join(", ")),
        (recipients, []) => recipients.join(", "),
        (recipients, others) => {
            format!(
                "{} and keys of {}",
                recipients.join(", "),
                others.join(", ")
            )
        }
    })
}

impl std::error::Error for Error {}

impl Error {
    pub(crate) fn format(at: impl Into<String>, problem: impl Into<String>) -> Self {
        Error::BadFormat {
            at: at.into(),
            problem: problem.into(),
        }
    }

    pub(crate) fn unsupported(what: impl Into<String>) -> Self {
        Error::Unsupported { what: what.into() }
    }
}
