//! The components that a command can see: those of the project in reach, and the library.

use crate::disk::Disk;
use crate::project::{Project, Which};
use passes::component::Component;
use passes::resolve::cluster::resolve_cluster;
use passes::world::{Shelf, World};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use syntax::{Diagnostic, Diagnostics, Origins, Text};

/// The components in reach.
#[derive(Debug)]
pub struct Library {
    /// The project's folder; the current one where there is no project.
    pub root: PathBuf,
    /// The project, where there is one.
    pub project: Option<Project>,
    /// Its files, and those inside the binary.
    pub world: Disk,
    /// The components by name, the project's own hiding the library's.
    pub components: BTreeMap<Text, Component>,
}

impl Library {
    /// Reads it. Without a spec, the folder `components` of the current folder counts.
    ///
    /// # Errors
    /// A spec was named that is not there.
    pub fn open(spec: Option<&Path>) -> Result<Library, Box<Diagnostic>> {
        let which = Which {
            spec: spec.map(Path::to_path_buf),
        };
        let project = match Project::find(&which) {
            Ok(project) => Some(project),
            Err(problem) if spec.is_some() => return Err(problem),
            Err(_) => None,
        };
        let root = project
            .as_ref()
            .map_or_else(|| PathBuf::from("."), |project| project.root.clone());
        let world = Disk::new(root.clone());
        let mut found = Diagnostics::default();
        let (components, _) = passes::load::library(&world, &mut found);
        Ok(Library {
            root,
            project,
            world,
            components,
        })
    }

    /// A component.
    ///
    /// # Errors
    /// There is none of this name; what was probably meant.
    pub fn find(&self, name: &str) -> Result<&Component, Box<Diagnostic>> {
        self.components.get(name).ok_or_else(|| {
            let problem = Diagnostic::error(
                "unknown-component",
                format!("there is no component `{name}`"),
            );
            let known = self.components.keys().map(Text::as_str);
            Box::new(match syntax::suggest::nearest(name, known) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem.help("`formwork components list` names those that there are"),
            })
        })
    }

    /// The text of a file of a component; `None` where there is no such text.
    pub fn text(&self, component: &str, file: &str) -> Option<(String, Shelf)> {
        let (bytes, shelf) = self
            .world
            .read(&format!("components/{component}/{file}"))?
            .ok()?;
        Some((String::from_utf8(bytes.into_owned()).ok()?, shelf))
    }
}

/// The clusters that use each component; `None` where there is no spec, or none that can be resolved.
pub fn used_in(library: &Library) -> Option<BTreeMap<String, Vec<String>>> {
    let (front, found) = library.project.as_ref()?.front();
    let platform = front.platform.filter(|_| !found.has_errors())?;
    let mut used: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for spec in &platform.clusters {
        let mut origins = Origins::extending(&platform.origins);
        let mut said = Diagnostics::default();
        let cluster = resolve_cluster(&platform, spec, &mut origins, &mut said);
        for component in &cluster.components {
            let clusters = used.entry(component.name.to_string()).or_default();
            clusters.push(spec.name.to_string());
        }
    }
    Some(used)
}
