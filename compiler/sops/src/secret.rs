//! A secret value: bytes that leave memory when they are dropped, and that nothing prints by accident.

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A secret. It has no `Debug`, `Display`, `Clone` or `Serialize`: who wants the bytes says so, with [`expose`].
///
/// Its memory is overwritten when it is dropped. Two are compared in constant time, their lengths apart.
///
/// [`expose`]: SecretValue::expose
pub struct SecretValue(Zeroizing<Vec<u8>>);

impl SecretValue {
    /// Takes the bytes; the caller's own copies stay the caller's to wipe.
    #[must_use]
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        SecretValue(Zeroizing::new(bytes.into()))
    }

    /// The bytes.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// The text, where it is UTF-8.
    #[must_use]
    pub fn expose_text(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl PartialEq for SecretValue {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for SecretValue {}
