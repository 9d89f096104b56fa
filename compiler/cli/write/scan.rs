//! What differs: a cell's files against what is on disk, folder by folder, each file read once and only once.

use super::memory::{self, Memory};
use super::owner::{self, Owner};
use super::place::cannot;
use super::refusal::{Reason, Refusal, diff};
use super::stage::{self, Old, Stage};
use super::writer::Writer;
use super::{Change, Mode, Outcome, failpoint};
use passes::emit::OutFile;
use passes::share::share;
use std::fs::{self, File, FileType, Metadata};
use std::io::{self, Read};
use std::sync::atomic::Ordering;

/// The folders in which each cluster has a folder (or a file) of its own name: its cell alone writes there.
pub(super) const PER_CELL: [&str; 4] = ["bootstrap", "clusters", "kind", "machines"];

/// How many refused files are shown with their difference.
const SHOWN_DIFFS: usize = 10;

/// One look at part of the output.
pub(super) struct Scan<'a> {
    pub(super) writer: &'a Writer,
    pub(super) found: Outcome,
    pub(super) memory: Memory,
    buffer: Vec<u8>,
}

/// The expected files below one name of a folder.
struct Group<'a> {
    name: &'a str,
    is_folder: bool,
    files: &'a [OutFile],
    seen: bool,
}

impl<'a> Scan<'a> {
    pub(super) fn new(writer: &'a Writer) -> Self {
        Scan {
            writer,
            found: Outcome::default(),
            memory: Memory::default(),
            buffer: Vec::new(),
        }
    }

    /// Nothing is there: the cell's files go straight into the new tree.
    pub(super) fn fresh(&mut self, files: &[OutFile]) {
        for file in files {
            self.count(Change::Added, &file.path);
        }
        if self.writer.options.mode == Mode::Check || self.writer.broken.load(Ordering::Relaxed) {
            return;
        }
        let Some(stage) = self.writer.stage(&mut self.found) else {
            return;
        };
        if let Err(error) = build(stage, self.writer.options.cells, files) {
            let shown = self.writer.place.shown("");
            self.found.error(cannot("write", &shown, &error));
        }
    }

    /// Compares a cell's files, and finds what else is in the folders that are its alone.
    pub(super) fn cell(&mut self, name: &str, files: &[OutFile]) {
        self.memory.files = files.len();
        let mut rest = files;
        while let Some(first) = rest.first() {
            let (own, other) = match own_root(&first.path, name) {
                Some(root) => {
                    let inside = |file: &OutFile| own_root(&file.path, name) == Some(root);
                    let count = rest.iter().take_while(|file| inside(file)).count();
                    let (own, other) = rest.split_at(count);
                    self.root(root, own);
                    (own, other)
                }
                None => {
                    let (own, other) = rest.split_at(1);
                    self.writer.shared().loose.insert(first.path.clone());
                    self.memory.loose.push(first.path.clone());
                    self.root(&first.path, own);
                    (own, other)
                }
            };
            debug_assert!(!own.is_empty(), "every turn takes files");
            rest = other;
        }
    }

    /// Compares the files below a path (or the one file at it), whose parents may hold anything.
    fn root(&mut self, root: &str, files: &[OutFile]) {
        let is_file = files.first().is_some_and(|file| file.path == root);
        if !is_file {
            self.writer.shared().claimed.insert(root.to_owned());
            self.memory.roots.push(root.to_owned());
        }
        let parents = root.match_indices('/').map(|(at, _)| root.split_at(at).0);
        for folder in parents {
            match self.kind_of(folder) {
                Some(kind) if kind.is_dir() => {}
                Some(kind) => return self.in_the_way(folder, kind, files),
                None => return self.add_all(files),
            }
        }
        let kind = match is_file {
            true => fs::symlink_metadata(self.writer.place.out().join(root))
                .ok()
                .map(|metadata| metadata.file_type()),
            false => self.kind_of(root),
        };
        match (kind, files) {
            (None, _) => self.add_all(files),
            (Some(kind), [file]) if is_file && kind.is_file() => self.compare(file),
            (Some(kind), [file]) if is_file && kind.is_dir() => self.folder_in_the_way(file),
            (Some(kind), _) if !is_file && kind.is_dir() => self.folder(root, files),
            (Some(kind), _) => self.in_the_way(root, kind, files),
        }
    }

