//! The writer itself: opened once, fed cell by cell from any thread, finished once.

use super::apply::{self, Care};
use super::journal;
use super::memory::{self, Memory, Stamp};
use super::place::{Place, State, cannot};
use super::refusal::{Reason, Refusal};
use super::scan::Scan;
use super::stage::{self, Stage};
use super::{Mode, Options, Outcome, Scope, failpoint};
use passes::emit::OutFile;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, FileType, Metadata};
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use syntax::Diagnostic;

/// What the names of the writer's own staging folders begin with.
const STAGED: &str = ".formwork-";
/// Characters that some system can't have in a name, or that would break a line of the journal.
const UNPORTABLE: [char; 6] = ['\\', '\0', '\n', '\t', '\r', ':'];

/// Writes one platform's output.
#[derive(Debug)]
pub struct Writer {
    pub(super) place: Place,
    pub(super) options: Options,
    /// Something of this platform was there.
    pub(super) ours: AtomicBool,
    /// Something is wrong: nothing will be written, so nothing more is staged.
    pub(super) broken: AtomicBool,
    stage: OnceLock<Option<Stage>>,
    shared: Mutex<Shared>,
}

/// What cells leave behind for the end.
#[derive(Debug, Default)]
pub(super) struct Shared {
    pub(super) outcome: Outcome,
    /// Folders and files that a cell looked through itself.
    pub(super) claimed: BTreeSet<String>,
    /// Expected files outside of those.
    pub(super) loose: BTreeSet<String>,
    /// What stands at a folder's path.
    pub(super) folders: BTreeMap<String, Option<FileType>>,
}

impl Writer {
    /// Looks at the output folder, waits for its lock and heals it.
    ///
    /// # Errors
    /// It can't be used.
    pub fn open(options: Options) -> Result<Writer, Box<Diagnostic>> {
        let mut place = Place::find(&options.out)?;
        place.lock();
        apply::heal_locked(&place)?;
        place.refresh()?;
        Ok(Writer {
            place,
            options,
            ours: AtomicBool::new(false),
            broken: AtomicBool::new(false),
            stage: OnceLock::new(),
            shared: Mutex::default(),
        })
    }

    /// Takes a cell as the last run left it: whether everything is there, and nobody touched it.
    #[must_use]
    pub fn recall(&self, memory: &Memory) -> bool {
        let out = self.place.out();
        let same = |(path, old): &(String, Stamp)| {
            let now = fs::symlink_metadata(out.join(path)).ok();
            now.and_then(|now| memory::stamp(&now)) == Some(*old)
        };
        if self.place.state() == State::Vacant || !memory.stamps.iter().all(same) {
            return false;
        }
        let mut shared = self.shared();
        shared.claimed.extend(memory.roots.iter().cloned());
        shared.loose.extend(memory.loose.iter().cloned());
        shared.outcome.unchanged += memory.files;
        self.ours.store(true, Ordering::Relaxed);
        true
    }

    /// Takes a cell's files: compares them and stages what changed. Returns what to remember of a cell that was right.
    pub fn cell(&self, name: &str, mut files: Vec<OutFile>) -> Option<Memory> {
        if !files.is_sorted_by(|a, b| a.path <= b.path) {
            files.sort();
        }
        let mut scan = Scan::new(self);
        match check_paths(&files) {
            Err(diagnostic) => scan.found.error(diagnostic),
            Ok(()) if self.place.state() == State::Vacant => scan.fresh(&files),
            Ok(()) => scan.cell(name, &files),
        }
        let right = !scan.found.differs() && !scan.found.is_blocked();
        let memory = right.then_some(scan.memory).filter(Memory::is_settled);
        self.absorb(scan.found);
        memory.filter(|_| self.place.state() == State::Present)
    }

    /// Ends the run: with everything in place, or with nothing changed at all.
    ///
    /// `good` is whether the build found no error.
    #[must_use]
    pub fn finish(self, good: bool) -> Outcome {
        if good && self.place.state() == State::Present {
            self.look_for_leftovers();
        }
        let mut outcome = std::mem::take(&mut self.shared().outcome);
        outcome.changes.sort();
        outcome.refused.sort();
        outcome.refused.dedup();
        let writes = good && self.options.mode == Mode::Write && outcome.differs();
        let stage = self.stage.get().and_then(Option::as_ref);
        if let Some(stage) = stage {
            if writes && !outcome.is_blocked() {
                self.commit(stage, &mut outcome);
            } else {
                stage.discard();
            }
        }
        outcome
    }

    fn look_for_leftovers(&self) {
        let mut scan = Scan::new(self);
        scan.leftovers();
        let adopted = self.options.adopt || self.ours.load(Ordering::Relaxed);
        if !adopted && self.holds_only_others() {
            let shown = self.place.shown("");
            let platform = &self.options.platform;
            let message = format!("`{shown}` holds files and none of the platform `{platform}`");
            let help = "to write among them, say `--adopt`; to write elsewhere, say `--out FOLDER`";
            scan.found
                .error(Diagnostic::error("output-not-ours", message).help(help));
        }
        self.absorb(scan.found);
    }

