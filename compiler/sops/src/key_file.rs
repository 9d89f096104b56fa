//! Writing a new key: the one file that this crate writes itself, since who may read it is part of what it means.

use crate::error::Error;
use crate::identity::Identity;
use jiff::Timestamp;
use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

impl Identity {
    /// Writes it to a file that must not exist yet: readable by its owner alone (0600), as are folders that are made
    /// for it (0700).
    ///
    /// # Errors
    /// [`Error::NotWritten`]: the file is there already, or the system refuses.
    pub fn write_new(&self, path: &Path, created: Timestamp) -> Result<(), Error> {
        let written = folders(path).and_then(|()| {
            let mut file = options().open(path)?;
            file.write_all(self.key_file(created).expose())?;
            file.sync_all()
        });
        written.map_err(|problem| Error::NotWritten {
            path: path.display().to_string(),
            problem: if problem.kind() == ErrorKind::AlreadyExists {
                "it exists already, and a key is never overwritten".into()
            } else {
                problem.to_string()
            },
        })
    }
}

fn folders(path: &Path) -> io::Result<()> {
    let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    else {
        return Ok(());
    };
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
