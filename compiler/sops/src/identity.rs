//! Identities of age, and where sops looks for them.
//!
//! Source: `loadIdentities` in `age/keysource.go` of sops. Keys of SSH, of plugins and from commands are not read.

use crate::error::Error;
use crate::recipient::Recipient;
use crate::secret::SecretValue;
use age::secrecy::ExposeSecret;
use jiff::Timestamp;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The secret half of a key. It prints nowhere; [`key_file`](Identity::key_file) is the way out.
pub struct Identity(age::x25519::Identity);

/// Every identity at hand.
#[derive(Default)]
pub struct Identities {
    keys: Vec<Identity>,
}

impl Identity {
    /// Makes a new one, from the system's randomness.
    #[must_use]
    pub fn generate() -> Self {
        Identity(age::x25519::Identity::generate())
    }

    /// Its public half.
    #[must_use]
    pub fn recipient(&self) -> Recipient {
        Recipient::from(self.0.to_public())
    }

    /// The text of its file, as `age-keygen` writes it: what sops reads, and Flux under a key that ends in `.agekey`.
    #[must_use]
    pub fn key_file(&self, created: Timestamp) -> SecretValue {
        let created = crate::time::seconds(created);
        let recipient = self.recipient();
        let key = self.0.to_string();
        let head = format!("# created: {created}\n# public key: {recipient}\n");
        // With room for all of it, so that growing leaves no copy behind.
        let mut text = Vec::with_capacity(head.len() + key.expose_secret().len() + 1);
        text.extend_from_slice(head.as_bytes());
        text.extend_from_slice(key.expose_secret().as_bytes());
        text.push(b'\n');
        SecretValue::new(text)
    }

    pub(crate) fn key(&self) -> &age::x25519::Identity {
        &self.0
    }
}

impl Identities {
    /// Reads the identities of all places where sops looks, in its order: the variable `SOPS_AGE_KEY`, the file that
    /// `SOPS_AGE_KEY_FILE` names, and `sops/age/keys.txt` in the user's configuration (`$XDG_CONFIG_HOME`, else
    /// `~/.config`, on macOS `~/Library/Application Support` too, on Windows `%AppData%`).
    ///
    /// `environment` gives variables, `read` the bytes of files.
    ///
    /// # Errors
    /// [`Error::NoKey`]: there is none. [`Error::BadKeyFile`]: a place holds something else, or a file that is named
    /// can't be read.
    pub fn load(
        environment: &dyn Fn(&str) -> Option<OsString>,
        read: &dyn Fn(&Path) -> io::Result<Vec<u8>>,
    ) -> Result<Self, Error> {
        let mut found = Identities::default();
        let mut looked = vec!["$SOPS_AGE_KEY".to_owned(), "$SOPS_AGE_KEY_FILE".to_owned()];
        if let Some(keys) = environment("SOPS_AGE_KEY") {
            let keys = SecretValue::new(keys.into_encoded_bytes());
            found.add(&keys, "$SOPS_AGE_KEY")?;
        }
        if let Some(path) = environment("SOPS_AGE_KEY_FILE") {
            let path = PathBuf::from(path);
            let place = format!("`{}` ($SOPS_AGE_KEY_FILE)", path.display());
            let bytes = read(&path).map_err(|problem| Error::BadKeyFile {
                place: place.clone(),
                problem: problem.to_string(),
            })?;
            found.add(&SecretValue::new(bytes), &place)?;
        }
        for path in usual(environment) {
            let place = format!("`{}`", path.display());
            match read(&path) {
                Ok(bytes) => found.add(&SecretValue::new(bytes), &place)?,
                Err(problem) if problem.kind() == io::ErrorKind::NotFound => {}
                Err(problem) => {
                    let problem = problem.to_string();
                    return Err(Error::BadKeyFile { place, problem });
                }
            }
            looked.push(place);
        }
        if found.keys.is_empty() {
            return Err(Error::NoKey { looked });
        }
        Ok(found)
    }

    /// Reads the text of a key file. `place` is what errors call it.
    ///
    /// # Errors
    /// [`Error::BadKeyFile`]: a line is no identity, or the file is locked with a passphrase.
    pub fn parse(text: &SecretValue, place: &str) -> Result<Self, Error> {
        let mut found = Identities::default();
        found.add(text, place)?;
        Ok(found)
    }

    /// Their public halves.
    pub fn recipients(&self) -> impl Iterator<Item = Recipient> + '_ {
        self.keys.iter().map(Identity::recipient)
    }

    pub(crate) fn keys(&self) -> &[Identity] {
        &self.keys
    }

    fn add(&mut self, text: &SecretValue, place: &str) -> Result<(), Error> {
        let bad = |problem: String| Error::BadKeyFile {
            place: place.to_owned(),
            problem,
        };
        let Some(text) = text.expose_text() else {
            return Err(bad("it is not text".to_owned()));
        };
        if text.starts_with("age-encryption") || text.starts_with("-----BEGIN AGE") {
            return Err(bad("it is locked with a passphrase".to_owned()));
        }
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            for word in line.split_whitespace() {
                if word.starts_with('#') {
                    break;
                }
                // Keys of other kinds may stand beside ours; they are sops' to use.
                if word.starts_with("AGE-PLUGIN-") || word.starts_with("AGE-SECRET-KEY-PQ-1") {
                    continue;
                }
                let key = age::x25519::Identity::from_str(word)
                    .map_err(|problem| bad(format!("line {}: {problem}", at + 1)))?;
                self.keys.push(Identity(key));
            }
        }
        Ok(())
    }
}

impl From<Identity> for Identities {
    fn from(key: Identity) -> Self {
        Identities { keys: vec![key] }
    }
}

/// The file of the user's own configuration.
fn usual(environment: &dyn Fn(&str) -> Option<OsString>) -> Vec<PathBuf> {
    let folder = |name| {
        environment(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let folders = if let Some(folder) = folder("XDG_CONFIG_HOME") {
        vec![folder]
    } else if cfg!(windows) {
        folder("AppData").into_iter().collect()
    } else {
        let home = folder("HOME");
        let mac = home.clone().filter(|_| cfg!(target_os = "macos"));
        let mac = mac.map(|home| home.join("Library/Application Support"));
        let home = home.map(|home| home.join(".config"));
        mac.into_iter().chain(home).collect()
    };
    let file = |folder: PathBuf| folder.join("sops").join("age").join("keys.txt");
    folders.into_iter().map(file).collect()
}

#[cfg(test)]
mod tests;
