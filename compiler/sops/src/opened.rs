//! A sealed file with its data key: values, and edits that keep every byte that need not change.

use crate::cipher::{self, DataKey, Plain, Type};
use crate::edit;
use crate::error::{BadMac, Error};
use crate::identity::Identities;
use crate::leaf::{BLOCK, Leaf, What, shown};
use crate::sealed::Sealed;
use crate::secret::SecretValue;
use crate::text::{edited, stretch};
use crate::{print, time, wrap};
use jiff::Timestamp;
use sha2::{Digest, Sha256, Sha512};

/// A sealed file that an identity opened, and whose MAC is right.
///
/// Edits change the text at once; [`write`](Opened::write) then gives it, with a MAC for what it holds.
pub struct Opened {
    pub(crate) sealed: Sealed,
    pub(crate) key: DataKey,
    /// One for each leaf; none where it isn't encrypted.
    values: Vec<Option<Plain>>,
    /// The MAC is that of an earlier state.
    pub(crate) stale: bool,
}

impl Sealed {
    /// Opens it: every value is decrypted, and the MAC compared.
    ///
    /// # Errors
    /// [`Error::NoIdentity`]: none fits. [`Error::BadKey`], [`Error::BadValue`], [`Error::BadMac`]: what was changed by
    /// somebody without the key.
    pub fn open(&self, identities: &Identities) -> Result<Opened, Error> {
        let key = wrap::unwrap(&self.meta, identities)?;
        let values = decrypted(self, &key)?;
        let stated = key.open(&self.meta.mac.text, &self.meta.bound);
        let stated = stated.ok_or(Error::BadMac(BadMac::Damaged))?;
        if stated.value != mac(self, &values)? {
            return Err(Error::BadMac(BadMac::Mismatch));
        }
        Ok(Opened {
            sealed: self.clone(),
            key,
            values,
            stale: false,
        })
    }
}

impl Opened {
    /// The file as it stands now, without its key. After an edit, its MAC is not yet that of its values.
    #[must_use]
    pub fn sealed(&self) -> &Sealed {
        &self.sealed
    }

    /// The plain value at a path of keys: `["stringData", "password"]`. None where there is nothing, or it is null, or
    /// it isn't encrypted.
    ///
    /// Numbers and truth values are given as sops keeps them: `5`, `True`.
    #[must_use]
    pub fn get(&self, path: &[&str]) -> Option<&SecretValue> {
        Some(&self.plain(path)?.value)
    }

    /// Sets the text at a path, and says whether anything changed: the same text again changes no byte. A new key goes
    /// to the end of its map, a new map before the `sops` block.
    ///
    /// What stands under `data` of a Secret must be base64; that is the caller's to do.
    ///
    /// # Errors
    /// [`Error::NotSelected`], [`Error::NoValue`], [`Error::NotText`], [`Error::Lost`]: nothing can be set
    /// there, or not this value.
    /// [`Error::Unsupported`]: the map is written in braces.
    pub fn set(&mut self, path: &[&str], value: &SecretValue) -> Result<bool, Error> {
        self.check(path)?;
        fits(value, path)?;
        if self
            .plain(path)
            .is_some_and(|plain| plain.of == Type::Str && plain.value == *value)
        {
            return Ok(false);
        }
        let written = if value.is_empty() {
            "\"\"".to_owned()
        } else {
            self.key
                .seal(value.expose(), Type::Str, &cipher::place(path))?
        };
        self.take(edit::set(&self.sealed, path, &written)?)?;
        self.stale = true;
        Ok(true)
    }

    /// Takes the value or map at a path out, and says whether there was one.
    ///
    /// # Errors
    /// [`Error::NotSelected`], [`Error::NoValue`]: it isn't encrypted, or not a value's path.
    /// [`Error::Unsupported`]: the map is written in braces.
    pub fn remove(&mut self, path: &[&str]) -> Result<bool, Error> {
        self.check(path)?;
        let Some(text) = edit::remove(&self.sealed, path)? else {
            return Ok(false);
        };
        self.take(text)?;
        self.stale = true;
        Ok(true)
    }

    /// The text. Where values changed, `mac` and `lastmodified` are new; else they stay.
    ///
    /// # Errors
    /// [`Error::Cipher`]: the system gave no randomness.
    pub fn write(&mut self, now: Timestamp) -> Result<String, Error> {
        if self.stale {
            let now = time::seconds(now);
            let mac = mac(&self.sealed, &self.values)?;
            let mac = self.key.seal(mac.expose(), Type::Str, &now)?;
            let meta = &self.sealed.meta;
            let edits = vec![
                (meta.mac.at.clone(), mac),
                (meta.lastmodified.at.clone(), format!("\"{now}\"")),
            ];
            self.take(edited(&self.sealed.text, edits)?)?;
            self.stale = false;
        }
        Ok(self.sealed.text.clone())
    }

    /// Takes an edited text, read anew: what can't be read and decrypted is never kept.
    pub(crate) fn take(&mut self, text: String) -> Result<(), Error> {
        let sealed = Sealed::parse(&text)?;
        self.values = decrypted(&sealed, &self.key)?;
        self.sealed = sealed;
        Ok(())
    }

