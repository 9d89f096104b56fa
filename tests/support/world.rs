//! A World in memory: a project and a library that are on no disk.

use super::{Files, files, own_files, root};
use passes::world::{Bytes, Shelf, World};
use std::collections::BTreeSet;

/// Files by path: the project's hide the library's.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    /// What lies beside the spec, the spec included.
    pub(crate) project: Files,
    /// What is built in.
    pub(crate) library: Files,
}

impl Memory {
    /// An example of this repository with the library of this repository.
    pub(crate) fn example(name: &str) -> Self {
        let mut memory = Memory {
            project: own_files(&format!("examples/{name}")),
            library: Files::new(),
        };
        for folder in ["components", "profiles"] {
            for (path, bytes) in files(&root().join(folder)) {
                memory.library.insert(format!("{folder}/{path}"), bytes);
            }
        }
        memory
    }

    /// A golden case with a spec of its own.
    pub(crate) fn golden(name: &str) -> Self {
        let mut memory = Memory::example("minimal");
        memory.project = files(&root().join("golden").join(name));
        memory
    }

    /// What rules say of it: the id and the message of each finding.
    pub(crate) fn broken_rules(&self) -> Vec<String> {
        let mut found = syntax::Diagnostics::default();
        let front = passes::front(self, "platform.yaml", &mut found);
        let platform = front.platform.filter(|_| !found.has_errors());
        let platform = platform.unwrap_or_else(|| panic!("{:#?}", found.sorted()));
        let mut judged = passes::judge(&platform);
        for spec in &platform.clusters {
            judged.append(passes::judged_cell(&platform, spec).judged);
        }
        let sorted = judged.found.sorted();
        let said = sorted.iter().map(|it| format!("{}: {}", it.id, it.message));
        said.collect()
    }

    /// Builds it: each cluster's files by their path.
    pub(crate) fn build(&self) -> Files {
        let mut found = syntax::Diagnostics::default();
        let front = passes::front(self, "platform.yaml", &mut found);
        let platform = front.platform.filter(|_| !found.has_errors());
        let platform = platform.unwrap_or_else(|| panic!("{:#?}", found.sorted()));
        let mut written = Files::new();
        for spec in &platform.clusters {
            let mut cell = passes::cell(&platform, spec);
            let found = std::mem::take(&mut cell.found);
            assert!(!found.has_errors(), "{:#?}", found.sorted());
            let files = passes::files(&platform, cell);
            written.extend(files.into_iter().map(|file| (file.path, file.bytes)));
        }
        written
    }
}

impl World for Memory {
    fn read(&self, path: &str) -> Option<Result<(Bytes, Shelf), String>> {
        let (bytes, shelf) = match (self.project.get(path), self.library.get(path)) {
            (Some(bytes), _) => (bytes, Shelf::Project),
            (None, Some(bytes)) => (bytes, Shelf::Library),
            (None, None) => return None,
        };
        Some(Ok((bytes.clone().into(), shelf)))
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let folder = format!("{}/", folder.trim_end_matches('/'));
        let paths = self.project.keys().chain(self.library.keys());
        let names: BTreeSet<String> = paths
            .filter_map(|path| path.strip_prefix(&folder))
            .map(|rest| match rest.split_once('/') {
                Some((name, _)) => format!("{name}/"),
                None => rest.to_owned(),
            })
            .collect();
        names.into_iter().collect()
    }

    fn repository_path(&self) -> Option<String> {
        None
    }

    fn today(&self) -> Option<String> {
        Some("2026-01-15".to_owned())
    }
}
