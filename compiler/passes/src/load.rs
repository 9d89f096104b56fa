//! Reading: the spec and every file that it names become trees. The only phase that asks the World.

mod mixin;
mod outline;
mod rules;

pub use rules::own_rules;

use crate::apps::Patterns;
use crate::built_in::trees;
use crate::component::Component;
use crate::lower;
use crate::rules::OwnRule;
use crate::sealed::{self, Sealed};
use crate::world::{Shelf, World};
use std::borrow::Cow;
use std::collections::BTreeMap;
use syntax::decode::decode;
use syntax::parse::{Apart, parse_one};
use syntax::source::BUILT_IN;
use syntax::{Diagnostic, Diagnostics, FileId, Map, Node, OriginId, Origins, Sources, Text};

/// The compiler's own level, below every profile.
pub const DEFAULTS: &str = "profiles/defaults.yaml";

/// Everything that was read.
#[derive(Debug)]
pub struct Loaded {
    /// The texts.
    pub sources: Sources,
    /// Where each value stands.
    pub origins: Origins,
    /// The spec; `None` where it can't be read at all.
    pub spec: Option<Node>,
    /// The compiler's own level.
    pub defaults: Node,
    /// The profile's level.
    pub profile: Node,
    /// The component versions stated beside the spec, as a level.
    pub versions: Node,
    /// The library, the project's own components hiding built-in ones.
    pub components: BTreeMap<Text, Component>,
    /// The profiles there are.
    pub profiles: Vec<String>,
    /// Sealed files by cluster.
    pub sealed: BTreeMap<Text, Vec<Sealed>>,
    /// For whom SOPS seals, `.sops.yaml` beside the spec; `None` where it is not there or not readable.
    pub sops: Option<Node>,
    /// Tables that cluster templates name, by path.
    pub tables: BTreeMap<Text, Node>,
    /// The path of the spec's folder inside its Git repository.
    pub repository_path: Option<String>,
    /// The shapes of the targets.
    pub shapes: lower::Templates,
    /// The patterns of apps.
    pub patterns: Patterns,
    /// The rules that the project brings itself.
    pub own_rules: Vec<OwnRule>,
    /// The day, where the world tells it.
    pub today: Option<String>,
}

/// Reads the spec and all that it names.
pub fn load(world: &dyn World, spec: &str, found: &mut Diagnostics) -> Loaded {
    let mut loader = Loader::new(world, found);
    let text = loader.source(spec);
    let parse = || text.map(|(file, text, _)| Apart::parse(file, &text));
    // The library needs nothing of the spec, and takes as long.
    let (parsed, library) = rayon::join(parse, || loader.library());
    let (mut components, shapes, patterns) = library;
    let spec_node = parsed.and_then(|it| it.join(&mut loader.origins, loader.found));
    if spec_node.is_none() && !loader.found.has_errors() {
        let missing = Diagnostic::error("no-spec", format!("there is no `{spec}` here"));
        loader
            .found
            .add(missing.help("write a starter with `formwork init`, or name the spec's path"));
    }
    let empty = || Node::map(Map::default(), OriginId::default());
    let defaults = loader.yaml(DEFAULTS).unwrap_or_else(empty);
    let profiles = loader.profiles();
    let profile = spec_node
        .as_ref()
        .and_then(|spec| loader.profile(spec, &profiles))
        .unwrap_or_else(empty);
    let versions = loader.versions();
    let levels = spec_node.iter().chain([&defaults, &profile]);
    loader.outlines(levels.flat_map(outline::wanted).collect(), &mut components);
    let tables = spec_node
        .as_ref()
        .map(|spec| loader.tables(spec))
        .unwrap_or_default();
    let own_rules = loader.own_rules();
    let sealed = sealed::load(world, &mut loader.sources, loader.found);
    let sops = loader.sops();
    let Loader {
        sources, origins, ..
    } = loader;
    let repository_path = world.repository_path();
    Loaded {
        sources,
        origins,
        spec: spec_node,
        defaults,
        profile,
        versions,
        components,
        profiles,
        sealed,
        sops,
        tables,
        repository_path,
        shapes,
        patterns,
        own_rules,
        today: world.today(),
    }
}

