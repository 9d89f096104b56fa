//! Whose a file on disk is: this platform's and untouched, this platform's and edited, or somebody else's.

use passes::emit::seal;
use std::fs;
use std::path::Path;

/// Whose a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// This platform wrote it and nobody touched it since.
    Ours,
    /// This platform wrote it and somebody edited it.
    Edited,
    /// Another platform's.
    Other(String),
    /// Nobody's that we know.
    Unknown,
}

/// Judges a file of the output folder by its ownership line, or by the listing of its folder.
#[must_use]
pub fn of(out: &Path, path: &str, bytes: &[u8], platform: &str) -> Owner {
    if let Some(ownership) = seal::read(bytes, path) {
        return match (ownership.platform == platform, ownership.intact) {
            (true, true) => Owner::Ours,
            (true, false) => Owner::Edited,
            (false, _) => Owner::Other(ownership.platform),
        };
    }
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let listed = fs::read(out.join(folder).join(seal::LISTING))
        .ok()
        .and_then(|listing| seal::read_listing(&listing));
    let Some((ownership, entries)) = listed else {
        return Owner::Unknown;
    };
    match entries.get(name) {
        None => Owner::Unknown,
        Some(_) if ownership.platform != platform => Owner::Other(ownership.platform),
        Some(digest) if *digest == seal::digest(bytes) => Owner::Ours,
        Some(_) => Owner::Edited,
    }
}
