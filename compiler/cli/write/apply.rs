//! From the old tree to the new one, step by step as the journal says; again from the start after a kill.

use super::journal::{self, Step};
use super::place::{Place, cannot};
use super::{failpoint, stage};
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use syntax::Diagnostic;

/// What was done about a run that did not end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Healed {
    /// It had decided: its remaining files were put in place, except for those that somebody changed since.
    Finished {
        /// Files that were left as they are.
        left: Vec<String>,
    },
    /// It had not decided: what it had staged was thrown away.
    Discarded,
}

impl Healed {
    /// What to say about it.
    #[must_use]
    pub fn diagnostic(&self) -> Box<Diagnostic> {
        let found = match self {
            Healed::Discarded => {
                Diagnostic::note("healed", "an interrupted build left nothing behind")
            }
            Healed::Finished { left } if left.is_empty() => {
                Diagnostic::note("healed", "an interrupted build was finished")
            }
            Healed::Finished { left } => {
                let message = format!(
                    "an interrupted build was finished, but for what was changed since: {}",
                    left.join(", ")
                );
                Diagnostic::warning("healed", message).help("build again: it says what differs")
            }
        };
        Box::new(found)
    }
}

/// Finishes or discards what a killed run left at this output. Costs two `stat` calls where there is nothing.
///
/// # Errors
/// The disk's.
pub fn heal(out: &Path) -> Result<Option<Healed>, Box<Diagnostic>> {
    let mut place = Place::find(out)?;
    if !place.stages().iter().any(|stage| stage.exists()) {
        return Ok(None);
    }
    place.lock();
    heal_locked(&place)
}

/// The same, where the lock is held already.
///
/// # Errors
/// The disk's.
pub fn heal_locked(place: &Place) -> Result<Option<Healed>, Box<Diagnostic>> {
    let failed =
        |error: io::Error| cannot("finish the interrupted build of", &place.shown(""), &error);
    let mut healed = None;
    for stage in place.stages() {
        if !stage.exists() {
            continue;
        }
        healed = Some(if journal::is_whole(&stage) {
            let left = run(place.out(), &stage, Care::Verify).map_err(failed)?;
            Healed::Finished {
                left: left.iter().map(|path| place.shown(path)).collect(),
            }
        } else {
            Healed::Discarded
        });
        journal::drop(&stage).map_err(failed)?;
    }
    Ok(healed)
}

/// How much to trust what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Care {
    /// It was looked at just now.
    Trust,
    /// Time has passed: whatever is neither old nor new is somebody's and stays.
    Verify,
}

/// Takes every step of a whole journal; returns the paths that were left alone.
///
/// # Errors
/// The disk's.
pub fn run(out: &Path, stage: &Path, care: Care) -> io::Result<Vec<String>> {
    let mut left = Vec::new();
    let mut emptied = BTreeSet::new();
    journal::each(stage, |step| {
        if step.staged.is_none() {
            failpoint::reach("apply-delete")?;
            if !delete(&out.join(&step.path), &step, care)? {
                left.push(step.path.clone());
            }
            emptied.extend(
                Path::new(&step.path)
                    .parent()
                    .map(|parent| out.join(parent)),
            );
        }
        Ok(())
    })?;
    remove_empty(out, emptied)?;
    failpoint::reach("apply-deleted")?;
    journal::each(stage, |step| {
        if let Some(number) = step.staged {
            failpoint::reach("apply-write")?;
            let staged = stage.join(number.to_string());
            if !put(&staged, &out.join(&step.path), &step, care)? {
                left.push(step.path);
            }
        }
        Ok(())
    })?;
    failpoint::reach("applied")?;
    Ok(left)
}

fn delete(path: &Path, step: &Step, care: Care) -> io::Result<bool> {
    if care == Care::Verify {
        match digest_of(path)? {
            // It was deleted before the kill, and a folder may have come in its place.
            None => return Ok(true),
            Some(_) if path.is_dir() => return Ok(true),
            found if found != step.old => return Ok(false),
            Some(_) => {}
        }
    }
    match fs::remove_file(path) {
        Err(error) if !is_missing(&error) => Err(error),
        Ok(()) | Err(_) => Ok(true),
    }
}

fn put(staged: &Path, path: &Path, step: &Step, care: Care) -> io::Result<bool> {
    if care == Care::Verify {
        match digest_of(staged)? {
            // It was put in place before the kill.
            None => return Ok(true),
            found if found != step.new => return Ok(false),
            Some(_) => {}
        }
        let there = digest_of(path)?;
        if there.is_some() && there != step.old && there != step.new {
            return Ok(false);
        }
    }
    match fs::rename(staged, path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::rename(staged, path)?;
        }
        other => other?,
    }
    Ok(true)
}

/// The digest of a file; `None` where there is none, and one that no file has for a folder.
fn digest_of(path: &Path) -> io::Result<Option<String>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(stage::digest(&bytes))),
        Err(error) if is_missing(&error) => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::IsADirectory => Ok(Some(String::new())),
        Err(error) => Err(error),
    }
}

/// Nothing is there, or a file is where its folder would be.
fn is_missing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// Removes folders that deleting left empty, and their parents that this leaves empty; never the output itself.
fn remove_empty(out: &Path, emptied: BTreeSet<PathBuf>) -> io::Result<()> {
    for folder in emptied.into_iter().rev() {
        let mut next = Some(folder.as_path());
        while let Some(folder) = next.filter(|folder| *folder != out) {
            failpoint::reach("apply-folder")?;
            next = match fs::remove_dir(folder) {
                Err(error) if !is_missing(&error) => None,
                // One that is gone already may have been removed just before a kill.
                Ok(()) | Err(_) => folder.parent(),
            };
        }
    }
    Ok(())
}
