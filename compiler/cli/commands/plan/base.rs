//! What the spec is compared with: a revision of the project, or a folder of emitted files.

use crate::args::Color;
use crate::git::{Commit, Repository};
use crate::project::Project;
use crate::report::{Format, Report, entries};
use passes::plan::folder;
use passes::resolve::Platform;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use syntax::{Diagnostic, Diagnostics, Sources};

type Problem = Box<Diagnostic>;

/// The revision where nothing is said.
const DEFAULT: &str = "HEAD";

/// What the spec is compared with.
#[derive(Debug)]
pub enum Base {
    /// The project at a revision.
    Commit(Box<Commit>),
    /// A folder of emitted files, and the files in it by cluster.
    Folder {
        /// As the user named it.
        path: PathBuf,
        /// Paths below it, by cluster.
        files: BTreeMap<String, Vec<String>>,
    },
    /// Nothing: everything is new.
    Nothing {
        /// Why.
        why: String,
    },
}

impl Base {
    /// Finds what a user's `--base` means. A path (`./x`, `x/`, `/x`) is a folder; else a revision wins over a folder.
    ///
    /// # Errors
    /// It is neither, or there is no repository to find a revision in.
    pub fn open(project: &Project, said: Option<&str>) -> Result<Base, Problem> {
        let path = said.map(Path::new);
        let is_path = said.is_some_and(|said| {
            said.starts_with('.') || said.ends_with('/') || Path::new(said).is_absolute()
        });
        let repository = Repository::around(&project.root);
        if let Some(path) = path {
            let is_revision = || {
                let git = repository.as_ref();
                git.is_some_and(|git| said.is_some_and(|said| git.knows(said)))
            };
            if is_path || (path.is_dir() && !is_revision()) {
                return Base::folder(path);
            }
        }
        let Some(repository) = repository else {
            return Err(no_repository(said));
        };
        if said.is_none() && repository.is_new() {
            let why = "the repository has no commit yet".to_owned();
            return Ok(Base::Nothing { why });
        }
        let commit = repository.commit(said.unwrap_or(DEFAULT))?;
        if !commit.has(&project.spec) {
            let (name, spec) = (&commit.name, &project.spec);
            let why = format!("`{name}` has no `{}{spec}`", commit.folder());
            return Ok(Base::Nothing { why });
        }
        Ok(Base::Commit(Box::new(commit)))
    }

    fn folder(path: &Path) -> Result<Base, Problem> {
        if !path.is_dir() {
            let message = format!("there is no folder `{}`", path.display());
            let help = "name a folder that `formwork build` wrote, or a revision";
            return Err(Box::new(Diagnostic::error("no-folder", message).help(help)));
        }
        let mut files = BTreeMap::new();
        collect(path, "", &mut files)?;
        let path = path.to_owned();
        Ok(Base::Folder { path, files })
    }

    /// The clusters that a folder has files of.
    pub fn clusters(&self) -> Vec<&str> {
        match self {
            Base::Folder { files, .. } => files.keys().map(String::as_str).collect(),
            Base::Commit(_) | Base::Nothing { .. } => Vec::new(),
        }
    }

    /// One cluster's files of a folder; what can't be read is reported.
    pub fn read(&self, platform: &str, cluster: &str, found: &mut Diagnostics) -> folder::Emitted {
        let Base::Folder { path, files } = self else {
            return folder::Emitted::default();
        };
        let mut read = Vec::new();
        for name in files.get(cluster).map_or(&[][..], Vec::as_slice) {
            match fs::read(path.join(name)) {
                Ok(bytes) => read.push((name.clone(), bytes)),
                Err(problem) => {
                    let message =
                        format!("`{}` can't be read: {problem}", path.join(name).display());
                    found.add(Diagnostic::error("unreadable", message));
                }
            }
        }
        folder::read(platform, &read, found)
    }

    /// The project at a revision, resolved; `None` where the base is no revision.
    ///
    /// # Errors
    /// It can't be built; its findings are on stderr, with the revision in their places.
    pub fn platform(&self, project: &Project, color: Color) -> Result<Option<Platform>, Problem> {
        let Base::Commit(commit) = self else {
            return Ok(None);
        };
        let mut found = Diagnostics::default();
        let front = passes::front(commit.as_ref(), &project.spec, &mut found);
        match front.platform.filter(|_| !found.has_errors()) {
            Some(platform) => Ok(Some(platform)),
            None => Err(self.unbuildable(found, &front.sources, color)),
        }
    }

    /// Shows why the base can't be built, and says so.
    pub fn unbuildable(&self, found: Diagnostics, sources: &Sources, color: Color) -> Problem {
        let (name, below) = match self {
            Base::Commit(commit) => {
                let below = format!("{}:{}", commit.name, commit.folder());
                (commit.name.clone(), below)
            }
            Base::Folder { path, .. } => {
                let name = path.display().to_string();
                (name.clone(), format!("{}/", name.trim_end_matches('/')))
            }
            Base::Nothing { why } => (why.clone(), String::new()),
        };
        let found = entries(found.sorted(), sources, &BTreeSet::new());
        let report = Report::new(&found, sources)
            .below(&below)
            .color(color.on_stderr());
        anstream::eprint!("{}", report.render(Format::Human));
        let problem = Diagnostic::error("bad-base", format!("the base `{name}` can't be built"));
        Box::new(problem.help(
            "compare with a revision that builds, or with a folder of emitted files: `--base ./generated`",
        ))
    }
}

fn no_repository(said: Option<&str>) -> Problem {
    let message = match said {
        Some(said) => format!("`{said}` is no folder, and the project lies in no Git repository"),
        None => "the project lies in no Git repository".to_owned(),
    };
    let problem = Diagnostic::error("no-repository", message);
    Box::new(problem.help(
        "`git init` makes one; a folder of emitted files can be compared with too: `--base ./generated`",
    ))
}

/// Every file below a folder, by cluster. Links are not followed: formwork writes none.
fn collect(
    top: &Path,
    below: &str,
    files: &mut BTreeMap<String, Vec<String>>,
) -> Result<(), Problem> {
    let folder = top.join(below);
    let unread = |problem: std::io::Error| {
        let message = format!("`{}` can't be read: {problem}", folder.display());
        Box::new(Diagnostic::error("unreadable", message))
    };
    for entry in fs::read_dir(&folder).map_err(unread)? {
        let entry = entry.map_err(unread)?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let path = match below {
            "" => name.clone(),
            below => format!("{below}/{name}"),
        };
        let kind = entry.file_type().map_err(unread)?;
        if kind.is_dir() && !name.starts_with('.') {
            collect(top, &path, files)?;
        } else if kind.is_file() {
            let cluster = folder::cluster(&path).to_owned();
            files.entry(cluster).or_default().push(path);
        }
    }
    Ok(())
}
