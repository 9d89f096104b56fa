//! What Flux's objects say: which folder of this repository a Kustomization applies, if it is one of this repository.

use super::repo::{Repo, There};
use super::tree::{join, resolve};
use std::collections::BTreeMap;
use syntax::Node;

/// The groups of Flux's kinds.
pub(super) const KUSTOMIZE: &str = "kustomize.toolkit.fluxcd.io";
pub(super) const HELM: &str = "helm.toolkit.fluxcd.io";
pub(super) const SOURCE: &str = "source.toolkit.fluxcd.io";

/// Whether an object is of a group and kind.
pub(super) fn is(node: &Node, group: &str, kind: &str) -> bool {
    node.str_at(&["kind"]) == Some(kind) && group_of(node) == group
}

/// The API group of an object; empty for the core.
pub(super) fn group_of(node: &Node) -> &str {
    let said = node.str_at(&["apiVersion"]).unwrap_or_default();
    said.rsplit_once('/').map_or("", |(group, _)| group)
}

/// Whether an object is a Kustomization of Flux that applies something.
pub(super) fn is_kustomization(node: &Node) -> bool {
    is(node, KUSTOMIZE, "Kustomization") && node.at(&["spec", "sourceRef"]).is_some()
}

/// Where a Kustomization looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Looks {
    /// In a folder that is here.
    Here(String),
    /// In a folder that should be here and is not.
    Missing(String),
    /// Somewhere else, or nobody knows.
    Elsewhere,
}

/// Which sources are this repository, and what is copied out of it.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// Kind and name of those that are this repository, and the folder that they begin in.
    own: BTreeMap<(String, String), String>,
    /// What each artifact that is made of this repository holds: its folders, by the folders here.
    artifacts: BTreeMap<String, Vec<(String, String)>>,
}

/// What is known of a source.
#[derive(Default)]
struct Known {
    url: Option<String>,
    /// The folders that are taken of it, but for its root.
    paths: Vec<String>,
    /// The folder in which most of them are, and how many.
    start: String,
    here: usize,
}

impl Sources {
    /// Finds out which sources are this repository: those whose Kustomizations name folders that are here.
    pub(super) fn read(repo: &Repo<'_>, kustomizations: &[&Node]) -> Sources {
        let mut known: BTreeMap<(String, String), Known> = BTreeMap::new();
        for node in kustomizations {
            let Some(key) = source(node) else { continue };
            let path = node.str_at(&["spec", "path"]).unwrap_or_default();
            let paths = &mut known.entry(key).or_default().paths;
            // The root is everywhere: it tells nothing.
            paths.extend(resolve("", path).filter(|path| !path.is_empty() && !path.contains("${")));
        }
        for (key, known) in &mut known {
            known.look(repo, key.0 == "OCIRepository" || key.0 == "Bucket");
        }
        for object in repo.files.iter().flat_map(|file| &file.objects) {
            let text = |path: &[&str]| object.str_at(path).unwrap_or_default().to_owned();
            let key = (text(&["kind"]), text(&["metadata", "name"]));
            if group_of(object) == SOURCE
                && let Some(known) = known.get_mut(&key)
            {
                let url = object
                    .at(&["spec", "url"])
                    .or_else(|| object.at(&["spec", "bucketName"]));
                known.url = url.and_then(Node::as_str).map(address);
            }
        }
        let main = known
            .iter()
            .max_by_key(|(key, it)| (it.here, key.1 == "flux-system"));
        let Some((main, url)) = main.map(|(key, it)| (key.clone(), it.url.clone())) else {
            return Sources::default();
        };
        let is_own = |key: &(String, String), it: &Known| {
            let is_likely = it.here > 0 && it.here * 2 >= it.paths.len();
            let other = it.url.as_ref();
            *key == main || other.map_or(is_likely, |other| Some(other) == url.as_ref())
        };
        let own = known.iter().filter(|(key, it)| is_own(key, it));
        let mut sources = Sources {
            own: own
                .map(|(key, it)| (key.clone(), it.start.clone()))
                .collect(),
            artifacts: BTreeMap::new(),
        };
        sources.artifacts = sources.copies(repo);
        sources
    }

    /// The folder here that a source has by a path; `None` for sources that are elsewhere.
    fn own(&self, repo: &Repo<'_>, key: &(String, String), path: &str) -> Option<String> {
        match self.own.get(key)?.as_str() {
            "" => repo.seen_here(path),
            start => {
                Some(join(start, &resolve("", path)?)).map(|it| it.trim_end_matches('/').to_owned())
            }
        }
    }

    /// What `ArtifactGenerator`s copy out of this repository.
    fn copies(&self, repo: &Repo<'_>) -> BTreeMap<String, Vec<(String, String)>> {
        let mut artifacts = BTreeMap::new();
        let objects = repo.files.iter().flat_map(|file| &file.objects);
        for object in objects.filter(|it| it.str_at(&["kind"]) == Some("ArtifactGenerator")) {
            let list = |node: &Node, key: &str| node.get(key).map_or(&[][..], Node::items).to_vec();
            let Some(spec) = object.get("spec") else {
                continue;
            };
            let sources = list(spec, "sources");
            let source = |alias: &str| {
                let mut sources = sources.iter();
                let node = sources.find(|it| it.str_at(&["alias"]) == Some(alias))?;
                let text = |key: &str| node.str_at(&[key]).map(str::to_owned);
                Some((text("kind")?, text("name")?))
            };
            for artifact in list(spec, "artifacts") {
                let copies = list(&artifact, "copy").into_iter().filter_map(|copy| {
                    let (alias, from) = folder_in(copy.str_at(&["from"])?)?;
                    let (_, to) = folder_in(copy.str_at(&["to"])?)?;
                    Some((to, self.own(repo, &source(alias)?, &from)?))
                });
                if let Some(name) = artifact.str_at(&["name"]) {
                    artifacts.insert(name.to_owned(), copies.collect());
                }
            }
        }
        artifacts
    }

