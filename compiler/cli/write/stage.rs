//! The staging folder: what will be written, complete, beside the output, before anything in it is touched.

use super::failpoint;
use super::journal::{self, Journal, Step};
use super::place::{Place, State, cannot};
use passes::emit::OutFile;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::UNIX_EPOCH;
use syntax::Diagnostic;

/// Up to this many staged files are synced one by one. Beyond, a power cut (not a kill) may cost staged content; healing
/// sees it by its digest and leaves the old file.
const SYNCED: usize = 256;

/// The staging folder of one run.
#[derive(Debug)]
pub struct Stage {
    root: PathBuf,
    next: AtomicUsize,
    journal: Mutex<Option<Journal>>,
}

/// What was at a path when it was compared.
#[derive(Clone, Debug)]
pub struct Old {
    /// Digest of its bytes.
    pub digest: String,
    /// Length and time.
    pub stamp: String,
}

impl Old {
    /// Remembers what was compared.
    #[must_use]
    pub fn new(bytes: &[u8], metadata: &Metadata) -> Old {
        Old {
            digest: digest(bytes),
            stamp: stamp(metadata),
        }
    }
}

impl Stage {
    /// Makes the staging folder at the best place that can be written.
    ///
    /// # Errors
    /// None can, or one is in use.
    pub fn begin(place: &Place) -> Result<Stage, Box<Diagnostic>> {
        let mut failed = None;
        for root in place.stages() {
            match Stage::begin_at(&root, place.state()) {
                Ok(stage) => return Ok(stage),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    let message = format!("another formwork is writing to `{}`", place.shown(""));
                    return Err(Diagnostic::error("output", message)
                        .help(format!("if none is, delete `{}`", root.display()))
                        .into());
                }
                Err(error) => failed = failed.or(Some(error)),
            }
            if place.state() == State::Vacant {
                break;
            }
        }
        let error = failed.unwrap_or_else(|| io::Error::from(io::ErrorKind::NotFound));
        Err(cannot("write beside", &place.shown(""), &error))
    }

    fn begin_at(root: &Path, state: State) -> io::Result<Stage> {
        failpoint::reach("stage-begin")?;
        if let Some(parent) = root.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::create_dir(root)?;
        let journal = match state {
            State::Vacant => {
                fs::create_dir(root.join("tree"))?;
                None
            }
            State::Present => Some(Journal::begin(root)?),
        };
        Ok(Stage {
            root: root.to_owned(),
            next: AtomicUsize::new(0),
            journal: Mutex::new(journal),
        })
    }

    /// The folder itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where a whole new tree is built.
    #[must_use]
    pub fn tree(&self) -> PathBuf {
        self.root.join("tree")
    }

    /// Stages a file, with what it replaces.
    ///
    /// # Errors
    /// The disk's.
    pub fn put(&self, file: &OutFile, old: Option<&Old>) -> io::Result<()> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let staged = self.root.join(number.to_string());
        write_new(&staged, &file.bytes, is_program(&file.path))?;
        failpoint::reach("stage-file")?;
        self.note(&Step {
            staged: Some(number),
            old: old.map(|old| old.digest.clone()),
            stamp: old.map(|old| old.stamp.clone()),
            new: Some(digest(&file.bytes)),
            path: file.path.clone(),
        })
    }

    /// Notes a file to delete.
    ///
    /// # Errors
    /// The disk's.
    pub fn delete(&self, path: &str, old: &Old) -> io::Result<()> {
        self.note(&Step {
            staged: None,
            old: Some(old.digest.clone()),
            stamp: Some(old.stamp.clone()),
            new: None,
            path: path.to_owned(),
        })
    }

    fn note(&self, step: &Step) -> io::Result<()> {
        let mut journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        journal.as_mut().map_or(Ok(()), |journal| journal.add(step))
    }

    /// Brings everything to the disk; nothing is in force yet.
    ///
    /// # Errors
    /// The disk's.
    pub fn close(&self) -> io::Result<()> {
        let staged = self.next.load(Ordering::Relaxed);
        if staged <= SYNCED {
            (0..staged).into_par_iter().try_for_each(|number| {
                File::open(self.root.join(number.to_string()))?.sync_all()
            })?;
        }
        let mut journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        journal.take().map_or(Ok(()), Journal::close)
    }

    /// Throws everything staged away; what can't be is left to the next heal.
    pub fn discard(&self) {
        // Whatever stays is found and discarded by the next command.
        let _ = journal::drop(&self.root);
    }
}

/// Whether a file is run, by its name.
#[must_use]
pub fn is_program(path: &str) -> bool {
    path.ends_with(".sh")
}

/// Whether a file has the mode that its name asks for.
#[cfg(unix)]
#[must_use]
pub fn has_mode(path: &str, metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    !is_program(path) || metadata.permissions().mode() & 0o100 != 0
}

/// Whether a file has the mode that its name asks for.
#[cfg(not(unix))]
#[must_use]
pub fn has_mode(_: &str, _: &Metadata) -> bool {
    true
}

/// Writes a file that must not exist yet.
///
/// # Errors
/// The disk's.
pub fn write_new(path: &Path, bytes: &[u8], program: bool) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(if program { 0o777 } else { 0o666 });
    }
    #[cfg(not(unix))]
    let _ = program;
    options.open(path)?.write_all(bytes)
}

/// Length and time of a file: what an edit changes.
#[must_use]
pub fn stamp(metadata: &Metadata) -> String {
    let time = metadata.modified().ok();
    let time = time.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let nanoseconds = time.map_or(0, |time| time.as_nanos());
    format!("{}+{nanoseconds}", metadata.len())
}

/// The digest of bytes as they are, unlike the ownership line's.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
