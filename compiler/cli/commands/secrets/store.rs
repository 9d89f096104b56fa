//! Sealed files on disk: read, opened, and written whole.

use sops::{Error, Identities, Opened, Sealed};
use std::fs;
use std::io;
use std::path::Path;
use syntax::Diagnostic;

/// The identities of the usual places.
///
/// # Errors
/// There is none, or one can't be read.
pub(super) fn identities() -> Result<Identities, Box<Diagnostic>> {
    let found = Identities::load(&|name| std::env::var_os(name), &|path| fs::read(path));
    found.map_err(|problem| {
        Box::new(
            Diagnostic::error("no-key", problem.to_string())
                .help("make one: age-keygen --output ~/.config/sops/age/keys.txt"),
        )
    })
}

/// A sealed file; `None` where there is none.
///
/// # Errors
/// It can't be read, or is not sealed.
pub(super) fn read(root: &Path, path: &str) -> Result<Option<Sealed>, Box<Diagnostic>> {
    let text = match fs::read_to_string(root.join(path)) {
        Ok(text) => text,
        Err(problem) if problem.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(problem) => {
            let problem = format!("`{path}` can't be read: {problem}");
            return Err(Box::new(Diagnostic::error("unreadable", problem)));
        }
    };
    Sealed::parse(&text)
        .map(Some)
        .map_err(|problem| about(path, &problem))
}

/// Opens a sealed file. Nothing is written where that fails.
///
/// # Errors
/// None of the identities opens it, or somebody changed it without the key.
pub(super) fn open(
    path: &str,
    sealed: &Sealed,
    keys: &Identities,
) -> Result<Opened, Box<Diagnostic>> {
    sealed.open(keys).map_err(|problem| about(path, &problem))
}

/// Writes a sealed file: all of it or nothing.
///
/// # Errors
/// The disk says no.
pub(super) fn write(root: &Path, path: &str, text: &str) -> Result<(), Box<Diagnostic>> {
    let place = root.join(path);
    let beside = place.with_extension("yaml.new");
    let written = place
        .parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(&beside, text))
        .and_then(|()| fs::rename(&beside, &place));
    written.map_err(|problem| {
        let problem = format!("`{path}` can't be written: {problem}");
        Box::new(Diagnostic::error("unwritable", problem))
    })
}

/// What is wrong with a file, in words that hold nothing of it.
pub(super) fn about(path: &str, problem: &Error) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(
        "bad-secret-file",
        format!("`{path}`: {problem}"),
    ))
}
