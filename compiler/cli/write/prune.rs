//! What is left over: files of this platform that no cell asks for any more. Nobody else's file is ever touched.

use super::owner::Owner;
use super::refusal::Reason;
use super::scan::{PER_CELL, Scan};
use super::stage::Old;
use super::{Change, Scope};
use passes::emit::OutFile;
use passes::emit::seal;
use std::fs::{self, File, FileType, Metadata};
use std::io::{self, Read};

/// An ownership line stands within so many bytes.
const HEAD: u64 = 4096;

impl Scan<'_> {
    /// Looks where no cell looked: the whole output, or what belongs to the cells of this run.
    pub(super) fn leftovers(&mut self) {
        match self.writer.options.scope.clone() {
            Scope::All => {
                self.leftover_folder("");
            }
            Scope::Cells(cells) => {
                for top in PER_CELL {
                    let names = self.names(top);
                    for (name, kind) in names {
                        let stem = name.split_once('.').map_or(name.as_str(), |(stem, _)| stem);
                        if cells.contains(&name) || (kind.is_file() && cells.contains(stem)) {
                            self.leftover(&format!("{top}/{name}"), kind);
                        }
                    }
                }
            }
        }
    }

    /// Something that no cell expects, in a folder that is one cell's alone.
    pub(super) fn extra(&mut self, path: &str, kind: FileType) {
        if kind.is_dir() {
            // What comes into it later shows in no stamp of ours.
            self.memory.is_partial = true;
            self.leftover_folder(path);
        } else if kind.is_file() {
            self.leftover_file(path);
        }
    }

    /// A file stands (or a link) where a folder must be, or a link where a file must be.
    pub(super) fn in_the_way(&mut self, path: &str, kind: FileType, files: &[OutFile]) {
        if kind.is_symlink() {
            self.refuse(path, Reason::Link, None);
        } else if kind.is_file() && self.leftover_file(path) {
            self.add_all(files);
        } else {
            self.refuse(path, Reason::Foreign, None);
        }
    }

    /// A folder stands where a file must be: it may go where all in it is ours.
    pub(super) fn folder_in_the_way(&mut self, file: &OutFile) {
        if self.leftover_folder(&file.path) {
            self.add_all(std::slice::from_ref(file));
        } else {
            self.refuse(&file.path, Reason::Folder, None);
        }
    }

    /// Whether any file below a folder is this platform's.
    pub(super) fn any_of_ours(&self, folder: &str) -> bool {
        self.names(folder).into_iter().any(|(name, kind)| {
            let path = below(folder, &name);
            if kind.is_dir() {
                return !name.starts_with('.') && self.any_of_ours(&path);
            }
            kind.is_file()
                && self.read(&path).is_ok_and(|(bytes, _)| {
                    matches!(self.owner(&path, &bytes), Owner::Ours | Owner::Edited)
                })
        })
    }

    /// Removes what is ours below a folder; says whether that empties it.
    fn leftover_folder(&mut self, folder: &str) -> bool {
        let mut all = true;
        for (name, kind) in self.names(folder) {
            all &= self.leftover(&below(folder, &name), kind);
        }
        all
    }

    fn leftover(&mut self, path: &str, kind: FileType) -> bool {
        let hidden = path
            .rsplit('/')
            .next()
            .is_some_and(|name| name.starts_with('.'));
        if kind.is_dir() {
            let claimed = self.writer.shared().claimed.contains(path);
            return !claimed && !hidden && self.leftover_folder(path);
        }
        if self.writer.shared().loose.contains(path) {
            return false;
        }
        kind.is_file() && self.leftover_file(path)
    }

    /// Removes a file that is ours; says whether it was.
    fn leftover_file(&mut self, path: &str) -> bool {
        let (bytes, metadata) = match self.read(path) {
            Ok(found) => found,
            Err(error) => {
                self.unreadable(path, &error);
                return false;
            }
        };
        match self.owner(path, &bytes) {
            Owner::Ours => {
                self.count(Change::Removed, path);
                let old = Old::new(&bytes, &metadata);
                self.stage(|stage| stage.delete(path, &old));
                true
            }
            Owner::Edited => {
                self.refuse(path, Reason::EditedLeftover, None);
                false
            }
            Owner::Other(_) | Owner::Unknown => false,
        }
    }

    /// A file's bytes; only the first ones where nothing says that it could be ours.
    fn read(&self, path: &str) -> io::Result<(Vec<u8>, Metadata)> {
        let full = self.writer.place.out().join(path);
        let mut file = File::open(&full)?;
        let metadata = file.metadata()?;
        let mut bytes = Vec::new();
        (&mut file).take(HEAD).read_to_end(&mut bytes)?;
        let listing = full.with_file_name(seal::LISTING);
        if seal::read(&bytes, path).is_some() || listing.exists() {
            file.read_to_end(&mut bytes)?;
        }
        Ok((bytes, metadata))
    }

    /// Names and kinds in a folder, sorted; none where it can't be read.
    fn names(&self, folder: &str) -> Vec<(String, FileType)> {
        let Ok(entries) = fs::read_dir(self.writer.place.out().join(folder)) else {
            return Vec::new();
        };
        let mut names: Vec<_> = entries
            .filter_map(Result::ok)
            .filter_map(|entry| {
                Some((
                    entry.file_name().into_string().ok()?,
                    entry.file_type().ok()?,
                ))
            })
            .collect();
        names.sort_by(|a, b| a.0.cmp(&b.0));
        names
    }
}

fn below(folder: &str, name: &str) -> String {
    match folder {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    }
}