    /// Where a Kustomization looks.
    pub(super) fn looks(&self, repo: &Repo<'_>, node: &Node) -> Looks {
        let Some(key) = source(node) else {
            return Looks::Elsewhere;
        };
        let path = node.str_at(&["spec", "path"]).unwrap_or("./");
        if path.contains("${") {
            return Looks::Elsewhere;
        }
        let folder = match key.0.as_str() {
            "ExternalArtifact" => self.copied(&key.1, path),
            _ => self.own(repo, &key, path),
        };
        let Some(folder) = folder else {
            return Looks::Elsewhere;
        };
        match repo.there(&folder) {
            There::Folder => Looks::Here(folder),
            There::Nothing | There::File => Looks::Missing(folder),
            There::Unknown => Looks::Elsewhere,
        }
    }

    /// The folder here that an artifact's folder is a copy of.
    fn copied(&self, artifact: &str, path: &str) -> Option<String> {
        let path = resolve("", path)?;
        let copies = self.artifacts.get(artifact)?;
        copies.iter().find_map(|(to, from)| {
            let rest = match to.as_str() {
                "" => Some(path.as_str()),
                to if path == to => Some(""),
                to => path.strip_prefix(to)?.strip_prefix('/'),
            }?;
            Some(match rest {
                "" => from.clone(),
                rest => join(from, rest),
            })
        })
    }
}

/// The kind and name of a Kustomization's source.
fn source(node: &Node) -> Option<(String, String)> {
    let source = node.at(&["spec", "sourceRef"])?;
    let kind = source.str_at(&["kind"])?.to_owned();
    Some((kind, source.str_at(&["name"])?.to_owned()))
}

/// `@alias/a/b/**` is the folder `a/b` of `alias`.
fn folder_in(said: &str) -> Option<(&str, String)> {
    let (alias, path) = said.strip_prefix('@')?.split_once('/')?;
    let path = path.trim_end_matches("**").trim_end_matches('/');
    let path = resolve("", path).filter(|path| !path.contains('*'))?;
    Some((alias, path))
}

impl Known {
    /// Finds where the folders are. What is built as an artifact may begin in a folder of the repository.
    fn look(&mut self, repo: &Repo<'_>, may_begin_below: bool) {
        let is_near = |path: &&String| may_begin_below && path.matches('/').count() < 2;
        let starts = repo
            .tree
            .folders
            .iter()
            .filter(|path| path.is_empty() || is_near(path));
        for start in starts {
            let here = |path: &&String| match start.as_str() {
                "" => repo
                    .seen_here(path)
                    .is_some_and(|path| repo.has_folder(&path)),
                start => repo.has_folder(&join(start, path)),
            };
            let here = self.paths.iter().filter(here).count();
            if here > self.here {
                self.start.clone_from(start);
                self.here = here;
            }
        }
    }
}

/// An address without what several ways of writing it differ in.
fn address(url: &str) -> String {
    let url = url.split_once("://").map_or(url, |(_, rest)| rest);
    let url = url.rsplit_once('@').map_or(url, |(_, rest)| rest);
    url.trim_end_matches('/')
        .trim_end_matches(".git")
        .replace(':', "/")
        .to_lowercase()
}

/// What Flux is told to begin with, beside Kustomizations: the `sync` of an instance, or of the values that make one.
pub(super) fn begins(node: &Node) -> Option<Node> {
    let namespace = node.str_at(&["metadata", "namespace"]);
    let sync = if node.str_at(&["kind"]) == Some("FluxInstance") {
        node.at(&["spec", "sync"])
    } else {
        let values = node.at(&["spec", "values"]).unwrap_or(node);
        values.at(&["instance", "sync"])
    }?;
    let (kind, path) = (sync.get("kind")?, sync.get("path")?);
    let origin = path.origin();
    let name = sync.str_at(&["name"]).or(namespace);
    let name = Node::string(name.unwrap_or("flux-system"), origin);
    let namespace = Node::string(namespace.unwrap_or("flux-system"), origin);
    let source = [("kind", kind.clone()), ("name", name.clone())];
    let spec = [
        ("path", path.clone()),
        ("sourceRef", Node::from_entries(source, origin)),
    ];
    let metadata = [("name", name), ("namespace", namespace)];
    let version = format!("{KUSTOMIZE}/v1");
    Some(Node::from_entries(
        [
            ("apiVersion", Node::string(version, origin)),
            ("kind", Node::string("Kustomization", origin)),
            ("metadata", Node::from_entries(metadata, origin)),
            ("spec", Node::from_entries(spec, origin)),
        ],
        origin,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_the_same_however_written() {
        let same = [
            "https://github.com/a/b.git",
            "ssh://git@github.com/a/b",
            "git@github.com:a/b.git",
            "https://GitHub.com/A/b/",
        ];
        for url in same {
            assert_eq!(address(url), "github.com/a/b", "{url}");
        }
        let folder = |said: &str| folder_in(said).map(|(_, folder)| folder);
        assert_eq!(
            folder("@monorepo/apps/base/**").as_deref(),
            Some("apps/base")
        );
        assert_eq!(folder("@artifact/").as_deref(), Some(""));
    }
}
