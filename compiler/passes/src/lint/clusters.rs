//! The clusters of a repository: where Flux begins in each, and everything that it comes to from there.

use super::extra::Extra;
use super::file::File;
use super::flux::{self, Looks, Sources};
use super::graph::Referenced;
use super::kustomize::{Built, Item, Kustomize};
use super::repo::Repo;
use super::substitute::{Said, Variables};
use super::tree::parent;
use std::collections::{BTreeMap, BTreeSet};
use syntax::Node;

/// More Kustomizations than this are of no cluster that people write.
const MOST: usize = 5000;

/// What one Kustomization of Flux applies.
#[derive(Debug)]
pub(super) struct Unit {
    /// Its namespace and name.
    pub(super) id: (String, String),
    /// The Kustomization, patched.
    pub(super) node: Node,
    /// Where it looks.
    pub(super) looks: Looks,
    /// Its objects, as they are applied.
    pub(super) items: Vec<Item>,
    /// Its variables.
    pub(super) variables: Variables,
    /// The unit that applies it.
    pub(super) parent: Option<usize>,
}

/// A cluster.
#[derive(Debug, Default)]
pub(super) struct Cluster {
    /// Everything that is applied.
    pub(super) units: Vec<Unit>,
    /// Whether it is known where Flux begins: what is not found does not exist.
    pub(super) is_known: bool,
    /// The files that go into it.
    pub(super) files: BTreeSet<usize>,
    /// Other files that go into it.
    pub(super) data: BTreeSet<String>,
}

/// A Kustomization as it stands in a file.
struct Start {
    node: Node,
    file: usize,
    folder: Option<String>,
    /// Whether Flux is told to begin here.
    is_told: bool,
}

/// Finds the clusters.
pub(super) fn find(repo: &Repo<'_>, kustomize: &Kustomize<'_>) -> Vec<Cluster> {
    let starts = starts(repo);
    let nodes: Vec<&Node> = starts.iter().map(|start| &start.0).collect();
    let sources = Sources::read(repo, &nodes);
    let starts: Vec<Start> = starts
        .into_iter()
        .map(|(node, file, is_told)| Start {
            folder: match sources.looks(repo, &node) {
                Looks::Here(folder) => Some(folder),
                // Flux is told so by what is no Kustomization yet: its source has no other.
                _ if is_told => {
                    let path = node.str_at(&["spec", "path"]);
                    path.and_then(|it| repo.seen_here(it))
                        .filter(|it| repo.has_folder(it))
                }
                Looks::Missing(_) | Looks::Elsewhere => None,
            },
            node,
            file,
            is_told,
        })
        .collect();
    let holds: Vec<BTreeSet<usize>> = starts
        .iter()
        .map(|start| held(kustomize, start, &starts))
        .collect();
    let roots = roots(repo, &starts, &holds);
    let finder = Finder {
        repo,
        kustomize,
        sources: &sources,
        starts: &starts,
        holds: &holds,
    };
    roots
        .iter()
        .map(|(is_known, roots)| finder.cluster(roots, *is_known))
        .collect()
}

/// Every Kustomization, and everything else by which Flux is told where to begin.
fn starts(repo: &Repo<'_>) -> Vec<(Node, usize, bool)> {
    let mut all = Vec::new();
    let mut told: BTreeSet<String> = BTreeSet::new();
    for (at, file) in repo.files.iter().enumerate() {
        for object in file.objects.iter().filter(|it| flux::is_kustomization(it)) {
            all.push((object.clone(), at, false));
        }
        for document in &file.documents {
            let Some(node) = flux::begins(&document.node) else {
                continue;
            };
            let path = node.str_at(&["spec", "path"]).unwrap_or_default();
            if repo.seen_here(path).is_some_and(|path| told.insert(path)) {
                all.push((node, at, true));
            }
        }
    }
    all
}

/// The Kustomizations in the folder of another.
fn held(kustomize: &Kustomize<'_>, start: &Start, all: &[Start]) -> BTreeSet<usize> {
    let Some(folder) = &start.folder else {
        return BTreeSet::new();
    };
    let built = kustomize.folder(folder);
    let inside = all.iter().enumerate();
    inside
        .filter(|(_, other)| !other.is_told && built.files.contains(&other.file))
        .map(|(at, _)| at)
        .collect()
}

/// The Kustomizations that begin a cluster, and whether that is known for sure.
fn roots(repo: &Repo<'_>, starts: &[Start], holds: &[BTreeSet<usize>]) -> Vec<(bool, Vec<usize>)> {
    let mut roots = Vec::new();
    let mut reached = BTreeSet::new();
    let is_held = |at: usize| {
        let mut others = holds.iter().enumerate();
        others.any(|(other, held)| other != at && held.contains(&at))
    };
    let holds_itself = |at: usize| holds.get(at).is_some_and(|held| held.contains(&at));
    let told = |at: &usize| {
        starts
            .get(*at)
            .is_some_and(|start| start.is_told && start.folder.is_some())
    };
    let every = || 0..starts.len();
    let known = every().filter(told);
    let known: Vec<usize> = known
        .chain(every().filter(|at| holds_itself(*at) && !is_held(*at)))
        .collect();
    for at in known {
        if reached.contains(&at) {
            continue;
        }
        reach(at, holds, &mut reached);
        roots.push((true, vec![at]));
    }
    // Those that nothing applies: whoever applies them by hand does so folder by folder.
    let mut loose: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let others = every().filter(|at| !reached.contains(at) && (!is_held(*at) || holds_itself(*at)));
    for at in others {
        let file = starts.get(at).and_then(|start| repo.files.get(start.file));
        let folder = file.map_or("", |file| parent(&file.path));
        loose.entry(folder).or_default().push(at);
    }
    roots.extend(loose.into_values().map(|starts| (false, starts)));
    roots
}

