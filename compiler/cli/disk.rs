//! The world on disk: the project's folder first, the library inside the binary second.

use passes::world::{Bytes, Shelf, World};
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use syntax::Node;

/// The library inside the binary: paths and bytes, sorted by path.
static LIBRARY: &[(&str, &[u8])] = &include!(concat!(env!("OUT_DIR"), "/library.rs"));

/// Its YAML files as the compiler reads them: paths and packed trees, sorted by path.
static PACKED: &[(&str, &[u8])] = &include!(concat!(env!("OUT_DIR"), "/packed.rs"));

/// A project's folder and the library.
#[derive(Clone, Debug)]
pub struct Disk {
    root: PathBuf,
    asks_the_day: bool,
}

impl Disk {
    /// The files beside a spec; `root` is the folder of the spec.
    #[must_use]
    pub fn new(root: PathBuf) -> Disk {
        Disk {
            root,
            asks_the_day: false,
        }
    }

    /// From here on the world tells what day it is.
    pub fn asks_the_day(&mut self) {
        self.asks_the_day = true;
    }
}

impl Disk {
    /// Whether a file in a folder of the project is reached through a link that leads out of it. The spec itself may be
    /// a link: whoever made it meant it.
    fn leads_out(&self, path: &str) -> bool {
        // Most files are the library's: they are not there.
        if !path.contains('/') || !self.root.join(path).exists() {
            return false;
        }
        let real = |path: &Path| path.canonicalize().ok();
        match (real(&self.root.join(path)), real(&self.root)) {
            (Some(file), Some(root)) => !file.starts_with(root),
            (None, _) | (_, None) => false,
        }
    }
}

/// The library alone: no folder is read.
#[derive(Clone, Copy, Debug)]
pub struct Library;

impl World for Library {
    fn read(&self, path: &str) -> Option<Result<(Bytes, Shelf), String>> {
        embedded(path).map(|bytes| Ok((bytes.into(), Shelf::Library)))
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let names = embedded_names(folder.trim_end_matches('/'));
        let names: BTreeSet<String> = names.map(str::to_owned).collect();
        names.into_iter().collect()
    }

    fn packed(&self, path: &str) -> Option<&'static [u8]> {
        packed(path)
    }

    fn accepts(&self, spec: &Node) -> bool {
        crate::verdict::accepts(spec)
    }

    fn repository_path(&self) -> Option<String> {
        None
    }
}

impl World for Disk {
    fn read(&self, path: &str) -> Option<Result<(Bytes, Shelf), String>> {
        if !is_inside(path) {
            return Some(Err(format!("`{path}` leads out of the project")));
        }
        if self.leads_out(path) {
            return Some(Err("a link leads out of the project".to_owned()));
        }
        match fs::read(self.root.join(path)) {
            Ok(bytes) => Some(Ok((bytes.into(), Shelf::Project))),
            Err(error) if is_missing(&error) => {
                embedded(path).map(|bytes| Ok((bytes.into(), Shelf::Library)))
            }
            Err(error) => Some(Err(error.to_string())),
        }
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let folder = folder.trim_end_matches('/');
        let mut names: BTreeSet<String> = embedded_names(folder).map(str::to_owned).collect();
        if is_inside(folder) {
            names.extend(names_in(&self.root.join(folder)));
        }
        names.into_iter().collect()
    }

    fn packed(&self, path: &str) -> Option<&'static [u8]> {
        packed(path)
    }

    fn accepts(&self, spec: &Node) -> bool {
        crate::verdict::accepts(spec)
    }

    fn today(&self) -> Option<String> {
        // Builds that are to be repeated state their time by this variable.
        let stated = std::env::var("SOURCE_DATE_EPOCH").ok();
        let stated = stated.and_then(|seconds| seconds.parse().ok());
        let stated = stated.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
        let now = stated.unwrap_or_else(jiff::Timestamp::now);
        self.asks_the_day
            .then(|| now.strftime("%Y-%m-%d").to_string())
    }

    fn repository_path(&self) -> Option<String> {
        let root = self.root.canonicalize().ok()?;
        let top = root
            .ancestors()
            .find(|folder| folder.join(".git").exists())?;
        let below = root.strip_prefix(top).ok()?;
        let parts: Vec<_> = below
            .iter()
            .map(|part| part.to_string_lossy().into_owned())
            .collect();
        Some(parts.join("/"))
    }
}

/// The bytes of a file of the library.
pub(crate) fn embedded(path: &str) -> Option<&'static [u8]> {
    let at = LIBRARY
        .binary_search_by(|(name, _)| (*name).cmp(path))
        .ok()?;
    LIBRARY.get(at).map(|(_, bytes)| *bytes)
}

