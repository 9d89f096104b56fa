//! What a folder holds once Kustomize is through with it: its objects, each with the lines that they are from.

use super::extra::Extra;
use super::generate;
use super::patch::{Outcome, Patch};
use super::repo::{Repo, There, is_yaml};
use super::transform;
use super::tree::{join, parent, resolve};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use syntax::{Diagnostic, Diagnostics, Node};

/// Folders that include each other stop here.
const DEEPEST: usize = 40;

/// An object on its way to a cluster.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// The object, patched.
    pub(super) node: Node,
    /// The file that it is from.
    pub(super) file: usize,
    /// Whether Kustomize makes it: its name gets a suffix.
    pub(super) generated: bool,
}

/// What a folder holds.
#[derive(Clone, Debug, Default)]
pub(super) struct Built {
    /// Its objects.
    pub(super) items: Vec<Item>,
    /// Every YAML file that was read for it.
    pub(super) files: BTreeSet<usize>,
    /// Every other file that goes into it.
    pub(super) data: BTreeSet<String>,
}

/// Builds folders, each once.
pub(super) struct Kustomize<'r> {
    pub(super) repo: &'r Repo<'r>,
    memo: RefCell<BTreeMap<String, Rc<Built>>>,
    told: RefCell<Diagnostics>,
}

impl<'r> Kustomize<'r> {
    pub(super) fn new(repo: &'r Repo<'r>) -> Self {
        Kustomize {
            repo,
            memo: RefCell::default(),
            told: RefCell::default(),
        }
    }

    /// What was found on the way: each folder says it once.
    pub(super) fn into_told(self) -> Diagnostics {
        self.told.into_inner()
    }

    /// Builds a folder as it is.
    pub(super) fn folder(&self, folder: &str) -> Rc<Built> {
        self.nested(folder, 0)
    }

    fn nested(&self, folder: &str, depth: usize) -> Rc<Built> {
        if let Some(built) = self.memo.borrow().get(folder) {
            return Rc::clone(built);
        }
        let built = Rc::new(self.whole(folder, &Extra::default(), depth));
        let mut memo = self.memo.borrow_mut();
        memo.insert(folder.to_owned(), Rc::clone(&built));
        built
    }

    /// Builds a folder with what Flux adds to it.
    pub(super) fn with(&self, folder: &str, extra: &Extra) -> Built {
        self.whole(folder, extra, 0)
    }

    fn whole(&self, folder: &str, extra: &Extra, depth: usize) -> Built {
        let mut built = Built::default();
        if depth > DEEPEST {
            return built;
        }
        match self.repo.kustomization(folder) {
            Some((at, file)) => {
                built.files.insert(at);
                let Some(node) = file.node().filter(|_| file.broken.is_empty()) else {
                    return built;
                };
                self.kustomization(folder, node, at, extra, &mut built, depth);
            }
            None => {
                let (files, folders) = self.repo.below(folder);
                for at in files {
                    self.objects(at, &mut built);
                }
                for folder in folders {
                    append(&mut built, &self.nested(&folder, depth + 1));
                }
                self.doubles(&built.items);
                self.finish(folder, extra, &mut built, depth);
            }
        }
        built
    }

    fn kustomization(
        &self,
        folder: &str,
        node: &Node,
        at: usize,
        extra: &Extra,
        built: &mut Built,
        depth: usize,
    ) {
        for key in ["resources", "bases", "crds"] {
            for item in node.get(key).map_or(&[][..], Node::items) {
                self.resource(folder, item, built, depth);
            }
        }
        self.doubles(&built.items);
        for item in node.get("components").map_or(&[][..], Node::items) {
            self.component(folder, item, built, depth);
        }
        for component in &extra.components {
            self.component(folder, component, built, depth);
        }
        generate::generate(self.repo, folder, node, at, built);
        for problem in generate::missing(self.repo, folder, node) {
            self.tell(problem);
        }
        self.patch(&self.patches(folder, node, built), built);
        self.patch(&extra.patches, built);
        transform::transform(node, built);
        extra.transform(built);
        for key in [
            "configurations",
            "generators",
            "replacements",
            "transformers",
            "validators",
        ] {
            let listed = node.get(key).map_or(&[][..], Node::items).iter();
            let paths = listed.filter_map(|it| it.as_str().or_else(|| it.str_at(&["path"])));
            built
                .data
                .extend(paths.filter_map(|path| resolve(folder, path)));
        }
    }

    /// What Flux adds to a folder without a kustomization.
    fn finish(&self, folder: &str, extra: &Extra, built: &mut Built, depth: usize) {
        for component in &extra.components {
            self.component(folder, component, built, depth);
        }
        self.patch(&extra.patches, built);
        extra.transform(built);
    }

    /// One of `resources`: a file, a folder, or something elsewhere.
    fn resource(&self, folder: &str, item: &Node, built: &mut Built, depth: usize) {
        let Some(said) = item.as_str() else { return };
        if is_elsewhere(said) {
            return;
        }
        let Some(path) = resolve(folder, said) else {
            return;
        };
        if let Some((at, _)) = self.repo.find(&path) {
            self.objects(at, built);
            return;
        }
        match self.repo.there(&path) {
            There::Folder if self.repo.kustomization(&path).is_some() => {
                append(built, &self.nested(&path, depth + 1));
            }
            There::Folder => self.tell(no_kustomization(self.repo, item, &path)),
            There::Nothing => self.tell(nothing(self.repo, item, &path)),
            There::File if is_yaml(&path) => {}
            There::File => {
                built.data.insert(path);
            }
            There::Unknown => {}
        }
    }