fn reach(at: usize, holds: &[BTreeSet<usize>], reached: &mut BTreeSet<usize>) {
    if reached.insert(at) {
        let inside = holds.get(at).into_iter().flatten();
        inside.for_each(|at| reach(*at, holds, reached));
    }
}

struct Finder<'r> {
    repo: &'r Repo<'r>,
    kustomize: &'r Kustomize<'r>,
    sources: &'r Sources,
    starts: &'r [Start],
    holds: &'r [BTreeSet<usize>],
}

impl Finder<'_> {
    fn cluster(&self, roots: &[usize], is_known: bool) -> Cluster {
        let mut cluster = Cluster {
            is_known,
            ..Cluster::default()
        };
        let said = self.said(roots);
        let mut seen = BTreeSet::new();
        let mut queue: Vec<(Node, Option<usize>)> = Vec::new();
        for start in roots.iter().filter_map(|at| self.starts.get(*at)) {
            cluster.files.insert(start.file);
            queue.push((start.node.clone(), None));
        }
        let mut next = 0;
        while let Some((node, parent)) = queue.get(next).cloned() {
            next += 1;
            let id = id(&node);
            if cluster.units.len() > MOST || !seen.insert(id.clone()) {
                continue;
            }
            let unit = self.unit(id, node, parent, &said, &mut cluster);
            let children = unit
                .items
                .iter()
                .filter(|it| flux::is_kustomization(&it.node));
            let at = cluster.units.len();
            queue.extend(children.map(|item| (item.node.clone(), Some(at))));
            cluster.units.push(unit);
        }
        cluster
    }

    fn unit(
        &self,
        id: (String, String),
        node: Node,
        parent: Option<usize>,
        said: &Said,
        cluster: &mut Cluster,
    ) -> Unit {
        let variables = Variables::read(&node, said);
        let mut looks = self.sources.looks(self.repo, &node);
        let told = self
            .starts
            .iter()
            .find(|start| start.is_told && start.node == node);
        if let Some(folder) = told.and_then(|start| start.folder.clone()) {
            looks = Looks::Here(folder);
        }
        let extra = node.get("spec").map(Extra::read).unwrap_or_default();
        let mut built = match &looks {
            Looks::Here(folder) => self.kustomize.with(folder, &extra),
            Looks::Missing(_) | Looks::Elsewhere => Built::default(),
        };
        for item in &mut built.items {
            variables.fill(&mut item.node);
        }
        cluster.files.extend(&built.files);
        cluster.data.append(&mut built.data);
        Unit {
            id,
            node,
            looks,
            items: built.items,
            variables,
            parent,
        }
    }

    /// What ConfigMaps and Secrets of a cluster say.
    fn said(&self, roots: &[usize]) -> Said {
        let mut reached = BTreeSet::new();
        for root in roots {
            reach(*root, self.holds, &mut reached);
        }
        let starts = reached.iter().filter_map(|at| self.starts.get(*at));
        let folders: BTreeSet<&String> = starts.filter_map(|start| start.folder.as_ref()).collect();
        let mut said = Said::default();
        let mut seen = BTreeSet::new();
        for folder in folders {
            for item in &self.kustomize.folder(folder).items {
                let name = item.node.at(&["metadata", "name"]).map(Node::origin);
                if seen.insert(name) {
                    said.add(item);
                }
            }
        }
        said
    }
}

/// The namespace and name of an object.
pub(super) fn id(node: &Node) -> (String, String) {
    let text = |key: &str| {
        node.str_at(&["metadata", key])
            .unwrap_or_default()
            .to_owned()
    };
    (text("namespace"), text("name"))
}

/// The objects that no cluster has, built as far as their folders say how.
pub(super) fn rest(
    repo: &Repo<'_>,
    kustomize: &Kustomize<'_>,
    referenced: &mut Referenced,
) -> Vec<Item> {
    let used = referenced.files.clone();
    let mut seen = used.clone();
    let mut items = Vec::new();
    let listed = listed(repo);
    let tops = repo.files.iter().enumerate().filter(|(at, file)| {
        let is_top = file.is_kustomization() && !listed.contains(parent(&file.path));
        is_top && !seen.contains(at)
    });
    let tops: Vec<&File> = tops.map(|(_, file)| file).collect();
    for file in tops {
        let built = kustomize.folder(parent(&file.path));
        seen.extend(&built.files);
        referenced.data.extend(built.data.iter().cloned());
        // What a component adds is whole only with what it is added to.
        if file.node().and_then(|node| node.str_at(&["kind"])) != Some("Component") {
            let inside = built.items.iter().filter(|item| !used.contains(&item.file));
            items.extend(inside.cloned());
        }
    }
    for (at, file) in repo.files.iter().enumerate() {
        let is_data = referenced.data.contains(&file.path);
        if !seen.contains(&at) && !is_data && !file.is_kustomization() {
            items.extend(file.objects.iter().map(|node| Item {
                node: node.clone(),
                file: at,
                generated: false,
            }));
        }
    }
    referenced.files = seen;
    items
}

/// The folders that some kustomization names.
fn listed(repo: &Repo<'_>) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for file in repo.files.iter().filter(|file| file.is_kustomization()) {
        let Some(node) = file.node() else { continue };
        let keys = ["resources", "bases", "components"].iter();
        for item in keys.filter_map(|key| node.get(key)).flat_map(Node::items) {
            let said = item.as_str().unwrap_or_default();
            all.extend(super::tree::resolve(parent(&file.path), said));
        }
    }
    all
}