/// The packed tree of a YAML file of the library.
pub(crate) fn packed(path: &str) -> Option<&'static [u8]> {
    let at = PACKED
        .binary_search_by(|(name, _)| (*name).cmp(path))
        .ok()?;
    PACKED.get(at).map(|(_, bytes)| *bytes)
}

/// The next names below a folder of the library; a folder's ends in `/`.
pub(crate) fn embedded_names(folder: &str) -> impl Iterator<Item = &'static str> {
    let first = LIBRARY.partition_point(|(name, _)| *name < folder);
    LIBRARY
        .get(first..)
        .unwrap_or_default()
        .iter()
        .take_while(move |(name, _)| name.starts_with(folder))
        .filter_map(move |(name, _)| {
            let below = match folder {
                "" => name,
                folder => name.strip_prefix(folder)?.strip_prefix('/')?,
            };
            below.split_inclusive('/').next()
        })
}

/// The names in a folder of the project; a folder's ends in `/`, hidden ones are nobody's business.
fn names_in(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let named = |entry: fs::DirEntry| {
        let name = entry.file_name().into_string().ok()?;
        // A link counts as what it leads to.
        let is_folder = fs::metadata(entry.path()).ok()?.is_dir();
        (!name.starts_with('.')).then(|| name + if is_folder { "/" } else { "" })
    };
    entries.filter_map(Result::ok).filter_map(named).collect()
}

/// Whether a path stays in the project's folder.
pub(crate) fn is_inside(path: &str) -> bool {
    Path::new(path)
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

fn is_missing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use passes::template::compile;
    use syntax::parse::parse_one;
    use syntax::{Diagnostics, Origins, Sources};

    #[test]
    fn the_library_is_sorted_and_found() {
        assert!(LIBRARY.is_sorted());
        let disk = Disk::new(PathBuf::from("/nowhere"));
        for (name, bytes) in LIBRARY {
            let (found, shelf) = disk.read(name).unwrap().unwrap();
            assert_eq!((&*found, shelf), (*bytes, Shelf::Library));
        }
        assert!(disk.list("profiles").contains(&"homelab.yaml".to_owned()));
        assert!(disk.list("components/").contains(&"cilium/".to_owned()));
        assert_eq!(
            disk.list("components/flannel"),
            ["README.md", "component.yaml"]
        );
        assert_eq!(disk.list("comp"), Vec::<String>::new());
        assert!(disk.list("").contains(&"components/".to_owned()));
        assert!(disk.read("components").is_none());
    }

    #[test]
    fn every_expression_of_the_library_compiles() {
        let files = LIBRARY.iter().filter(|(name, _)| name.ends_with(".yaml"));
        for (name, bytes) in files {
            // Under a name that is not a built-in one's, what is never asked is compiled too.
            let (mut sources, mut origins) = (Sources::default(), Origins::default());
            let mut found = Diagnostics::default();
            let text = std::str::from_utf8(bytes).unwrap();
            let file = sources.add(name, text);
            let node = parse_one(file, text, &mut origins, &mut found).unwrap();
            let _ = compile(&node, &sources, &origins, &mut found);
            assert!(found.is_empty(), "{name}: {found:?}");
        }
    }

    #[test]
    fn the_project_hides_the_library() {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::new(folder.path().to_owned());
        fs::create_dir_all(folder.path().join("profiles/x")).unwrap();
        fs::write(folder.path().join("profiles/homelab.yaml"), "mine").unwrap();
        fs::write(folder.path().join("profiles/.hidden"), "").unwrap();
        let (bytes, shelf) = disk.read("profiles/homelab.yaml").unwrap().unwrap();
        assert_eq!((&*bytes, shelf), (b"mine".as_slice(), Shelf::Project));
        let names = disk.list("profiles");
        assert_eq!(
            names.iter().filter(|name| *name == "homelab.yaml").count(),
            1
        );
        assert!(names.contains(&"x/".to_owned()) && !names.contains(&".hidden".to_owned()));
        assert!(names.is_sorted());
        assert!(disk.read("profiles/x").unwrap().is_err());
        assert!(disk.read("../outside").unwrap().is_err());
        assert!(disk.read("/etc/passwd").unwrap().is_err());
        assert!(disk.read("missing").is_none());
    }

    #[test]
    fn the_repository_is_found_above() {
        let folder = tempfile::tempdir().unwrap();
        let spec = folder.path().join("a/b");
        fs::create_dir_all(&spec).unwrap();
        fs::create_dir(folder.path().join(".git")).unwrap();
        assert_eq!(
            Disk::new(spec.clone()).repository_path().as_deref(),
            Some("a/b")
        );
        assert_eq!(
            Disk::new(folder.path().to_owned())
                .repository_path()
                .as_deref(),
            Some("")
        );
        fs::write(folder.path().join("a/.git"), "gitdir: elsewhere").unwrap();
        assert_eq!(Disk::new(spec).repository_path().as_deref(), Some("b"));
    }
}