    /// Takes a text that was encrypted with a new data key.
    pub(crate) fn take_with(&mut self, text: String, key: DataKey) -> Result<(), Error> {
        let old = std::mem::replace(&mut self.key, key);
        let taken = self.take(text);
        match &taken {
            Ok(()) => self.stale = true,
            Err(_) => self.key = old,
        }
        taken
    }

    /// Each leaf with its plain value, where it has one.
    pub(crate) fn leaves(&self) -> impl Iterator<Item = (&Leaf, Option<&Plain>)> {
        self.sealed
            .leaves
            .iter()
            .zip(self.values.iter().map(Option::as_ref))
    }

    fn plain(&self, path: &[&str]) -> Option<&Plain> {
        let node = self.sealed.root.at(path)?;
        let place = stretch(&self.sealed.origins, node.origin()).ok()?;
        let (leaf, plain) = self.leaves().find(|(leaf, _)| leaf.stretch == place)?;
        plain.filter(|_| leaf.path == path)
    }

    fn check(&self, path: &[&str]) -> Result<(), Error> {
        if path.first().is_none_or(|key| *key == BLOCK) {
            return Err(Error::NoValue { path: shown(path) });
        }
        if !self.sealed.rule.selects(path) {
            return Err(Error::NotSelected { path: shown(path) });
        }
        Ok(())
    }
}

/// Refuses a value that sops could not give back as it is.
pub(crate) fn fits<P: AsRef<str>>(value: &SecretValue, path: &[P]) -> Result<(), Error> {
    match value.expose_text() {
        None => Err(Error::NotText { path: shown(path) }),
        Some(text) if print::is_lost(text) => Err(Error::Lost { path: shown(path) }),
        Some(_) => Ok(()),
    }
}

fn decrypted(sealed: &Sealed, key: &DataKey) -> Result<Vec<Option<Plain>>, Error> {
    let plain = |leaf: &Leaf| match &leaf.what {
        What::Null | What::Clear(_) => Ok(None),
        What::Empty => Ok(Some(Plain {
            of: Type::Str,
            value: SecretValue::new([]),
        })),
        What::Sealed(text) => {
            let plain = key.open(text, &cipher::place(&leaf.path)).and_then(usual);
            let bad = || Error::BadValue {
                path: shown(&leaf.path),
            };
            plain.map(Some).ok_or_else(bad)
        }
    };
    sealed.leaves.iter().map(plain).collect()
}

/// The value in the form that the MAC is made of: sops reads it by its type, and writes it again.
fn usual(plain: Plain) -> Option<Plain> {
    let text = || plain.value.expose_text();
    let value = match plain.of {
        Type::Str | Type::Bytes | Type::Time => return Some(plain),
        Type::Int => text()?.parse::<i64>().ok()?.to_string(),
        Type::Float => text()?.parse::<f64>().ok()?.to_string(),
        Type::Bool => match text()? {
            "True" | "true" | "TRUE" | "t" | "T" | "1" => "True".to_owned(),
            "False" | "false" | "FALSE" | "f" | "F" | "0" => "False".to_owned(),
            _ => return None,
        },
        Type::Comment => return None,
    };
    Some(Plain {
        of: plain.of,
        value: SecretValue::new(value),
    })
}

/// The MAC over a document's values, in capital hex.
fn mac(sealed: &Sealed, values: &[Option<Plain>]) -> Result<SecretValue, Error> {
    let mut mac = Mac::new(sealed.meta.mac_only_encrypted);
    for (leaf, plain) in sealed.leaves.iter().zip(values) {
        match (plain, &leaf.what) {
            (Some(plain), _) => mac.encrypted(plain.value.expose()),
            (None, What::Clear(bytes)) => mac.clear(bytes),
            (None, What::Null | What::Sealed(_) | What::Empty) => {}
        }
    }
    Ok(mac.finish())
}

/// The MAC while it is made.
pub(crate) struct Mac {
    hash: Sha512,
    only_encrypted: bool,
}

impl Mac {
    pub(crate) fn new(only_encrypted: bool) -> Self {
        let mut hash = Sha512::new();
        if only_encrypted {
            // So that such a MAC is never that of a file without the setting.
            hash.update(Sha256::digest(b"sops"));
        }
        Mac {
            hash,
            only_encrypted,
        }
    }

    pub(crate) fn encrypted(&mut self, plain: &[u8]) {
        self.hash.update(plain);
    }

    fn clear(&mut self, bytes: &[u8]) {
        if !self.only_encrypted {
            self.hash.update(bytes);
        }
    }

    pub(crate) fn finish(self) -> SecretValue {
        let digest = self.hash.finalize();
        let digits = |byte: &u8| [byte >> 4, byte & 15];
        let hex = digest.iter().flat_map(digits).map(|digit| match digit {
            0..10 => b'0' + digit,
            digit => b'A' + digit - 10,
        });
        SecretValue::new(hex.collect::<Vec<u8>>())
    }
}
