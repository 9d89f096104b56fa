//! Files sealed with SOPS, for age: read, opened, edited and made so that sops and Flux read them and keep them as
//! they are.
//!
//! The format, in ten lines:
//!
//! 1. A document keeps its shape and keys; each value that the file's rule selects is replaced by
//!    `ENC[AES256_GCM,data:..,iv:..,tag:..,type:..]`, all three in base64.
//! 2. The cipher is AES-256-GCM with a nonce of 32 bytes, one data key of 32 bytes per file.
//! 3. A value is bound to its place: the keys above it and its own, each followed by `:`. List indices don't count.
//! 4. `type` is `str`, `int`, `float`, `bool` (`True`, `False`), `bytes`, `time` or `comment`. `""` and null stay.
//! 5. The rule is one of `encrypted_regex`, `unencrypted_regex`, `encrypted_suffix`, `unencrypted_suffix` (the default,
//!    `_unencrypted`): it looks at every key of the path.
//! 6. The block `sops` is the last key: `age` (for each `recipient` the data key, wrapped and armoured, in `enc`), the
//!    rule, `lastmodified`, `mac`, `version`.
//! 7. The MAC is SHA-512 over the plain bytes of all values in the order of the text, in capital hex; keys and comments
//!    are not in it.
//! 8. With `mac_only_encrypted` it is over the encrypted values alone, begun with the 32 bytes of SHA-256 of `sops`.
//! 9. `mac` is encrypted like a value, bound to `lastmodified`.
//! 10. Comments below a selected key are encrypted too; several documents share one MAC and one key (not read here).
//!
//! Source: sops 3.13.2 (`sops.go`, `aes/cipher.go`, `stores/`), and files that it wrote. Neither key nor rule can be
//! told from a MAC: whoever may change a file can add a recipient to it, and the next rotation seals for them too, so
//! recipients are to be compared with a list that is kept elsewhere.
//!
//! ```
//! use sops::{Identities, Identity, NewSecret, Sealed, SecretValue};
//! let (me, now) = (Identity::generate(), "2026-11-22T08:00:00Z".parse().unwrap());
//! let mut secret = NewSecret::new("cloudflare", "cert-manager");
//! secret.string_data.push(("api-token".into(), SecretValue::new("t0ken")));
//! let text = secret.seal(&[me.recipient()], now)?;
//!
//! let mut opened = Sealed::parse(&text)?.open(&Identities::from(me))?;
//! assert!(opened.get(&["stringData", "api-token"]) == Some(&SecretValue::new("t0ken")));
//! opened.set(&["stringData", "api-token"], &SecretValue::new("n3w"))?;
//! let text = opened.write(now)?;
//! # Ok::<(), sops::Error>(())
//! ```

mod cipher;
mod clear;
mod comment;
mod draft;
mod edit;
mod error;
mod identity;
mod key_file;
mod leaf;
mod meta;
mod new_secret;
mod opened;
mod print;
mod recipient;
mod rule;
mod sealed;
mod secret;
mod share;
mod text;
mod time;
mod wrap;

pub use draft::{Draft, Item};
pub use error::{BadMac, Error};
pub use identity::{Identities, Identity};
pub use new_secret::{ENCRYPTED_REGEX, NewSecret};
pub use opened::Opened;
pub use recipient::Recipient;
pub use sealed::Sealed;
pub use secret::SecretValue;
