//! One encrypted value: `ENC[AES256_GCM,data:..,iv:..,tag:..,type:..]`, bound to the place where it stands.
//!
//! Source: `aes/cipher.go` of sops.

use crate::error::Error;
use crate::secret::SecretValue;
use aes_gcm::aead::consts::U32;
use aes_gcm::aead::rand_core::RngCore;
use aes_gcm::aead::{AeadInPlace, KeyInit, OsRng};
use aes_gcm::{AesGcm, Nonce, Tag, aes::Aes256};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// AES-256-GCM with the nonce of 32 bytes that sops has; the usual one has 12.
type Cipher = AesGcm<Aes256, U32>;

/// The key that every value of a file is encrypted with; the recipients get wrapped copies.
pub(crate) struct DataKey(Zeroizing<[u8; 32]>);

/// What a value was before it was encrypted. The cipher doesn't bind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Str,
    Int,
    Float,
    Bool,
    Bytes,
    Time,
    Comment,
}

/// A value that was opened.
pub(crate) struct Plain {
    pub(crate) of: Type,
    pub(crate) value: SecretValue,
}

impl DataKey {
    /// A new one.
    pub(crate) fn generate() -> Result<Self, Error> {
        let mut key = Zeroizing::new([0; 32]);
        random(&mut *key)?;
        Ok(DataKey(key))
    }

    /// One that was unwrapped; `None` where it has another length.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut key = Zeroizing::new([0; 32]);
        if bytes.len() != key.len() {
            return None;
        }
        key.copy_from_slice(bytes);
        Some(DataKey(key))
    }

    pub(crate) fn expose(&self) -> &[u8] {
        &*self.0
    }

    /// Encrypts a value for its place, with a nonce of its own.
    pub(crate) fn seal(&self, plain: &[u8], of: Type, place: &str) -> Result<String, Error> {
        let mut nonce = Nonce::<U32>::default();
        random(&mut nonce)?;
        let mut bytes = Zeroizing::new(plain.to_vec());
        let tag = self
            .cipher()?
            .encrypt_in_place_detached(&nonce, place.as_bytes(), &mut bytes)
            .map_err(|_| Error::Cipher)?;
        Ok(format!(
            "ENC[AES256_GCM,data:{},iv:{},tag:{},type:{}]",
            STANDARD.encode(&*bytes),
            STANDARD.encode(nonce),
            STANDARD.encode(tag),
            of.name(),
        ))
    }

    /// Decrypts a value at its place; `None` where anything about it is wrong.
    pub(crate) fn open(&self, text: &str, place: &str) -> Option<Plain> {
        let sealed = Parts::of(text)?;
        let of = Type::named(sealed.of)?;
        let mut bytes = Zeroizing::new(STANDARD.decode(sealed.data).ok()?);
        let nonce: [u8; 32] = STANDARD.decode(sealed.iv).ok()?.try_into().ok()?;
        let tag: [u8; 16] = STANDARD.decode(sealed.tag).ok()?.try_into().ok()?;
        self.cipher()
            .ok()?
            .decrypt_in_place_detached(
                &Nonce::<U32>::from(nonce),
                place.as_bytes(),
                &mut bytes,
                &Tag::from(tag),
            )
            .ok()?;
        let value = SecretValue::new(std::mem::take(&mut *bytes));
        Some(Plain { of, value })
    }

    fn cipher(&self) -> Result<Cipher, Error> {
        Cipher::new_from_slice(self.expose()).map_err(|_| Error::Cipher)
    }
}

/// The parts of an encrypted value, as they are written.
struct Parts<'t> {
    data: &'t str,
    iv: &'t str,
    tag: &'t str,
    of: &'t str,
}

impl<'t> Parts<'t> {
    fn of(text: &'t str) -> Option<Self> {
        let body = text
            .strip_prefix("ENC[AES256_GCM,data:")?
            .strip_suffix(']')?;
        let (data, rest) = body.split_once(",iv:")?;
        let (iv, rest) = rest.split_once(",tag:")?;
        let (tag, of) = rest.split_once(",type:")?;
        (!data.is_empty()).then_some(Parts { data, iv, tag, of })
    }
}

/// Whether a text has the form of an encrypted value.
pub(crate) fn is_sealed(text: &str) -> bool {
    Parts::of(text).is_some()
}

/// What binds a value to its place: the keys above it and its own, each with a `:` behind it. Places in lists don't
/// count.
pub(crate) fn place<P: AsRef<str>>(path: &[P]) -> String {
    if path.is_empty() {
        return ":".to_owned();
    }
    path.iter()
        .fold(String::new(), |place, key| place + key.as_ref() + ":")
}

impl Type {
    const ALL: [Type; 7] = [
        Type::Str,
        Type::Int,
        Type::Float,
        Type::Bool,
        Type::Bytes,
        Type::Time,
        Type::Comment,
    ];

    fn name(self) -> &'static str {
        match self {
            Type::Str => "str",
            Type::Int => "int",
            Type::Float => "float",
            Type::Bool => "bool",
            Type::Bytes => "bytes",
            Type::Time => "time",
            Type::Comment => "comment",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Type::ALL.into_iter().find(|of| of.name() == name)
    }
}

fn random(bytes: &mut [u8]) -> Result<(), Error> {
    OsRng.try_fill_bytes(bytes).map_err(|_| Error::Cipher)
}

#[cfg(test)]
mod tests {
    use super::{DataKey, Type, is_sealed, place};

    #[test]
    fn a_value_opens_with_its_key_at_its_place_alone() {
        let key = DataKey::generate().unwrap();
        let sealed = key.seal(b"p@ss", Type::Str, "data:k:").unwrap();
        let plain = key.open(&sealed, "data:k:").unwrap();
        assert!(plain.value.expose() == b"p@ss" && plain.of == Type::Str);
        assert!(key.open(&sealed, "data:l:").is_none());
        assert!(
            DataKey::generate()
                .unwrap()
                .open(&sealed, "data:k:")
                .is_none()
        );
        assert_ne!(sealed, key.seal(b"p@ss", Type::Str, "data:k:").unwrap());
    }

    #[test]
    fn any_other_text_is_refused() {
        let key = DataKey::generate().unwrap();
        let sealed = key.seal(b"x", Type::Str, ":").unwrap();
        assert!(is_sealed(&sealed));
        for wrong in [
            "",
            "x",
            "ENC[AES256_GCM,data:,iv:AA==,tag:AA==,type:str]",
            &sealed.replace("type:str", "type:string"),
            &sealed.replace("AES256", "AES128"),
            &format!("{sealed} "),
        ] {
            assert!(key.open(wrong, ":").is_none());
        }
    }

    #[test]
    fn a_place_is_its_keys() {
        assert_eq!(place(&["data", "k"]), "data:k:");
        assert_eq!(place::<&str>(&[]), ":");
    }
}
