//! The spec that a command works on: found, read, resolved.

use crate::args::Color;
use crate::disk::Disk;
use crate::report::{Entry, Format, Report, entries};
use crate::write::heal;
use clap::Args;
use passes::Front;
use passes::world::World;
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use syntax::{Diagnostic, Diagnostics, Sources};

/// The name of the spec, looked for upwards from the current folder.
const SPEC: &str = "platform.yaml";

/// Which spec to work on.
#[derive(Clone, Debug, Default, Args)]
pub struct Which {
    /// The spec; without it, `platform.yaml` is looked for upwards from here
    #[arg(env = "FORMWORK_SPEC", value_name = "SPEC", value_hint = clap::ValueHint::FilePath)]
    pub spec: Option<PathBuf>,
}

/// A spec on disk.
#[derive(Debug)]
pub struct Project {
    /// The folder of the spec.
    pub root: PathBuf,
    /// The spec's file name.
    pub spec: String,
    /// The files.
    pub world: Disk,
}

impl Project {
    /// Finds the spec.
    ///
    /// # Errors
    /// What is missing, and what to do about it.
    pub fn find(which: &Which) -> Result<Project, Box<Diagnostic>> {
        let path = match &which.spec {
            Some(path) if path.is_dir() => path.join(SPEC),
            Some(path) => path.clone(),
            None => upwards()?,
        };
        if !path.is_file() {
            let shown = path.display();
            let problem = match path.exists() {
                true => Diagnostic::error("no-spec", format!("`{shown}` is no file")),
                false => Diagnostic::error("no-spec", format!("there is no `{shown}`")),
            };
            return Err(Box::new(
                problem.help("write a starter spec with `formwork init`"),
            ));
        }
        let spec = path.file_name().map_or_else(
            || SPEC.to_owned(),
            |name| name.to_string_lossy().into_owned(),
        );
        let root = path
            .parent()
            .filter(|p| !p.as_os_str().is_empty())
            .map_or_else(|| PathBuf::from("."), Path::to_path_buf);
        Ok(Project {
            world: Disk::new(root.clone()),
            root,
            spec,
        })
    }

    /// Reads and resolves it.
    #[must_use]
    pub fn front(&self) -> (Front, Diagnostics) {
        let mut found = Diagnostics::default();
        let front = passes::front(&self.world, &self.spec, &mut found);
        (front, found)
    }

    /// Prints findings for people, to stderr.
    pub fn show(&self, found: Diagnostics, sources: &Sources, color: Color) {
        let found = entries(found.sorted(), sources, &BTreeSet::new());
        self.show_entries(&found, sources, color);
    }

    /// Prints findings that were weighed.
    pub fn show_entries(&self, found: &[Entry], sources: &Sources, color: Color) {
        print(found, sources, &self.folder(Format::Human), color);
    }

    /// The spec's folder as a report names it, with `/` at its end: as seen from the current folder, or for GitHub and
    /// GitLab from the root of the repository.
    #[must_use]
    pub fn folder(&self, format: Format) -> String {
        folder(&self.root, &self.world, format)
    }

    /// The output folder, once what a killed build left of it is finished or discarded.
    ///
    /// # Errors
    /// The output's place can't be used.
    pub fn out(&self, stated: Option<&Path>, color: Color) -> Result<PathBuf, Box<Diagnostic>> {
        let out = stated.map_or_else(
            || self.root.join(passes::emit::layout::DEFAULT_FOLDER),
            Path::to_path_buf,
        );
        if let Some(healed) = heal(&out)? {
            show_one(*healed.diagnostic(), color);
        }
        Ok(out)
    }
}

/// A folder as a report names it, with `/` at its end.
pub fn folder(root: &Path, world: &dyn World, format: Format) -> String {
    let folder = match format {
        Format::Human | Format::Short | Format::Json | Format::Junit => None,
        Format::Github | Format::Sarif | Format::Gitlab => world.repository_path(),
    };
    let folder = folder.unwrap_or_else(|| {
        let parts = root.components();
        let parts = parts.filter(|part| *part != Component::CurDir);
        let folder = parts.collect::<PathBuf>().to_string_lossy().into_owned();
        folder.replace(std::path::MAIN_SEPARATOR, "/")
    });
    match folder.as_str() {
        "" => folder,
        ends if ends.ends_with('/') => folder,
        _ => folder + "/",
    }
}

fn upwards() -> Result<PathBuf, Box<Diagnostic>> {
    let here = std::env::current_dir().unwrap_or_default();
    let found = here
        .ancestors()
        .enumerate()
        .find(|(_, folder)| folder.join(SPEC).is_file());
    match found {
        // A relative path keeps messages short.
        Some((depth, _)) => Ok((0..depth).map(|_| "..").collect::<PathBuf>().join(SPEC)),
        None => Err(Box::new(
            Diagnostic::error(
                "no-spec",
                format!("there is no `{SPEC}` here or in a folder above"),
            )
            .help("write a starter with `formwork init`, or name the spec: `formwork build PATH`"),
        )),
    }
}

/// Prints findings that are about no project, to stderr.
pub fn show(found: Diagnostics, sources: &Sources, color: Color) {
    let found = entries(found.sorted(), sources, &BTreeSet::new());
    print(&found, sources, "", color);
}

fn print(found: &[Entry], sources: &Sources, folder: &str, color: Color) {
    if !found.is_empty() {
        let columns = std::env::var("COLUMNS")
            .ok()
            .and_then(|columns| columns.parse().ok());
        let report = Report::new(found, sources)
            .below(folder)
            .color(color.on_stderr())
            .width(columns.unwrap_or(140));
        anstream::eprint!("{}", report.render(Format::Human));
    }
}

/// Prints one finding that has no place in a text.
pub fn show_one(problem: Diagnostic, color: Color) {
    let mut found = Diagnostics::default();
    found.add(problem);
    show(found, &Sources::default(), color);
}