    /// What stands at a folder's path, looked up once per run.
    fn kind_of(&self, folder: &str) -> Option<FileType> {
        if let Some(kind) = self.writer.shared().folders.get(folder) {
            return *kind;
        }
        let kind = fs::symlink_metadata(self.writer.place.out().join(folder))
            .ok()
            .map(|metadata| metadata.file_type());
        self.writer.shared().folders.insert(folder.to_owned(), kind);
        kind
    }

    /// Compares a folder that is there and whose content is all the cell's.
    fn folder(&mut self, folder: &str, files: &[OutFile]) {
        let metadata = fs::symlink_metadata(self.writer.place.out().join(folder));
        self.remember(folder, metadata.ok().as_ref());
        let entries = match fs::read_dir(self.writer.place.out().join(folder)) {
            Ok(entries) => entries,
            Err(error) => return self.unreadable(folder, &error),
        };
        let mut groups = groups(files, folder.len() + 1);
        for entry in entries {
            let (name, kind) =
                match entry.and_then(|entry| Ok((entry.file_name(), entry.file_type()?))) {
                    Ok(found) => found,
                    Err(error) => return self.unreadable(folder, &error),
                };
            // Names that are no UTF-8 are never ours.
            let Some(name) = name.to_str() else { continue };
            let Some(group) = groups.iter_mut().find(|group| group.name == name) else {
                self.extra(&format!("{folder}/{name}"), kind);
                continue;
            };
            group.seen = true;
            match group.files {
                [file] if !group.is_folder && kind.is_file() => self.compare(file),
                [file] if !group.is_folder && kind.is_dir() => self.folder_in_the_way(file),
                files if group.is_folder && kind.is_dir() => {
                    self.folder(&format!("{folder}/{name}"), files);
                }
                files => self.in_the_way(&format!("{folder}/{name}"), kind, files),
            }
        }
        for group in groups.iter().filter(|group| !group.seen) {
            self.add_all(group.files);
        }
    }

    /// Remembers a file or folder as it is before it is looked at.
    pub(super) fn remember(&mut self, path: &str, metadata: Option<&Metadata>) {
        match metadata.and_then(memory::stamp) {
            Some(stamp) => self.memory.stamps.push((path.to_owned(), stamp)),
            None => self.memory.is_partial = true,
        }
    }

    /// Compares one file that is there.
    fn compare(&mut self, file: &OutFile) {
        let path = self.writer.place.out().join(&file.path);
        let same = match self.read_same(&path, file) {
            Ok(same) => same,
            Err(error) => return self.unreadable(&file.path, &error),
        };
        if same {
            self.found.unchanged += 1;
            self.writer.ours.store(true, Ordering::Relaxed);
            return;
        }
        let (bytes, metadata) =
            match fs::read(&path).and_then(|bytes| Ok((bytes, fs::metadata(&path)?))) {
                Ok(found) => found,
                Err(error) => return self.unreadable(&file.path, &error),
            };
        match self.owner(&file.path, &bytes) {
            Owner::Ours => self.put(file, Change::Changed, Some(&Old::new(&bytes, &metadata))),
            Owner::Edited => {
                let shown = self.writer.place.shown(&file.path);
                let few = self.found.refused.len() < SHOWN_DIFFS;
                let diff = few.then(|| diff(&shown, &file.bytes, &bytes));
                self.refuse(&file.path, Reason::Edited, diff);
            }
            Owner::Other(platform) => self.refuse(&file.path, Reason::Other(platform), None),
            Owner::Unknown => self.refuse(&file.path, Reason::Foreign, None),
        }
    }

