//! The world at a revision: the project's folder as a commit has it, the library inside the binary second.
//!
//! Read by a library, without the `git` program, its configuration or its environment: a plan is the same everywhere.

use crate::disk::{embedded, embedded_names, is_inside, packed};
use gix::ObjectId;
use gix::bstr::ByteSlice;
use gix::objs::tree::EntryKind;
use passes::world::{Bytes, Shelf, World};
use std::collections::BTreeSet;
use std::path::Path;
use syntax::{Diagnostic, Node};

type Problem = Box<Diagnostic>;

/// Links to links that are followed before it is called a loop.
const LINKS: usize = 16;

/// The repository around a project.
#[derive(Debug)]
pub struct Repository {
    git: gix::ThreadSafeRepository,
    /// The project's folder below its root, with `/`; empty at the root.
    folder: String,
}

/// A project's folder as a commit has it.
#[derive(Debug)]
pub struct Commit {
    repository: Repository,
    tree: ObjectId,
    /// How the user called it.
    pub name: String,
    /// The commit's number, in full.
    pub id: String,
    /// It is where the named revision and HEAD part, and not the revision itself.
    pub is_merge_base: bool,
}

impl Repository {
    /// The repository around a folder; `None` where there is none that can be read.
    #[must_use]
    pub fn around(folder: &Path) -> Option<Repository> {
        let root = folder.canonicalize().ok()?;
        let upwards = gix::discover::upwards::Options {
            cross_fs: true,
            dot_git_only: true,
            ..gix::discover::upwards::Options::default()
        };
        let options = gix::sec::trust::Mapping {
            full: gix::open::Options::isolated(),
            reduced: gix::open::Options::isolated(),
        };
        let git = gix::ThreadSafeRepository::discover_opts(&root, upwards, options).ok()?;
        let top = git.work_tree.as_deref()?.canonicalize().ok()?;
        let below = root.strip_prefix(top).ok()?;
        let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
        let folder = parts.join("/");
        Some(Repository { git, folder })
    }

    /// Whether there is no commit yet.
    #[must_use]
    pub fn is_new(&self) -> bool {
        let git = self.git.to_thread_local();
        git.head().is_ok_and(|head| head.is_unborn())
    }

    /// Whether a text names a revision.
    #[must_use]
    pub fn knows(&self, name: &str) -> bool {
        let name = name.trim_end_matches('.');
        !name.is_empty() && self.git.to_thread_local().rev_parse_single(name).is_ok()
    }

    /// The commit that a user's `REV` means: where it and HEAD part, so that what others changed since is not shown as
    /// undone; with `REV..` the revision itself.
    ///
    /// # Errors
    /// There is no such revision, it is no commit, or it and HEAD have nothing in common.
    pub fn commit(self, said: &str) -> Result<Commit, Problem> {
        let git = self.git.to_thread_local();
        let (name, itself) = match (said.strip_suffix("..."), said.strip_suffix("..")) {
            (Some(name), _) => (name, false),
            (None, Some(name)) => (name, true),
            (None, None) => (said, false),
        };
        let unread = |problem: gix::Error| unreadable(name, &problem.to_string());
        let id = git
            .rev_parse_single(name)
            .map_err(|_| unknown(&git, name))?;
        let commit = id
            .object()
            .map_err(|problem| unreadable(name, &problem.to_string()))?;
        let commit = commit.peel_to_commit().map_err(|_| {
            let message = format!("`{name}` is no commit");
            Box::new(
                Diagnostic::error("no-commit", message).help("name a branch, a tag or a commit"),
            )
        })?;
        let tip = commit.id;
        let base = match itself || git.head().is_ok_and(|head| head.is_unborn()) {
            true => tip,
            false => merge_base(&git, name, tip)?,
        };
        let tree = git.find_commit(base).map_err(unread)?;
        let tree = tree.tree_id().map_err(unread)?.detach();
        Ok(Commit {
            tree,
            name: name.to_owned(),
            id: base.to_string(),
            is_merge_base: base != tip,
            repository: self,
        })
    }
}

