//! The world of a trial: one component, the library around it, and a spec that was made for it.

use super::super::library::Library;
use super::subject::Subject;
use passes::resolve::Platform;
use passes::world::{Bytes, Shelf, World};
use passes::{Front, cell, front};
use std::fs;
use syntax::{Diagnostics, Sources};

/// A spec, and what it is built with.
#[derive(Debug)]
pub struct Bench<'a> {
    /// What is tested.
    pub subject: &'a Subject,
    /// What is around it.
    pub library: &'a Library,
    /// The spec's name in findings.
    pub name: String,
    /// The spec's text.
    pub spec: String,
}

/// What became of a spec.
#[derive(Debug)]
pub struct Built {
    /// The platform, where there is one.
    pub platform: Option<Platform>,
    /// The texts.
    pub sources: Sources,
    /// What was found, but for secrets that are not sealed yet: so begins every platform that has one.
    pub found: Diagnostics,
}

impl Bench<'_> {
    /// Reads, resolves and lowers: what `check` does.
    #[must_use]
    pub fn build(&self) -> Built {
        let mut built = self.resolve();
        if let Some(platform) = built
            .platform
            .as_ref()
            .filter(|_| !built.found.has_errors())
        {
            for spec in &platform.clusters {
                built.found.append(cell(platform, spec).found);
            }
        }
        // Whether it is finished is judged once, and not by each example.
        built.found = built.found.without("missing-secret").without("unfinished");
        built
    }

    /// Reads and resolves what is above the clusters.
    #[must_use]
    pub fn resolve(&self) -> Built {
        let mut found = Diagnostics::default();
        let Front { platform, sources } = front(self, &self.name, &mut found);
        let sources = platform
            .as_ref()
            .map_or(sources, |platform| platform.sources.clone());
        Built {
            platform,
            sources,
            found,
        }
    }
}

impl World for Bench<'_> {
    fn read(&self, path: &str) -> Option<Result<(Bytes, Shelf), String>> {
        if path == self.name {
            return Some(Ok((self.spec.clone().into_bytes().into(), Shelf::Project)));
        }
        let own = self.subject.path("");
        match (path.strip_prefix(&own), &self.subject.folder) {
            (Some(file), Some(folder)) => {
                let path = folder.join(file);
                path.is_file().then(|| {
                    let bytes = fs::read(&path).map_err(|error| error.to_string())?;
                    Ok((bytes.into(), Shelf::Project))
                })
            }
            // What is tested is checked like a project's own, wherever it lies.
            (Some(_), None) => {
                let read = self.library.world.read(path)?;
                Some(read.map(|(bytes, _)| (bytes, Shelf::Project)))
            }
            (None, _) if path.starts_with("components/") || path.starts_with("profiles/") => {
                self.library.world.read(path)
            }
            (None, _) => None,
        }
    }

    fn packed(&self, path: &str) -> Option<&'static [u8]> {
        self.library.world.packed(path)
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let folder = folder.trim_end_matches('/');
        let first = folder.split('/').next().unwrap_or_default();
        if !matches!(first, "components" | "profiles") {
            return Vec::new();
        }
        match (folder, &self.subject.folder) {
            ("components", _) => {
                let mut names = self.library.world.list(folder);
                names.push(format!("{}/", self.subject.name));
                names.sort();
                names.dedup();
                names
            }
            (_, Some(own)) if *folder == *self.subject.path("").trim_end_matches('/') => {
                let entries = fs::read_dir(own).into_iter().flatten().flatten();
                let mut names: Vec<String> = entries
                    .filter_map(|entry| entry.file_name().into_string().ok())
                    .collect();
                names.sort();
                names
            }
            (_, _) => self.library.world.list(folder),
        }
    }

    fn repository_path(&self) -> Option<String> {
        None
    }
}