/// Reads the library alone.
pub fn library(
    world: &dyn World,
    found: &mut Diagnostics,
) -> (BTreeMap<Text, Component>, Vec<String>) {
    let mut loader = Loader::new(world, found);
    let profiles = loader.profiles();
    (loader.components(), profiles)
}

struct Loader<'a> {
    world: &'a dyn World,
    sources: Sources,
    origins: Origins,
    found: &'a mut Diagnostics,
    folders: BTreeMap<String, Vec<String>>,
}

impl<'a> Loader<'a> {
    fn new(world: &'a dyn World, found: &'a mut Diagnostics) -> Self {
        Loader {
            world,
            sources: Sources::default(),
            origins: Origins::default(),
            found,
            folders: BTreeMap::new(),
        }
    }
}

impl Loader<'_> {
    /// A text file; `None` where there is none or it can't be read, which is reported.
    fn text(&mut self, path: &str) -> Option<(Cow<'static, str>, Shelf)> {
        let (bytes, shelf) = match self.world.read(path)? {
            Ok(read) => read,
            Err(problem) => {
                self.found.add(Diagnostic::error(
                    "unreadable",
                    format!("`{path}` can't be read: {problem}"),
                ));
                return None;
            }
        };
        let text = match bytes {
            Cow::Borrowed(bytes) => decode(bytes).map(Cow::Borrowed),
            Cow::Owned(bytes) => decode(&bytes).map(|text| Cow::Owned(text.to_owned())),
        };
        match text {
            Ok(text) => Some((text, shelf)),
            Err(mut problem) => {
                problem.message = format!("`{path}`: {}", problem.message);
                self.found.add(problem);
                None
            }
        }
    }

    /// A YAML file of one document.
    fn yaml(&mut self, path: &str) -> Option<Node> {
        self.shelved(path).map(|(node, _)| node)
    }

    /// What SOPS is told. What it can't read itself is its own to say.
    fn sops(&mut self) -> Option<Node> {
        let (file, text, _) = self.source(sealed::SOPS)?;
        let mut unread = Diagnostics::default();
        parse_one(file, &text, &mut self.origins, &mut unread)
    }

    /// A YAML file of one document, and where it was found.
    fn shelved(&mut self, path: &str) -> Option<(Node, Shelf)> {
        self.all(&[path]).pop()?
    }

    /// YAML files of one document each, and where each was found.
    fn all<P: AsRef<str>>(&mut self, paths: &[P]) -> Vec<Option<(Node, Shelf)>> {
        let read = paths.iter().map(|path| self.source(path.as_ref()));
        let read: Vec<Option<(FileId, Cow<'static, str>, Shelf)>> = read.collect();
        let files = paths.iter().zip(&read).filter_map(|(path, read)| {
            let (file, text, shelf) = read.as_ref()?;
            let packed = self.world.packed(path.as_ref());
            let packed = packed.filter(|_| *shelf == Shelf::Library);
            Some((*file, &**text, packed))
        });
        let files: Vec<_> = files.collect();
        let mut trees = trees(&files, &mut self.origins, self.found).into_iter();
        let shelved = read.iter().map(|read| {
            let (_, _, shelf) = read.as_ref()?;
            Some((trees.next()??, *shelf))
        });
        shelved.collect()
    }

    /// A text that joins the sources.
    fn source(&mut self, path: &str) -> Option<(FileId, Cow<'static, str>, Shelf)> {
        let (text, shelf) = self.text(path)?;
        let file = self.sources.add_text(&shown(path, shelf), text.clone());
        Some((file, text, shelf))
    }

    /// The names in a folder, asked for once.
    fn listed(&mut self, folder: &str) -> &[String] {
        let list = || self.world.list(folder);
        self.folders.entry(folder.to_owned()).or_insert_with(list)
    }

    fn profiles(&self) -> Vec<String> {
        let names = self.world.list("profiles");
        let names = names.iter().filter_map(|name| name.strip_suffix(".yaml"));
        names
            .filter(|name| *name != "defaults")
            .map(str::to_owned)
            .collect()
    }

    fn profile(&mut self, spec: &Node, known: &[String]) -> Option<Node> {
        let stated = spec.get("profile")?;
        let name = stated.as_str()?;
        if known.iter().any(|profile| profile == name) {
            return self.yaml(&format!("profiles/{name}.yaml"));
        }
        let place = self.origins.place(stated.origin());
        let near = syntax::suggest::nearest(name, known.iter().map(String::as_str));
        let mut problem =
            Diagnostic::error("unknown-profile", format!("there is no profile `{name}`"))
                .at(place, "not a profile")
                .help(match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!(
                        "there are: {}; your own go into `profiles/NAME.yaml` beside the spec",
                        known.join(", ")
                    ),
                });
        if let (Some(near), Some(span)) = (near, place) {
            problem = problem.fix(span, near);
        }
        self.found.add(problem);
        None
    }

    /// `versions.yaml` beside the spec, as a level of settings.
    fn versions(&mut self) -> Node {
        let mut components = Map::default();
        let mut origin = OriginId::default();
        if let Some(node) = self.yaml("versions.yaml") {
            origin = node.origin();
            for entry in node.entries() {
                if entry.value.as_str().is_none() {
                    self.found.add(
                        Diagnostic::error(
                            "wrong-type",
                            format!("the version of `{}` must be a string", entry.key),
                        )
                        .at(
                            self.origins.place(entry.value.origin()),
                            entry.value.kind_name(),
                        )
                        .help("write `NAME: \"VERSION\"`, one line each"),
                    );
                    continue;
                }
                let version =
                    Node::from_entries([("version", entry.value.clone())], entry.key_origin);
                components.set(entry.key.clone(), entry.key_origin, version);
            }
        }
        Node::from_entries([("components", Node::map(components, origin))], origin)
    }

    /// The components, the shapes of targets and the patterns of apps.
    fn library(&mut self) -> (BTreeMap<Text, Component>, lower::Templates, Patterns) {
        let components = self.components();
        let (sources, origins) = (&mut self.sources, &mut self.origins);
        let shapes = lower::shapes(sources, origins, self.found);
        let patterns = Patterns::load(sources, origins, self.found);
        (components, shapes, patterns)
    }

    fn components(&mut self) -> BTreeMap<Text, Component> {
        let listed = self.world.list("components");
        let folders: Vec<&str> = listed
            .iter()
            .filter_map(|it| it.strip_suffix('/'))
            .collect();
        let files = folders
            .iter()
            .map(|folder| format!("components/{folder}/component.yaml"));
        let nodes = self.all(&files.collect::<Vec<_>>());
        let mut components = Vec::new();
        for (folder, node) in folders.into_iter().zip(nodes) {
            if let Some((node, shelf)) = node {
                let read = Component::read(folder, node, shelf, &self.origins, self.found);
                components.extend(read);
            }
        }
        self.mixins(&mut components);
        let named = components
            .into_iter()
            .map(|component| (component.name.clone(), component));
        named.collect()
    }

    /// The tables that `from:` names.
    fn tables(&mut self, spec: &Node) -> BTreeMap<Text, Node> {
        let mut tables = BTreeMap::new();
        for entry in spec.get("clusters").map_or(&[][..], Node::entries) {
            let Some(from) = entry.value.get("from") else {
                continue;
            };
            let Some(path) = from.as_str() else { continue };
            match self.text(path) {
                Some((text, _)) => {
                    let file = self.sources.add(path, &text);
                    let table =
                        crate::resolve::rows::csv(file, &text, &mut self.origins, self.found);
                    tables.insert(path.into(), table);
                }
                None => self.found.add(
                    Diagnostic::error(
                        "no-table",
                        format!("there is no table `{path}` beside the spec"),
                    )
                    .at(self.origins.place(from.origin()), "this file"),
                ),
            }
        }
        tables
    }
}

/// A path as findings show it.
fn shown(path: &str, shelf: Shelf) -> String {
    match shelf {
        Shelf::Library => format!("{BUILT_IN}{path}"),
        Shelf::Project => path.to_owned(),
    }
}
