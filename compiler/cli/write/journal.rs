//! The journal: every step from the old tree to the new one, written while cells arrive, whole once it has its name.

use super::failpoint;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;

/// Its name while it is being written: the old tree holds.
const PART: &str = "journal.part";
/// Its name once it is whole and synced: the new tree holds.
const WHOLE: &str = "journal";
const HEAD: &str = "formwork journal 1";

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The number of the staged file, or `None` to delete.
    pub staged: Option<usize>,
    /// Digest of what was there; `None` where nothing was.
    pub old: Option<String>,
    /// Length and time of what was there, to notice an edit between the comparison and the step.
    pub stamp: Option<String>,
    /// Digest of what comes; `None` to delete.
    pub new: Option<String>,
    /// Where, relative to the output folder.
    pub path: String,
}

/// A journal being written.
#[derive(Debug)]
pub struct Journal {
    file: BufWriter<File>,
    steps: usize,
}

impl Step {
    fn line(&self) -> String {
        let staged = self.staged.map(|number| number.to_string());
        let or_none = |field: &Option<String>| field.clone().unwrap_or_else(|| "-".to_owned());
        let fields = [
            or_none(&staged),
            or_none(&self.old),
            or_none(&self.stamp),
            or_none(&self.new),
            self.path.clone(),
        ];
        fields.join("\t") + "\n"
    }

    fn parse(line: &str) -> Option<Step> {
        let mut fields = line.trim_end_matches('\n').splitn(5, '\t');
        let mut next = || fields.next();
        let field = |text: &str| (text != "-").then(|| text.to_owned());
        let staged = next()?;
        Some(Step {
            staged: match staged {
                "-" => None,
                number => Some(number.parse().ok()?),
            },
            old: field(next()?),
            stamp: field(next()?),
            new: field(next()?),
            path: next()?.to_owned(),
        })
    }
}

impl Journal {
    /// Begins a journal in a staging folder.
    ///
    /// # Errors
    /// The disk's.
    pub fn begin(stage: &Path) -> io::Result<Journal> {
        let mut file = BufWriter::new(File::create_new(stage.join(PART))?);
        writeln!(file, "{HEAD}")?;
        Ok(Journal { file, steps: 0 })
    }

    /// Adds a step.
    ///
    /// # Errors
    /// The disk's.
    pub fn add(&mut self, step: &Step) -> io::Result<()> {
        failpoint::reach("journal-step")?;
        self.steps += 1;
        self.file.write_all(step.line().as_bytes())
    }

    /// Ends it: every step is on the disk, not yet in force.
    ///
    /// # Errors
    /// The disk's.
    pub fn close(mut self) -> io::Result<()> {
        writeln!(self.file, "end\t{}", self.steps)?;
        self.file.flush()?;
        failpoint::reach("journal-written")?;
        self.file.get_ref().sync_all()
    }
}

/// Puts a closed journal in force.
///
/// # Errors
/// The disk's.
pub fn enact(stage: &Path) -> io::Result<()> {
    failpoint::reach("journal-synced")?;
    fs::rename(stage.join(PART), stage.join(WHOLE))?;
    if let Ok(folder) = File::open(stage) {
        // A folder can't be synced everywhere; where it can't, the rename is as durable as it gets.
        let _ = folder.sync_all();
    }
    failpoint::reach("journal-enacted")
}

/// Whether a staging folder has a whole journal.
#[must_use]
pub fn is_whole(stage: &Path) -> bool {
    let Ok(file) = File::open(stage.join(WHOLE)) else {
        return false;
    };
    let mut lines = BufReader::new(file).lines().map_while(Result::ok);
    if lines.next().as_deref() != Some(HEAD) {
        return false;
    }
    let last = lines.enumerate().find_map(|(steps, line)| {
        let count = line.strip_prefix("end\t")?;
        Some(count.parse() == Ok(steps))
    });
    last == Some(true)
}

/// Calls `each` for every step, in order, without holding them all.
///
/// # Errors
/// The disk's, the first of `each`, or a line that makes no sense.
pub fn each(stage: &Path, mut each: impl FnMut(Step) -> io::Result<()>) -> io::Result<()> {
    let whole = stage.join(WHOLE);
    let path = match whole.exists() {
        true => whole,
        false => stage.join(PART),
    };
    for line in BufReader::new(File::open(path)?).lines().skip(1) {
        let line = line?;
        if line.starts_with("end\t") {
            return Ok(());
        }
        let step = Step::parse(&line)
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "the journal is damaged"))?;
        each(step)?;
    }
    Ok(())
}

/// Drops the journal, then all that was staged.
///
/// # Errors
/// The disk's.
pub fn drop(stage: &Path) -> io::Result<()> {
    match fs::remove_file(stage.join(WHOLE)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    failpoint::reach("journal-dropped")?;
    fs::remove_dir_all(stage)
}