fn merge_base(git: &gix::Repository, name: &str, tip: ObjectId) -> Result<ObjectId, Problem> {
    let head = git
        .head_id()
        .map_err(|problem| unreadable("HEAD", &problem.to_string()))?;
    if head == tip {
        return Ok(tip);
    }
    if let Ok(Some(base)) = git.merge_base(tip, head) {
        return Ok(base.detach());
    }
    let message = format!("`{name}` and HEAD have no commit in common here");
    let problem = Diagnostic::error("no-merge-base", message);
    let problem = match git.is_shallow() {
        Ok(true) => problem.help(
            "this clone is shallow: fetch all of the history (in GitHub Actions `fetch-depth: 0`)",
        ),
        Ok(false) | Err(_) => problem,
    };
    let help = format!("or compare with the revision itself: `--base {name}..`");
    Err(Box::new(problem.help(help)))
}

fn unreadable(name: &str, problem: &str) -> Problem {
    let message = format!("`{name}` can't be read from the repository: {problem}");
    Box::new(Diagnostic::error("unreadable", message))
}

fn unknown(git: &gix::Repository, name: &str) -> Problem {
    let problem = Diagnostic::error("no-revision", format!("there is no revision `{name}`"));
    let known = names(git);
    let remote = known.iter().find(|known| {
        let below = known.split_once('/').map(|(_, below)| below);
        below == Some(name)
    });
    let near = || syntax::suggest::nearest(name, known.iter().map(String::as_str));
    let near = remote.map(String::as_str).or_else(near);
    let problem = match near {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help("name a branch, a tag or a commit, or a folder of emitted files"),
    };
    Box::new(match git.is_shallow() {
        Ok(true) => problem.help(
            "this clone is shallow: fetch all of the history (in GitHub Actions `fetch-depth: 0`)",
        ),
        Ok(false) | Err(_) => problem,
    })
}

/// The names of branches and tags, of remotes too.
fn names(git: &gix::Repository) -> Vec<String> {
    let Ok(references) = git.references() else {
        return Vec::new();
    };
    let Ok(all) = references.all() else {
        return Vec::new();
    };
    let mut names: Vec<String> = all
        .filter_map(Result::ok)
        .map(|reference| reference.name().shorten().to_string())
        .collect();
    names.sort();
    names.dedup();
    names
}

/// What lies at a path of a commit.
enum Found {
    File(Vec<u8>),
    Folder(ObjectId),
}

impl Commit {
    /// The project's folder below the repository's root, with `/` at its end where it is not the root.
    #[must_use]
    pub fn folder(&self) -> String {
        match self.repository.folder.as_str() {
            "" => String::new(),
            folder => format!("{folder}/"),
        }
    }