    /// Whether the output holds files, and none of this platform.
    fn holds_only_others(&self) -> bool {
        let visible = fs::read_dir(self.place.out()).is_ok_and(|mut entries| {
            entries.any(|entry| {
                entry.is_ok_and(|entry| !entry.file_name().to_string_lossy().starts_with('.'))
            })
        });
        // A run of some cells looks only at theirs: the others' files tell as well.
        visible && (self.options.scope == Scope::All || !Scan::new(self).any_of_ours(""))
    }

    fn commit(&self, stage: &Stage, outcome: &mut Outcome) {
        let result = match self.place.state() {
            State::Vacant => self.replace(stage),
            State::Present => self.step(stage, outcome),
        };
        let shown = self.place.shown("");
        match result {
            Ok(()) if outcome.is_blocked() => stage.discard(),
            Ok(()) => {}
            Err(error) if journal::is_whole(stage.root()) => outcome.error(
                cannot("write all of", &shown, &error)
                    .help("the next command finishes it: every file is whole, old or new"),
            ),
            Err(error) => {
                stage.discard();
                outcome.error(cannot("write", &shown, &error));
            }
        }
    }

    /// The whole tree by one rename.
    fn replace(&self, stage: &Stage) -> io::Result<()> {
        failpoint::reach("fresh-staged")?;
        if cfg!(windows) && self.place.out().exists() {
            fs::remove_dir(self.place.out())?;
        }
        fs::rename(stage.tree(), self.place.out())?;
        failpoint::reach("fresh-renamed")?;
        journal::drop(stage.root())
    }

    /// Step by step, by a journal.
    fn step(&self, stage: &Stage, outcome: &mut Outcome) -> io::Result<()> {
        stage.close()?;
        self.look_again(stage, outcome)?;
        if outcome.is_blocked() {
            return Ok(());
        }
        journal::enact(stage.root())?;
        apply::run(self.place.out(), stage.root(), Care::Trust)?;
        journal::drop(stage.root())
    }

    /// Before the point of no return: nothing was edited meanwhile, and every folder can be written.
    fn look_again(&self, stage: &Stage, outcome: &mut Outcome) -> io::Result<()> {
        let me = fs::metadata(stage.root())?;
        let mut last = None;
        journal::each(stage.root(), |step| {
            let path = self.place.out().join(&step.path);
            let now = fs::symlink_metadata(&path).ok();
            if now.as_ref().map(stage::stamp) != step.stamp && now.is_none_or(|now| !now.is_dir()) {
                outcome.refused.push(Refusal {
                    path: self.place.shown(&step.path),
                    reason: Reason::Edited,
                    diff: None,
                });
            }
            let folder = path.parent().map(Path::to_owned);
            if folder != last {
                if let Some(found) = folder.as_ref().and_then(|folder| fs::metadata(folder).ok())
                    && !is_writable(&found, &me)
                {
                    let (folder, _) = step.path.rsplit_once('/').unwrap_or(("", &step.path));
                    let denied = io::Error::from(io::ErrorKind::PermissionDenied);
                    outcome.error(cannot("write in", &self.place.shown(folder), &denied));
                }
                last = folder;
            }
            Ok(())
        })
    }

    /// The staging folder, made when it is first needed; `None` after the reason was said.
    pub(super) fn stage(&self, found: &mut Outcome) -> Option<&Stage> {
        let begin = || match Stage::begin(&self.place) {
            Ok(stage) => Some(stage),
            Err(diagnostic) => {
                self.broken.store(true, Ordering::Relaxed);
                found.error(diagnostic);
                None
            }
        };
        self.stage.get_or_init(begin).as_ref()
    }

    pub(super) fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn absorb(&self, found: Outcome) {
        if found.is_blocked() {
            self.broken.store(true, Ordering::Relaxed);
        }
        self.shared().outcome.absorb(found);
    }
}

/// Every path must stay below the output folder, and no two files may share one.
fn check_paths(files: &[OutFile]) -> Result<(), Box<Diagnostic>> {
    let wrong = |id: &'static str, message: String| Err(Diagnostic::error(id, message).into());
    let mut last = None;
    for file in files {
        let path = file.path.as_str();
        let plain = |part: &str| !matches!(part, "" | "." | "..") && !part.starts_with(STAGED);
        if !path.split('/').all(plain) || path.contains(UNPORTABLE) {
            let shown = path.escape_debug();
            let message = format!("the path `{shown}` leads out of the output or is not portable");
            return wrong("output-escape", message);
        }
        if last == Some(path) {
            return wrong("output-clash", format!("two files want the path `{path}`"));
        }
        last = Some(path);
    }
    Ok(())
}

/// Whether this process may change a folder, as far as its mode says; `me` is something this process made.
#[cfg(unix)]
fn is_writable(folder: &Metadata, me: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    let others = folder.mode() & 0o022 != 0;
    me.uid() == 0 || others || (folder.uid() == me.uid() && folder.mode() & 0o200 != 0)
}

#[cfg(not(unix))]
fn is_writable(folder: &Metadata, _: &Metadata) -> bool {
    !folder.permissions().readonly()
}