    /// Whether a file has exactly these bytes (and may be run where it must), read into a buffer that is used again.
    fn read_same(&mut self, path: &std::path::Path, file: &OutFile) -> io::Result<bool> {
        let mut open = File::open(path)?;
        let metadata = open.metadata()?;
        self.remember(&file.path, Some(&metadata));
        // One byte more than expected shows a longer file, and a short read is its end.
        self.buffer.resize(file.bytes.len() + 1, 0);
        let mut read = 0;
        while let Some(rest) = self.buffer.get_mut(read..).filter(|rest| !rest.is_empty()) {
            match open.read(rest) {
                Ok(0) => break,
                Ok(count) if read + count == file.bytes.len() => {
                    read += count;
                    break;
                }
                Ok(count) => read += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        let same = self.buffer.get(..read) == Some(file.bytes.as_slice());
        Ok(same && stage::has_mode(&file.path, &metadata))
    }

    pub(super) fn owner(&self, path: &str, bytes: &[u8]) -> Owner {
        let owner = owner::of(
            self.writer.place.out(),
            path,
            bytes,
            &self.writer.options.platform,
        );
        if matches!(owner, Owner::Ours | Owner::Edited) {
            self.writer.ours.store(true, Ordering::Relaxed);
        }
        owner
    }

    pub(super) fn add_all(&mut self, files: &[OutFile]) {
        for file in files {
            self.put(file, Change::Added, None);
        }
    }

    fn put(&mut self, file: &OutFile, change: Change, old: Option<&Old>) {
        self.count(change, &file.path);
        self.stage(|stage| stage.put(file, old));
    }

    pub(super) fn stage(&mut self, step: impl FnOnce(&Stage) -> io::Result<()>) {
        if self.writer.options.mode == Mode::Check || self.writer.broken.load(Ordering::Relaxed) {
            return;
        }
        let Some(stage) = self.writer.stage(&mut self.found) else {
            return;
        };
        if let Err(error) = step(stage) {
            self.writer.broken.store(true, Ordering::Relaxed);
            let shown = self.writer.place.shown("");
            self.found.error(cannot("write beside", &shown, &error));
        }
    }

    pub(super) fn count(&mut self, change: Change, path: &str) {
        *match change {
            Change::Added => &mut self.found.added,
            Change::Changed => &mut self.found.changed,
            Change::Removed => &mut self.found.removed,
        } += 1;
        if self.writer.options.mode == Mode::Check {
            let shown = self.writer.place.shown(path);
            self.found.changes.push((shown, change));
        }
    }

    pub(super) fn refuse(&mut self, path: &str, reason: Reason, diff: Option<String>) {
        self.found.refused.push(Refusal {
            path: self.writer.place.shown(path),
            reason,
            diff,
        });
    }

    pub(super) fn unreadable(&mut self, path: &str, error: &io::Error) {
        let shown = self.writer.place.shown(path);
        self.found.error(cannot("read", &shown, error));
    }
}

/// Writes files into a new tree; they are sorted, so a folder is made once.
fn build(stage: &Stage, cells: usize, files: &[OutFile]) -> io::Result<()> {
    let tree = stage.tree();
    let folder = |file: &OutFile| file.path.rfind('/').unwrap_or_default();
    let same = |a: &OutFile, b: &OutFile| a.path.get(..folder(a)) == b.path.get(..folder(b));
    let folders = files.chunk_by(same).collect();
    let written = share(cells, folders, |files: &[OutFile]| {
        let parent = files.first().and_then(|file| file.path.get(..folder(file)));
        fs::create_dir_all(tree.join(parent.unwrap_or_default()))?;
        files.iter().try_for_each(|file| {
            let (path, program) = (tree.join(&file.path), stage::is_program(&file.path));
            stage::write_new(&path, &file.bytes, program)?;
            failpoint::reach("fresh-file")
        })
    });
    written.into_iter().collect()
}

/// The folder (or file) of a path that is one cell's alone: `clusters/prod` of `clusters/prod/flux/x.yaml`.
pub(super) fn own_root<'p>(path: &'p str, cell: &str) -> Option<&'p str> {
    let (top, rest) = path.split_once('/')?;
    let second = rest.split('/').next()?;
    let folder = top.len() + 1 + second.len();
    (PER_CELL.contains(&top) && second == cell && folder < path.len())
        .then(|| path.split_at(folder).0)
}

/// Sorted files of a folder by their next name.
fn groups(files: &[OutFile], skip: usize) -> Vec<Group<'_>> {
    let mut groups = Vec::new();
    let mut rest = files;
    while let Some(first) = rest.first() {
        let below = first.path.get(skip..).unwrap_or_default();
        let (name, is_folder) = match below.split_once('/') {
            Some((name, _)) => (name, true),
            None => (below, false),
        };
        let same = |file: &OutFile| {
            let below = file
                .path
                .get(skip..)
                .and_then(|below| below.strip_prefix(name));
            is_folder && below.is_some_and(|below| below.starts_with('/'))
        };
        let count = rest.iter().take_while(|file| same(file)).count().max(1);
        let (files, after) = rest.split_at(count);
        groups.push(Group {
            name,
            is_folder,
            files,
            seen: false,
        });
        rest = after;
    }
    groups
}
