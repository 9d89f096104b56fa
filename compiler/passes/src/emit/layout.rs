//! Which object goes to which path, and what each folder's `kustomization.yaml` says.

use crate::evaluate::Enabled;
use crate::lower::kubernetes::NAMESPACES;
use crate::resolve::Platform;
use crate::resolve::cluster::Cluster;
use model::object::Object;
use std::collections::BTreeMap;
use syntax::{Map, Node, OriginId, Origins, Text};

/// The output folder where nothing else is said, beside the spec.
pub const DEFAULT_FOLDER: &str = "generated";

/// The path of the output inside the Git repository: `source.path`, else found from the repository.
pub fn repository_path(platform: &Platform, settings: &Node, origins: &mut Origins) -> Node {
    if let Some(path) = settings.at(&["source", "path"]) {
        let text = path
            .as_str()
            .unwrap_or_default()
            .trim_start_matches("./")
            .trim_matches('/');
        return Node::string(text, path.origin());
    }
    let origin = origins.rule("source/path", &[]);
    match platform.repository_path.as_deref() {
        Some(folder) if !folder.is_empty() => {
            Node::string(ecow::eco_format!("{folder}/{DEFAULT_FOLDER}"), origin)
        }
        Some(_) | None => Node::string(DEFAULT_FOLDER, origin),
    }
}

/// The file name of each object of a folder: short, stable, and none twice.
#[must_use]
pub fn file_names(folder: &str, objects: &[&Object]) -> Vec<String> {
    let is_flux = folder.ends_with("/flux");
    let short: Vec<String> = objects
        .iter()
        .map(|object| short_name(object, is_flux))
        .collect();
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for name in &short {
        *count.entry(name).or_default() += 1;
    }
    let unique = |(name, object): (&String, &&Object)| {
        if count.get(name.as_str()).copied().unwrap_or(0) < 2 {
            return name.clone();
        }
        let id = &object.id;
        let group = id.group.split('.').next().unwrap_or_default();
        file_name(&[&id.kind, group, &id.namespace, &id.name])
    };
    short.iter().zip(objects).map(unique).collect()
}

fn short_name(object: &Object, is_flux: bool) -> String {
    let id = &object.id;
    match (id.group.as_str(), id.kind.as_str()) {
        ("kustomize.toolkit.fluxcd.io", "Kustomization") if is_flux => file_name(&[&id.name]),
        ("helm.toolkit.fluxcd.io", "HelmRelease") => "release.yaml".to_owned(),
        ("kustomize.toolkit.fluxcd.io", "Kustomization") => "manifests.yaml".to_owned(),
        ("source.toolkit.fluxcd.io", _) => "source.yaml".to_owned(),
        _ => file_name(&[&id.kind, &id.name]),
    }
}

/// Words of a file name, in lower case, with what file systems and shells mind replaced.
fn file_name(words: &[&str]) -> String {
    let mut name = String::new();
    for word in words.iter().filter(|word| !word.is_empty()) {
        if !name.is_empty() {
            name.push('-');
        }
        let plain = |c: char| {
            if c.is_ascii_alphanumeric() || c == '.' || c == '-' {
                c.to_ascii_lowercase()
            } else {
                '_'
            }
        };
        name.extend(word.chars().map(plain));
    }
    name.push_str(".yaml");
    name
}

/// A folder's `kustomization.yaml`, with its files and the labels that all of its objects share, and why it is there.
///
/// Labels stand here and not on each object, so that clusters which agree have identical files.
pub fn kustomization(
    cluster: &Cluster<'_>,
    folder: &str,
    files: &[(String, OriginId)],
    origins: &mut Origins,
) -> (Node, OriginId) {
    let unit = folder.rsplit('/').next().unwrap_or_default();
    let owner = owner(cluster, unit);
    let owned_by = owner.map(|owner| owner.because);
    let because = listing(cluster.because, owned_by, files, origins);
    let reads: Vec<OriginId> = [cluster.because].into_iter().chain(owned_by).collect();
    let origin = origins.rule("emit/kustomization", &reads);
    let text = |value: &str| Node::string(value, origin);
    let pairs = labels(cluster, owner, origin);
    let labels = Node::from_entries(
        [
            ("includeSelectors", Node::bool(false, origin)),
            ("pairs", Node::map(pairs, origin)),
        ],
        origin,
    );
    let resources = files
        .iter()
        .map(|(file, because)| Node::string(file.as_str(), *because));
    let mut node = Node::from_entries(
        [
            ("apiVersion", text("kustomize.config.k8s.io/v1beta1")),
            ("kind", text("Kustomization")),
            ("labels", Node::list([labels], origin)),
            ("resources", Node::list(resources, origin)),
        ],
        origin,
    );
    if let Some(map) = node.as_map_mut() {
        for other in otherwise(cluster, unit) {
            map.notes_mut().absent.push(("resources".into(), other));
        }
    }
    (node, because)
}

