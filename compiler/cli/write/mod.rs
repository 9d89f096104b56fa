//! Cells to disk: changed files only, all or nothing, and never over what somebody else wrote.
//!
//! [`Writer::open`] looks at the output folder, [`Writer::cell`] compares one cell's files as soon as it is done (from
//! any thread, so that no cell waits in memory) and stages what changed beside the folder, [`Writer::finish`] decides:
//! nothing is touched where anything is wrong, else a synced journal makes the step from the old tree to the new one
//! whole. [`heal`] finishes or discards what a killed process left; every command calls it first.
//!
//! - `place`: where the output, its staging folder and its lock are
//! - `scan`, `prune`: what differs, what is left over
//! - `owner`: whose a file is
//! - `stage`, `journal`, `apply`: how a change is made whole
//! - `refusal`: what is said where it must not be made
//! - `memory`: what an unchanged cell looks like, for the next run

mod apply;
mod failpoint;
mod journal;
mod memory;
mod owner;
mod place;
mod prune;
mod refusal;
mod scan;
mod stage;
mod writer;

pub use apply::heal;
pub use memory::Memory;
pub use refusal::Refusal;
pub use writer::Writer;

use std::collections::BTreeSet;
use std::path::PathBuf;
use syntax::{Diagnostic, Diagnostics};

/// What to write where.
#[derive(Clone, Debug)]
pub struct Options {
    /// The output folder, as the user named it.
    pub out: PathBuf,
    /// The platform whose files these are.
    pub platform: String,
    /// Whether to write or only to look.
    pub mode: Mode,
    /// Use a folder that holds files and none of this platform.
    pub adopt: bool,
    /// Which cells are part of this run.
    pub scope: Scope,
    /// How many cells there are.
    pub cells: usize,
}

/// Whether to write or only to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Make the output what it should be.
    Write,
    /// Say what would change and touch nothing.
    Check,
}

/// Which cells are part of a run: only their leftovers are removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All: what no cell wrote is left over.
    All,
    /// These.
    Cells(BTreeSet<String>),
}

/// What happens to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It was not there.
    Added,
    /// It was there with other bytes.
    Changed,
    /// It is no longer part of the platform.
    Removed,
}

/// What a run did, or in [`Mode::Check`] would do.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Files that were not there.
    pub added: usize,
    /// Files that were there with other bytes.
    pub changed: usize,
    /// Files that are no longer part of the platform.
    pub removed: usize,
    /// Files that were right already.
    pub unchanged: usize,
    /// In [`Mode::Check`], every file that would change, by path.
    pub changes: Vec<(String, Change)>,
    /// What it must not overwrite, by path. Nothing is written where there is any.
    pub refused: Vec<Refusal>,
    /// What it could not do. Nothing is written where there is any, unless one says otherwise.
    pub errors: Diagnostics,
}

impl Outcome {
    /// Files written.
    #[must_use]
    pub fn written(&self) -> usize {
        self.added + self.changed
    }

    /// Whether the output is not what it should be, or was not before this run.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.written() + self.removed > 0
    }

    /// Whether anything forbids writing.
    #[must_use]
    pub fn is_blocked(&self) -> bool {
        !self.refused.is_empty() || self.errors.has_errors()
    }

    /// Whether something could not be done, whatever must not be overwritten: exit code 1, not 4.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        let misplaced = |refusal: &Refusal| !refusal.is_overwrite();
        self.errors.has_errors() || self.refused.iter().any(misplaced)
    }

    /// What must be said: errors, then refusals.
    #[must_use]
    pub fn diagnostics(&self) -> Diagnostics {
        let mut all = self.errors.clone();
        for refusal in &self.refused {
            all.add(refusal.diagnostic());
        }
        all
    }

    fn error(&mut self, diagnostic: impl Into<Box<Diagnostic>>) {
        self.errors.add(*diagnostic.into());
    }

    fn absorb(&mut self, other: Outcome) {
        self.added += other.added;
        self.changed += other.changed;
        self.removed += other.removed;
        self.unchanged += other.unchanged;
        self.changes.extend(other.changes);
        self.refused.extend(other.refused);
        self.errors.append(other.errors);
    }
}
