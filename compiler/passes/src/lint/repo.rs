//! A repository that was read: its YAML files by path, and their texts.

use super::file::{File, is_kustomization};
use super::tree::{Tree, join, parent, resolve};
use crate::world::World;
use std::collections::{BTreeMap, BTreeSet};
use syntax::{Diagnostic, Node, OriginId, Origins, Sources, Span};

/// A repository.
pub(super) struct Repo<'w> {
    pub(super) world: &'w dyn World,
    /// Its files and folders.
    pub(super) tree: Tree,
    /// Its YAML files.
    pub(super) files: Vec<File>,
    by_path: BTreeMap<String, usize>,
    /// The texts of them.
    pub(super) sources: Sources,
    /// Where each value stands.
    pub(super) origins: Origins,
    /// Files whose bytes are no text.
    pub(super) unreadable: Vec<Diagnostic>,
    /// The folder in which it lies in its Git repository: paths of Flux begin above it.
    below: String,
}

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum There {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// Nothing.
    Nothing,
    /// Something that can't be seen from here: outside, or not under Git's care.
    Unknown,
}

impl<'w> Repo<'w> {
    /// Reads a repository.
    pub(super) fn read(world: &'w dyn World) -> Self {
        let mut repo = Repo {
            world,
            tree: Tree::read(world),
            files: Vec::new(),
            by_path: BTreeMap::new(),
            sources: Sources::default(),
            origins: Origins::default(),
            unreadable: Vec::new(),
            below: world.repository_path().unwrap_or_default(),
        };
        let paths: Vec<String> = repo
            .tree
            .files
            .iter()
            .filter(|path| is_yaml(path))
            .cloned()
            .collect();
        for path in paths {
            repo.file(&path);
        }
        repo.adopt();
        repo
    }

    fn file(&mut self, path: &str) -> bool {
        let Some(Ok((bytes, _))) = self.world.read(path) else {
            return false;
        };
        let text = match syntax::decode::decode(&bytes) {
            Ok(text) => text,
            Err(problem) => {
                let message = format!("`{path}` can't be read: {}", problem.message);
                self.unreadable
                    .push(Diagnostic::warning("unreadable", message));
                return false;
            }
        };
        let id = self.sources.add(path, text);
        let file = File::read(path, id, text, &mut self.origins);
        self.by_path.insert(path.to_owned(), self.files.len());
        self.files.push(file);
        true
    }

    /// Reads what hides and is referenced all the same.
    fn adopt(&mut self) {
        let mut at = 0;
        while let Some(file) = self.files.get(at) {
            at += 1;
            let Some(node) = file.node().filter(|_| file.is_kustomization()) else {
                continue;
            };
            let folder = parent(&file.path).to_owned();
            let listed = ["resources", "components", "bases"];
            let listed = listed.iter().filter_map(|key| node.get(key));
            let hidden: Vec<String> = listed
                .flat_map(Node::items)
                .filter_map(|item| resolve(&folder, item.as_str()?))
                .filter(|path| path.split('/').any(|part| part.starts_with('.')))
                .filter(|path| !self.by_path.contains_key(path))
                .collect();
            for path in hidden {
                let folder = self.world.list(&path);
                if folder.is_empty() {
                    self.file(&path);
                    continue;
                }
                for name in folder.iter().filter(|name| is_yaml(name)) {
                    let path = join(&path, name);
                    if !self.by_path.contains_key(&path) && self.file(&path) {
                        self.tree.files.insert(path);
                    }
                }
                self.tree.folders.insert(path);
            }
        }
    }

    /// A YAML file by its path, and its number.
    pub(super) fn find(&self, path: &str) -> Option<(usize, &File)> {
        let at = *self.by_path.get(path)?;
        Some((at, self.files.get(at)?))
    }

    /// The file that says what is in a folder.
    pub(super) fn kustomization(&self, folder: &str) -> Option<(usize, &File)> {
        let names = ["kustomization.yaml", "kustomization.yml"];
        names.iter().find_map(|name| self.find(&join(folder, name)))
    }

    /// What a path leads to.
    pub(super) fn there(&self, path: &str) -> There {
        if self.tree.files.contains(path) {
            return There::File;
        }
        if self.tree.folders.contains(path) {
            return There::Folder;
        }
        if self.tree.ignore.hides(path) {
            return There::Unknown;
        }
        match self.world.read(path) {
            Some(Ok(_)) => There::File,
            Some(Err(_)) => There::Unknown,
            None if self.world.list(path).is_empty() => There::Nothing,
            None => There::Folder,
        }
    }

    /// Whether a folder is there, and holds what Git keeps.
    pub(super) fn has_folder(&self, path: &str) -> bool {
        self.tree.folders.contains(path)
    }

    /// The path of a folder as Flux has it, as seen from here; `None` where it can't be seen.
    pub(super) fn seen_here(&self, path: &str) -> Option<String> {
        let path = resolve("", path)?;
        if self.below.is_empty() {
            return Some(path);
        }
        let rest = path.strip_prefix(&self.below)?;
        match rest.strip_prefix('/') {
            Some(rest) => Some(rest.to_owned()),
            None if rest.is_empty() => Some(String::new()),
            None => None,
        }
    }

    /// The YAML files below a folder that has no kustomization of its own, as Flux takes them: folders that have one
    /// are taken whole.
    pub(super) fn below(&self, folder: &str) -> (Vec<usize>, Vec<String>) {
        let mut files = Vec::new();
        let mut folders = BTreeSet::new();
        let start = match folder {
            "" => String::new(),
            folder => format!("{folder}/"),
        };
        let range = self.by_path.range(start.clone()..);
        for (path, at) in range.take_while(|(path, _)| path.starts_with(&start)) {
            let inside = path.get(start.len()..).unwrap_or_default();
            let mut ends = inside.match_indices('/').map(|(at, _)| start.len() + at);
            let own = ends.find_map(|end| {
                let folder = path.get(..end)?;
                self.kustomization(folder).map(|_| folder)
            });
            match own {
                Some(folder) => {
                    folders.insert(folder.to_owned());
                }
                None => files.push(*at),
            }
        }
        (files, folders.into_iter().collect())
    }

    /// Where a value stands.
    pub(super) fn place(&self, origin: OriginId) -> Option<Span> {
        self.origins.place(origin)
    }

    /// What is written at a place.
    pub(super) fn written(&self, origin: OriginId) -> &str {
        let span = self.place(origin);
        let text = span.and_then(|span| {
            let source = self.sources.get(span.file)?;
            source.text().get(span.start as usize..span.end as usize)
        });
        text.unwrap_or_default()
    }
}

/// Whether a name is that of a YAML file.
pub(super) fn is_yaml(path: &str) -> bool {
    path.ends_with(".yaml") || path.ends_with(".yml") || is_kustomization(super::tree::name(path))
}