/// The component or app that a unit belongs to.
fn owner<'c, 'p>(cluster: &'c Cluster<'p>, unit: &str) -> Option<&'c Enabled<'p>> {
    let mut all = cluster.components.iter();
    let exact = all.clone().find(|c| c.name == unit);
    exact.or_else(|| {
        all.find(|c| {
            unit.strip_prefix(c.name.as_str())
                .is_some_and(|rest| rest.starts_with("-config"))
        })
    })
}

/// The settings by which other files would be listed in the folder of a unit.
fn otherwise(cluster: &Cluster<'_>, unit: &str) -> Vec<OriginId> {
    match unit {
        "flux" => {
            let choices = cluster.choices.entries().iter();
            choices.map(|choice| choice.value.origin()).collect()
        }
        NAMESPACES => {
            let quotas = cluster.at(&["security", "quotas"]);
            quotas.map(Node::origin).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// The labels that a folder's `kustomization.yaml` puts on its objects, whatever they came from.
#[must_use]
pub fn shared_labels(cluster: &Cluster<'_>, folder: &str) -> Node {
    let unit = folder.rsplit('/').next().unwrap_or_default();
    let origin = OriginId::default();
    Node::map(labels(cluster, owner(cluster, unit), origin), origin)
}

/// The labels of a folder's objects.
fn labels(cluster: &Cluster<'_>, owner: Option<&Enabled<'_>>, origin: OriginId) -> Map {
    let mut pairs = Map::default();
    let part_of = cluster
        .platform
        .spec
        .get("name")
        .map_or(origin, Node::origin);
    pairs.set(
        "app.kubernetes.io/managed-by",
        origin,
        Node::string("formwork", origin),
    );
    pairs.set(
        "app.kubernetes.io/part-of",
        origin,
        Node::string(cluster.platform.name.clone(), part_of),
    );
    pairs.set(
        "formwork.dev/cluster",
        origin,
        Node::string(cluster.name.clone(), cluster.because),
    );
    if let Some(tier) = cluster.at(&["tier"]) {
        pairs.set("formwork.dev/tier", origin, tier.clone());
    }
    match owner.map(|owner| (owner, owner.app.as_ref())) {
        Some((_, Some(app))) => {
            let shared = ["app.kubernetes.io/name", "app.kubernetes.io/instance"];
            let labels = app.get("labels").map_or(&[][..], Node::entries).iter();
            let shared = labels.filter(|label| shared.contains(&label.key.as_str()));
            let owners = app.get("owners").map_or(&[][..], Node::entries);
            for label in shared.chain(owners) {
                pairs.set(label.key.clone(), label.key_origin, label.value.clone());
            }
        }
        Some((owner, None)) => pairs.set(
            "formwork.dev/component",
            origin,
            Node::string(owner.name.clone(), owner.because),
        ),
        None => {}
    }
    pairs
}

/// Why a folder is listed: its cluster, its component, and its files where nothing else makes it.
fn listing(
    cluster: OriginId,
    owned_by: Option<OriginId>,
    files: &[(String, OriginId)],
    origins: &mut Origins,
) -> OriginId {
    let mut reads = vec![cluster];
    reads.extend(owned_by);
    if owned_by.is_none() || files.len() == 1 {
        reads.extend(files.iter().map(|(_, because)| *because));
    }
    origins.rule("emit/kustomization", &reads)
}

/// The order of keys that people expect at the head of an object.
const HEAD: [&str; 6] = [
    "apiVersion",
    "kind",
    "metadata",
    "spec",
    "data",
    "stringData",
];

/// Puts an object's first keys into the order that people expect.
#[must_use]
pub fn ordered(node: &Node) -> Node {
    let Some(map) = node.as_map() else {
        return node.clone();
    };
    let place = |key: &Text| {
        HEAD.iter()
            .position(|head| head == key)
            .unwrap_or(HEAD.len())
    };
    let sorted = map.entries().windows(2).all(|pair| match pair {
        [a, b] => place(&a.key) <= place(&b.key),
        _ => true,
    });
    if sorted {
        return node.clone();
    }
    let mut entries = map.entries().to_vec();
    entries.sort_by_key(|entry| place(&entry.key));
    let mut sorted = Map::with_capacity(entries.len());
    for entry in entries {
        sorted.push(entry);
    }
    Node::map(sorted, node.origin())
}
