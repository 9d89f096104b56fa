//! A folder of manifests as a world: what is on disk, and nothing of the library. A link to a folder is not followed.

use crate::disk::is_inside;
use passes::world::{Bytes, Shelf, World};
use std::fs;
use std::path::PathBuf;

/// A folder.
#[derive(Clone, Debug)]
pub struct Manifests {
    root: PathBuf,
}

impl Manifests {
    /// The files below a folder.
    #[must_use]
    pub fn new(root: PathBuf) -> Manifests {
        Manifests { root }
    }
}

impl World for Manifests {
    fn read(&self, path: &str) -> Option<Result<(Bytes, Shelf), String>> {
        if !is_inside(path) {
            return None;
        }
        let path = self.root.join(path);
        if !path.is_file() {
            return None;
        }
        let bytes = fs::read(&path).map_err(|error| error.to_string());
        Some(bytes.map(|bytes| (bytes.into(), Shelf::Project)))
    }

    fn list(&self, folder: &str) -> Vec<String> {
        if !is_inside(folder) {
            return Vec::new();
        }
        let Ok(entries) = fs::read_dir(self.root.join(folder)) else {
            return Vec::new();
        };
        let named = |entry: fs::DirEntry| {
            let name = entry.file_name().into_string().ok()?;
            let kind = entry.file_type().ok()?;
            let leads_to_folder = kind.is_symlink() && entry.path().is_dir();
            let is_hidden = name.starts_with('.');
            let slash = if kind.is_dir() { "/" } else { "" };
            (!is_hidden && !leads_to_folder).then(|| name + slash)
        };
        let mut names: Vec<String> = entries.filter_map(Result::ok).filter_map(named).collect();
        names.sort();
        names
    }

    fn repository_path(&self) -> Option<String> {
        crate::disk::Disk::new(self.root.clone()).repository_path()
    }
}
