//! A new Secret of Kubernetes, to be sealed.

use crate::draft::{Draft, Item};
use crate::error::Error;
use crate::recipient::Recipient;
use crate::secret::SecretValue;
use jiff::Timestamp;

/// The values of a Secret, and nothing of what Kubernetes and Flux must read before it is opened.
pub const ENCRYPTED_REGEX: &str = "^(data|stringData)$";

/// A Secret that isn't sealed yet.
pub struct NewSecret {
    /// `metadata.name`.
    pub name: String,
    /// `metadata.namespace`.
    pub namespace: String,
    /// `metadata.labels`, in the order they are written in.
    pub labels: Vec<(String, String)>,
    /// `metadata.annotations`, in the order they are written in.
    pub annotations: Vec<(String, String)>,
    /// `type`; none is `Opaque` to Kubernetes.
    pub kind: Option<String>,
    /// Values in base64, as they are to stand: for bytes that are no text.
    pub data: Vec<(String, SecretValue)>,
    /// Values as they are.
    pub string_data: Vec<(String, SecretValue)>,
}

impl NewSecret {
    /// One that holds nothing yet.
    #[must_use]
    pub fn new(name: impl Into<String>, namespace: impl Into<String>) -> Self {
        NewSecret {
            name: name.into(),
            namespace: namespace.into(),
            labels: Vec::new(),
            annotations: Vec::new(),
            kind: None,
            data: Vec::new(),
            string_data: Vec::new(),
        }
    }

    /// The sealed text: `data` and `stringData` are encrypted, the MAC covers them alone.
    ///
    /// # Errors
    /// [`Error::NoRecipients`]. [`Error::NotText`], [`Error::Lost`]: a value is none that sops gives back.
    /// [`Error::BadFormat`]: a key stands twice.
    pub fn seal(self, recipients: &[Recipient], now: Timestamp) -> Result<String, Error> {
        let clear = |text: &str| Item::Clear(text.to_owned());
        let mut metadata = vec![
            ("name".to_owned(), Item::Clear(self.name)),
            ("namespace".to_owned(), Item::Clear(self.namespace)),
        ];
        for (key, texts) in [("labels", self.labels), ("annotations", self.annotations)] {
            if !texts.is_empty() {
                let texts = texts
                    .into_iter()
                    .map(|(key, text)| (key, Item::Clear(text)));
                metadata.push((key.to_owned(), Item::Map(texts.collect())));
            }
        }
        let mut entries = vec![
            ("apiVersion".to_owned(), clear("v1")),
            ("kind".to_owned(), clear("Secret")),
            ("metadata".to_owned(), Item::Map(metadata)),
        ];
        entries.extend(self.kind.map(|kind| ("type".to_owned(), Item::Clear(kind))));
        for (key, values) in [("data", self.data), ("stringData", self.string_data)] {
            if !values.is_empty() {
                let values = values
                    .into_iter()
                    .map(|(key, value)| (key, Item::Secret(value)));
                entries.push((key.to_owned(), Item::Map(values.collect())));
            }
        }
        let draft = Draft {
            entries,
            encrypted_regex: ENCRYPTED_REGEX.to_owned(),
        };
        draft.seal(recipients, now)
    }
}
