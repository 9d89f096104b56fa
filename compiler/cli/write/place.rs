//! Where the output, its staging folder and its lock are.
//!
//! The lock is an advisory one on the folder that holds the output: it leaves nothing behind, not even after a kill.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use syntax::Diagnostic;

/// The staging folder where it cannot be a sibling of the output (a mount point, a parent that is not ours).
const INSIDE: &str = ".formwork-stage";

/// What is at the output's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing, or an empty folder: one rename puts the new tree there.
    Vacant,
    /// A folder with something in it, or one that cannot be replaced.
    Present,
}

/// An output folder.
#[derive(Debug)]
pub struct Place {
    out: PathBuf,
    shown: String,
    state: State,
    lock: Option<File>,
}

impl Place {
    /// Finds the output folder; nothing is locked or made.
    ///
    /// # Errors
    /// Something else is in its place, or it cannot be read.
    pub fn find(out: &Path) -> Result<Place, Box<Diagnostic>> {
        let shown = show(out);
        let failed = |error: &io::Error| cannot("read the output folder", &shown, error);
        let real = resolve(out).map_err(|error| failed(&error))?;
        let state = match fs::metadata(&real) {
            Ok(found) if !found.is_dir() => {
                let message = format!("the output `{shown}` is not a folder");
                return Err(Diagnostic::error("output-not-a-folder", message)
                    .help("name another one with `--out`")
                    .into());
            }
            Ok(_) => state(&real).map_err(|error| failed(&error))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => State::Vacant,
            Err(error) => return Err(failed(&error)),
        };
        Ok(Place {
            out: real,
            shown,
            state,
            lock: None,
        })
    }

    /// Waits until no other formwork works on this output. A file system without locks is used without.
    pub fn lock(&mut self) {
        let Ok(folder) = File::open(self.out.parent().unwrap_or(&self.out)) else {
            return;
        };
        match folder.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let shown = &self.shown;
                anstream::eprintln!("waiting for another formwork that works on {shown}");
                if folder.lock().is_err() {
                    return;
                }
            }
            Err(TryLockError::Error(_)) => return,
        }
        self.lock = Some(folder);
    }

    /// Looks again at what is there: another process may have changed it before the lock was ours.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn refresh(&mut self) -> Result<(), Box<Diagnostic>> {
        self.state = match state(&self.out) {
            Ok(state) => state,
            Err(error) if error.kind() == io::ErrorKind::NotFound => State::Vacant,
            Err(error) => return Err(cannot("read the output folder", &self.shown, &error)),
        };
        Ok(())
    }

    /// The folder itself, links resolved.
    #[must_use]
    pub fn out(&self) -> &Path {
        &self.out
    }

    /// What is there.
    #[must_use]
    pub fn state(&self) -> State {
        self.state
    }

    /// A path below the output as the user knows it.
    #[must_use]
    pub fn shown(&self, path: &str) -> String {
        if path.is_empty() {
            return self.shown.clone();
        }
        format!("{}/{path}", self.shown.trim_end_matches('/'))
    }

    /// The places where changes may be staged, the better one first.
    #[must_use]
    pub fn stages(&self) -> Vec<PathBuf> {
        let inside = self.out.join(INSIDE);
        let sibling = self.out.parent().zip(self.out.file_name());
        let sibling = sibling
            .filter(|(parent, _)| self.state == State::Vacant || same_device(parent, &self.out));
        let sibling = sibling.map(|(parent, name)| {
            let mut stage = OsString::from(".formwork-stage-");
            stage.push(name);
            parent.join(stage)
        });
        sibling.into_iter().chain([inside]).collect()
    }
}

/// A finding about the environment: what could not be done to what, and why.
pub fn cannot(what: &str, shown: &str, error: &io::Error) -> Box<Diagnostic> {
    let mut found = Diagnostic::error("output", format!("cannot {what} `{shown}`: {error}"));
    if error.kind() == io::ErrorKind::StorageFull {
        found = found.help("free some space and build again: nothing is lost");
    }
    Box::new(found)
}

/// A path with `/`, without a leading `./`.
fn show(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    match text.strip_prefix("./") {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        Some(_) | None => text,
    }
}

/// The path with links resolved, as far as it exists.
fn resolve(path: &Path) -> io::Result<PathBuf> {
    match path.canonicalize() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if path.is_symlink() {
                return Err(error);
            }
            let parent = match path.parent() {
                Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
                Some(parent) => parent,
                None => return Err(error),
            };
            match path.file_name() {
                Some(name) => Ok(resolve(parent)?.join(name)),
                None => Err(error),
            }
        }
        other => other,
    }
}

fn state(folder: &Path) -> io::Result<State> {
    let empty = fs::read_dir(folder)?.next().is_none();
    let replaceable = folder
        .parent()
        .is_some_and(|parent| same_device(parent, folder));
    Ok(if empty && replaceable {
        State::Vacant
    } else {
        State::Present
    })
}

#[cfg(unix)]
fn same_device(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (fs::metadata(a), fs::metadata(b)) {
        (Ok(a), Ok(b)) => a.dev() == b.dev(),
        _ => false,
    }
}

#[cfg(not(unix))]
fn same_device(_: &Path, _: &Path) -> bool {
    true
}
