//! What an unchanged cell looked like on disk, so that the next run can tell by `stat` alone that nobody touched it.
//!
//! Every file and folder of the cell is remembered as it was *before* it was compared; whatever happens to it after that
//! moves its times, its length or its inode. Times are only trusted once they are older than any clock's tick.

use std::fs::Metadata;
use std::time::{SystemTime, UNIX_EPOCH};

/// Times younger than this may still be the tick in which somebody writes.
const TICK: u128 = 100_000_000;

/// What `stat` says of a file or folder: length, time of its content, time of its inode, inode.
pub type Stamp = [u64; 4];

/// A cell that was right, as it was on disk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// The folders that are the cell's alone.
    pub roots: Vec<String>,
    /// Its files outside of those.
    pub loose: Vec<String>,
    /// How many files it has.
    pub files: usize,
    /// Every file and folder with its stamp.
    pub stamps: Vec<(String, Stamp)>,
    /// Something about it can't be told by stamps.
    pub is_partial: bool,
}

impl Memory {
    /// Whether the stamps can be trusted from now on.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.map_or(0, |time| time.as_nanos());
        let old = |time: u64| u128::from(time) + TICK < now;
        let settled = |[_, content, inode, _]: &Stamp| old(*content) && old(*inode);
        !self.is_partial && self.stamps.iter().all(|(_, stamp)| settled(stamp))
    }

    /// As text.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut text = format!("files {}\n", self.files);
        for (word, paths) in [("root", &self.roots), ("loose", &self.loose)] {
            for path in paths {
                text.push_str(&format!("{word} {path}\n"));
            }
        }
        for (path, [a, b, c, d]) in &self.stamps {
            text.push_str(&format!("{a} {b} {c} {d} {path}\n"));
        }
        text.push_str("end\n");
        text
    }

    /// From text; `None` where it is not whole.
    #[must_use]
    pub fn decode(text: &str) -> Option<Memory> {
        let mut memory = Memory::default();
        let mut lines = text.strip_suffix("end\n")?.lines();
        memory.files = lines.next()?.strip_prefix("files ")?.parse().ok()?;
        for line in lines {
            if let Some(path) = line.strip_prefix("root ") {
                memory.roots.push(path.to_owned());
            } else if let Some(path) = line.strip_prefix("loose ") {
                memory.loose.push(path.to_owned());
            } else {
                let mut parts = line.splitn(5, ' ');
                let mut number = || parts.next()?.parse().ok();
                let stamp = [number()?, number()?, number()?, number()?];
                memory.stamps.push((parts.next()?.to_owned(), stamp));
            }
        }
        Some(memory)
    }
}

/// The stamp of a file or folder; `None` where the system has none that shows every change.
#[cfg(unix)]
#[must_use]
pub fn stamp(metadata: &Metadata) -> Option<Stamp> {
    use std::os::unix::fs::MetadataExt;
    let time = |seconds: i64, nanoseconds: i64| {
        let seconds = u64::try_from(seconds).ok()?.checked_mul(1_000_000_000)?;
        seconds.checked_add(u64::try_from(nanoseconds).ok()?)
    };
    let content = time(metadata.mtime(), metadata.mtime_nsec())?;
    let inode = time(metadata.ctime(), metadata.ctime_nsec())?;
    Some([metadata.len(), content, inode, metadata.ino()])
}

/// The stamp of a file or folder; `None` where the system has none that shows every change.
#[cfg(not(unix))]
#[must_use]
pub fn stamp(_: &Metadata) -> Option<Stamp> {
    None
}
