//! The data key, wrapped for recipients.

use crate::cipher::DataKey;
use crate::error::Error;
use crate::identity::{Identities, Identity};
use crate::meta::{Meta, Wrapped};
use crate::recipient::Recipient;
use age::armor::ArmoredReader;
use age::{DecryptError, Decryptor};
use std::io::Read;
use zeroize::Zeroizing;

/// Wraps the data key for a recipient, armoured.
pub(crate) fn wrap(key: &DataKey, recipient: &Recipient) -> Result<String, Error> {
    age::encrypt_and_armor(recipient.key(), key.expose()).map_err(|_| Error::Cipher)
}

/// The data key of a file, by the first copy that an identity opens.
pub(crate) fn unwrap(meta: &Meta, identities: &Identities) -> Result<DataKey, Error> {
    let mut damaged = None;
    for wrapped in &meta.age {
        let ours = |identity: &&Identity| identity.recipient().as_str() == wrapped.recipient;
        let mine = identities.keys().iter().find(ours);
        let bad = || Error::BadKey {
            recipient: wrapped.recipient.clone(),
        };
        match open(&wrapped.enc, identities) {
            Ok(bytes) => {
                // Somebody swapped the name of a recipient: what is sealed anew would be sealed for another.
                if mine.is_none() && Recipient::parse(&wrapped.recipient).is_ok() {
                    return Err(bad());
                }
                return DataKey::from_bytes(&bytes).ok_or_else(bad);
            }
            Err(_) if mine.is_some() => damaged = Some(bad()),
            Err(_) => {}
        }
    }
    Err(damaged.unwrap_or_else(|| Error::NoIdentity {
        recipients: meta
            .age
            .iter()
            .map(|Wrapped { recipient, .. }| recipient.clone())
            .collect(),
        others: meta.others.clone(),
    }))
}

fn open(armoured: &str, identities: &Identities) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
    let decryptor = Decryptor::new_buffered(ArmoredReader::new(armoured.trim().as_bytes()))?;
    let keys = identities
        .keys()
        .iter()
        .map(|identity| identity.key() as &dyn age::Identity);
    // With room for all of it, so that growing leaves no copy behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(64));
    decryptor.decrypt(keys)?.take(64).read_to_end(&mut bytes)?;
    Ok(bytes)
}