    /// One of `components`: it works on all that is there.
    fn component(&self, folder: &str, item: &Node, built: &mut Built, depth: usize) {
        let Some(said) = item.as_str() else { return };
        let path = (!is_elsewhere(said))
            .then(|| resolve(folder, said))
            .flatten();
        let Some(path) = path.filter(|_| depth < DEEPEST) else {
            return;
        };
        let Some((at, file)) = self.repo.kustomization(&path) else {
            match self.repo.there(&path) {
                There::Nothing => self.tell(nothing(self.repo, item, &path)),
                There::Folder => self.tell(no_kustomization(self.repo, item, &path)),
                There::File | There::Unknown => {}
            }
            return;
        };
        built.files.insert(at);
        if let Some(node) = file.node().filter(|_| file.broken.is_empty()) {
            self.kustomization(&path, node, at, &Extra::default(), built, depth + 1);
        }
    }

    /// The objects of a file.
    fn objects(&self, at: usize, built: &mut Built) {
        let Some(file) = self.repo.files.get(at) else {
            return;
        };
        built.files.insert(at);
        built.items.extend(file.objects.iter().map(|node| Item {
            node: node.clone(),
            file: at,
            generated: false,
        }));
    }

    /// The patches of a kustomization, and the files that they are in.
    fn patches(&self, folder: &str, node: &Node, built: &mut Built) -> Vec<Patch> {
        let mut missing = Vec::new();
        let mut all = Vec::new();
        let mut used = BTreeSet::new();
        for key in ["patches", "patchesStrategicMerge", "patchesJson6902"] {
            for entry in node.get(key).map_or(&[][..], Node::items) {
                let said = entry.get("path").unwrap_or(entry);
                let read = |path: &str| -> Option<(usize, Vec<Node>)> {
                    let path = resolve(folder, path)?;
                    let (at, file) = self.repo.find(&path)?;
                    let nodes = file.documents.iter().map(|it| it.node.clone());
                    Some((at, nodes.collect()))
                };
                let path = said.as_str().filter(|path| !path.contains('\n'));
                if let Some((at, _)) = path.and_then(read) {
                    used.insert(at);
                } else if let Some(path) = path.and_then(|path| resolve(folder, path))
                    && entry.get("patch").is_none()
                    && self.repo.there(&path) == There::Nothing
                {
                    missing.push(nothing(self.repo, said, &path));
                }
                let file = |path: &str| read(path).map(|(_, nodes)| nodes).unwrap_or_default();
                all.extend(Patch::read(entry, &file));
            }
        }
        built.files.extend(used);
        missing.into_iter().for_each(|problem| self.tell(problem));
        all
    }

    fn patch(&self, patches: &[Patch], built: &mut Built) {
        for patch in patches {
            built
                .items
                .retain_mut(|item| patch.apply(&mut item.node) != Outcome::Gone);
        }
    }

    /// Two objects of one name: Kustomize refuses them.
    fn doubles(&self, items: &[Item]) {
        let mut seen: BTreeMap<[&str; 4], &Node> = BTreeMap::new();
        for item in items {
            let text = |path: &[&str]| item.node.str_at(path).unwrap_or_default();
            let namespace = text(&["metadata", "namespace"]);
            let name = text(&["metadata", "name"]);
            let namespace = if namespace == "default" {
                ""
            } else {
                namespace
            };
            let id = [text(&["apiVersion"]), text(&["kind"]), namespace, name];
            if name.is_empty() {
                continue;
            }
            let Some(first) = seen.get(&id) else {
                seen.insert(id, &item.node);
                continue;
            };
            let at = |node: &Node| {
                let name = node.at(&["metadata", "name"]).unwrap_or(node);
                self.repo.place(name.origin())
            };
            let message = format!("{} `{name}` is twice in one kustomization", text(&["kind"]));
            let problem = Diagnostic::error("two-owners", message)
                .at(at(&item.node), "a second time")
                .at(at(first), "the first");
            self.tell(problem.help("Kustomize refuses two objects of one name: take one out"));
        }
    }

    fn tell(&self, problem: Diagnostic) {
        self.told.borrow_mut().add(problem);
    }
}

fn append(built: &mut Built, other: &Built) {
    built.items.extend(other.items.iter().cloned());
    built.files.extend(&other.files);
    built.data.extend(other.data.iter().cloned());
}

/// Whether something is fetched from another place.
pub(super) fn is_elsewhere(said: &str) -> bool {
    said.contains("://")
        || said.contains("?ref=")
        || said.contains("${")
        || said.starts_with("git@")
        || said.starts_with("github.com/")
        || said.contains("//")
}

/// A path that leads to nothing.
pub(super) fn nothing(repo: &Repo<'_>, at: &Node, path: &str) -> Diagnostic {
    let message = format!("there is no `{path}`");
    let problem =
        Diagnostic::error("no-such-path", message).at(repo.place(at.origin()), "not there");
    let folder = parent(path);
    let siblings = repo.tree.files.range(join(folder, "")..);
    let inside = siblings.take_while(|other| parent(other).starts_with(folder));
    let names = inside
        .take(2000)
        .filter(|other| parent(other) == folder)
        .map(String::as_str);
    let folders = repo.tree.folders.iter().map(String::as_str);
    let folders = folders.filter(|other| parent(other) == folder);
    match syntax::suggest::nearest(path, names.chain(folders)) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help("mend the path, or take the line out"),
    }
}

fn no_kustomization(repo: &Repo<'_>, at: &Node, path: &str) -> Diagnostic {
    let message = format!("`{path}` has no `kustomization.yaml`");
    Diagnostic::error("no-such-path", message)
        .at(repo.place(at.origin()), "Kustomize can't read this folder")
        .help("add a `kustomization.yaml` there, or name the files")
}
