//! The component that is tested: one in reach by its name, or one in a folder anywhere.

use super::super::library::Library;
use passes::world::{Shelf, World};
use std::path::{Path, PathBuf};
use syntax::Diagnostic;
use syntax::source::BUILT_IN;

/// A component to test.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Its name.
    pub name: String,
    /// Its folder, where it is tested by that.
    pub folder: Option<PathBuf>,
}

impl Subject {
    /// A component in reach.
    pub fn of(name: &str) -> Self {
        Subject {
            name: name.to_owned(),
            folder: None,
        }
    }

    /// What a word of the command line means: a folder that holds a component, else a name.
    ///
    /// # Errors
    /// It is neither.
    pub fn named(word: &str, library: &Library) -> Result<Subject, Box<Diagnostic>> {
        let folder = Path::new(word);
        let is_path = word.contains(['/', '\\', '.']);
        if !is_path && library.components.contains_key(word) {
            return Ok(Subject::of(word));
        }
        if !folder.join("component.yaml").is_file() {
            return match is_path || folder.is_dir() {
                true => Err(Box::new(
                    Diagnostic::error("no-component", format!("`{word}` holds no component.yaml"))
                        .help("name a component, or the folder of one"),
                )),
                false => library.find(word).map(|_| Subject::of(word)),
            };
        }
        let real = folder
            .canonicalize()
            .unwrap_or_else(|_| folder.to_path_buf());
        let name = real
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        Ok(Subject {
            name: name.unwrap_or_default(),
            folder: Some(folder.to_path_buf()),
        })
    }

    /// The path of a file of it in the world of a trial.
    pub fn path(&self, file: &str) -> String {
        format!("components/{}/{file}", self.name)
    }

    /// A file's name as the reader knows it.
    pub fn shown(&self, library: &Library, name: &str) -> String {
        let own = name.strip_prefix("components/").and_then(|rest| {
            let rest = rest.strip_prefix(&self.name)?;
            rest.strip_prefix('/')
        });
        match (own, &self.folder) {
            (Some(file), Some(folder)) => folder.join(file).display().to_string(),
            (_, _) if name.starts_with('<') => name.to_owned(),
            (_, _) => match library.world.read(name) {
                Some(Ok((_, Shelf::Library))) => format!("{BUILT_IN}{name}"),
                Some(_) | None => {
                    let path = library.root.join(name);
                    path.strip_prefix(".")
                        .unwrap_or(&path)
                        .display()
                        .to_string()
                }
            },
        }
    }
}
