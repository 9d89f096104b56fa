//! Which files a repository has: every one that Git would keep, in folders that no tool hides.

use super::ignore::Ignore;
use crate::world::World;
use std::collections::BTreeSet;

/// Folders below this many others are not looked into: nobody writes them by hand.
const DEEPEST: usize = 24;

/// Folders that hold what others made.
const OTHERS: [&str; 3] = ["node_modules", "vendor", "__pycache__"];

/// The files and folders of a repository.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// Every file, by its path.
    pub(super) files: BTreeSet<String>,
    /// Every folder, by its path; the root is empty.
    pub(super) folders: BTreeSet<String>,
    /// What is ignored.
    pub(super) ignore: Ignore,
}

impl Tree {
    /// Looks through a repository.
    pub(super) fn read(world: &dyn World) -> Tree {
        let mut tree = Tree::default();
        tree.folder(world, String::new(), 0);
        tree
    }

    fn folder(&mut self, world: &dyn World, path: String, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        self.ignore.read(world, &path);
        let names = world.list(&path);
        let is_chart = names.iter().any(|name| name == "Chart.yaml");
        for name in names {
            let folder = name.strip_suffix('/');
            let below = join(&path, folder.unwrap_or(&name));
            // A name with holes is a template's.
            if name.contains(['{', '}']) || self.ignore.has(&below, folder.is_some()) {
                continue;
            }
            match folder {
                None => {
                    self.files.insert(below);
                }
                // What a chart makes is known only once it is rendered.
                Some("templates" | "charts" | "crds" | "tests") if is_chart => {}
                Some(folder) if OTHERS.contains(&folder) => {}
                Some(_) => self.folder(world, below, depth + 1),
            }
        }
        self.folders.insert(path);
    }
}

/// A path below a folder.
pub(super) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}

/// The folder of a path; empty at the root.
pub(super) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The last part of a path.
pub(super) fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// A relative path as seen from a folder, without `.` and `..`; `None` where it leads out of the repository.
pub(super) fn resolve(folder: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn paths_are_seen_from_their_folder() {
        for (folder, relative, path) in [
            ("", "./a/b/", Some("a/b")),
            ("a/b", "../c", Some("a/c")),
            ("a", "./x.yaml", Some("a/x.yaml")),
            ("a", "../../c", None),
            ("a", "..", Some("")),
        ] {
            assert_eq!(resolve(folder, relative).as_deref(), path, "{relative}");
        }
    }
}