    /// Whether the commit has a file of the project.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        matches!(self.find(path), Ok(Some(Found::File(_))))
    }

    /// What lies at a path of the project; links are followed as long as they stay in it.
    fn find(&self, path: &str) -> Result<Option<Found>, String> {
        let git = self.repository.git.to_thread_local();
        let mut parts: Vec<String> = words(path);
        for _ in 0..LINKS {
            let Some((found, rest)) = self.walk(&git, &parts)? else {
                return Ok(None);
            };
            let Entry::Link { target, at } = found else {
                return match found {
                    Entry::File(bytes) if rest.is_empty() => Ok(Some(Found::File(bytes))),
                    Entry::Folder(id) => Ok(Some(Found::Folder(id))),
                    Entry::File(_) | Entry::Link { .. } => Ok(None),
                };
            };
            // The link's target takes the place of its name; what follows it stays.
            let mut next: Vec<String> = parts.iter().take(at).cloned().collect();
            if target.starts_with('/') {
                return Err("a link leads out of the project".to_owned());
            }
            for word in target
                .split('/')
                .filter(|word| !word.is_empty() && *word != ".")
            {
                match word {
                    ".." if next.pop().is_none() => {
                        return Err("a link leads out of the project".to_owned());
                    }
                    ".." => {}
                    word => next.push(word.to_owned()),
                }
            }
            next.extend(rest);
            parts = next;
        }
        Err("links lead to each other".to_owned())
    }

    /// Goes down from the project's folder until a file, a link or the last folder.
    fn walk(
        &self,
        git: &gix::Repository,
        parts: &[String],
    ) -> Result<Option<(Entry, Vec<String>)>, String> {
        let above = words(&self.repository.folder);
        let depth = above.len();
        let mut folder = self.tree;
        let all: Vec<&String> = above.iter().chain(parts).collect();
        for (at, part) in all.iter().enumerate() {
            let tree = git
                .find_tree(folder)
                .map_err(|problem| problem.to_string())?;
            let entry = tree.iter().filter_map(Result::ok);
            let Some(entry) = entry
                .into_iter()
                .find(|entry| entry.filename() == part.as_str())
            else {
                return Ok(None);
            };
            let id = entry.object_id();
            match entry.mode().kind() {
                EntryKind::Tree => folder = id,
                // Another repository's.
                EntryKind::Commit => return Ok(None),
                EntryKind::Blob | EntryKind::BlobExecutable => {
                    let rest = all.iter().skip(at + 1).map(|part| (*part).clone());
                    let bytes = blob(git, id)?;
                    return Ok(Some((Entry::File(bytes), rest.collect())));
                }
                EntryKind::Link => {
                    let Some(at) = at.checked_sub(depth) else {
                        return Err("the project's folder is a link".to_owned());
                    };
                    let target = String::from_utf8_lossy(&blob(git, id)?).into_owned();
                    let rest = parts.iter().skip(at + 1).cloned().collect();
                    return Ok(Some((Entry::Link { target, at }, rest)));
                }
            }
        }
        Ok(Some((Entry::Folder(folder), Vec::new())))
    }

    /// The names in a folder of the project; a folder's ends in `/`.
    fn names_in(&self, folder: &str) -> Vec<String> {
        let Ok(Some(Found::Folder(id))) = self.find(folder) else {
            return Vec::new();
        };
        let git = self.repository.git.to_thread_local();
        let Ok(tree) = git.find_tree(id) else {
            return Vec::new();
        };
        let named = |entry: gix::objs::tree::EntryRef<'_>| {
            let name = entry.filename.to_str().ok()?.to_owned();
            if name.starts_with('.') {
                return None;
            }
            let is_folder = match entry.mode.kind() {
                EntryKind::Tree => true,
                EntryKind::Link => {
                    matches!(
                        self.find(&format!("{folder}/{name}")),
                        Ok(Some(Found::Folder(_)))
                    )
                }
                EntryKind::Blob | EntryKind::BlobExecutable => false,
                EntryKind::Commit => return None,
            };
            Some(name + if is_folder { "/" } else { "" })
        };
        let Ok(tree) = tree.decode() else {
            return Vec::new();
        };
        tree.entries.iter().copied().filter_map(named).collect()
    }
}

/// What a name in a folder stands for.
enum Entry {
    File(Vec<u8>),
    Folder(ObjectId),
    Link { target: String, at: usize },
}

fn blob(git: &gix::Repository, id: ObjectId) -> Result<Vec<u8>, String> {
    let blob = git.find_blob(id).map_err(|problem| problem.to_string())?;
    Ok(blob.detach().data)
}

fn words(path: &str) -> Vec<String> {
    let words = path
        .split('/')
        .filter(|word| !word.is_empty() && *word != ".");
    words.map(str::to_owned).collect()
}

impl World for Commit {
    fn read(&self, path: &str) -> Option<Result<(Bytes, Shelf), String>> {
        if !is_inside(path) {
            return Some(Err(format!("`{path}` leads out of the project")));
        }
        match self.find(path) {
            Ok(Some(Found::File(bytes))) => Some(Ok((bytes.into(), Shelf::Project))),
            Ok(Some(Found::Folder(_))) => Some(Err("it is a folder".to_owned())),
            Ok(None) => embedded(path).map(|bytes| Ok((bytes.into(), Shelf::Library))),
            Err(problem) => Some(Err(problem)),
        }
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let folder = folder.trim_end_matches('/');
        let mut names: BTreeSet<String> = embedded_names(folder).map(str::to_owned).collect();
        if is_inside(folder) {
            names.extend(self.names_in(folder));
        }
        names.into_iter().collect()
    }

    fn packed(&self, path: &str) -> Option<&'static [u8]> {
        packed(path)
    }

    fn accepts(&self, spec: &Node) -> bool {
        crate::verdict::accepts(spec)
    }

    fn repository_path(&self) -> Option<String> {
        Some(self.repository.folder.clone())
    }
}
