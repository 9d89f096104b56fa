//! `unreferenced-file`: a sealed file beside the spec is one that something reads.

use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use crate::sealed::{FOLDER, Sealed, Secret};
use std::collections::BTreeSet;
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "unreferenced-file",
    group: Group::Graph,
    levels: Levels::all(Level::Note),
    page: include_str!("unreferenced-file.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    let files = view.cluster.platform.sealed.get(&view.cluster.name);
    let files = files.map_or(&[][..], Vec::as_slice).iter();
    let files: Vec<&Sealed> = files.filter(|file| is_plain(view, file)).collect();
    if files.is_empty() {
        return;
    }
    let secrets = files.iter().flat_map(|file| &file.secrets);
    let mut unseen: BTreeSet<&str> = secrets.map(|secret| secret.name.as_str()).collect();
    let trees = view.cluster.components.iter();
    let trees = trees.flat_map(|component| [&component.secrets, &component.declares]);
    let trees = trees.chain([&view.cluster.settings]);
    for tree in trees.chain(view.objects.iter().map(|(_, object)| &object.node)) {
        if unseen.is_empty() {
            return;
        }
        see(tree, &mut unseen);
    }
    for file in files {
        let named = |secret: &Secret| unseen.contains(secret.name.as_str());
        if file.secrets.is_empty() || !file.secrets.iter().all(named) {
            continue;
        }
        let path = format!(
            "{FOLDER}/{}/{}/{}",
            view.cluster.name, file.namespace, file.file
        );
        told.add(
            Finding::new(format!("nothing reads the Secret in `{path}`"))
                .at(view.cluster.because, "of this cluster")
                .help("name it where it is used, under `secrets` of an app or in `values`, or take the file out")
                .because(view.cluster.because),
        );
    }
}

/// Whether what reads a file's Secrets would name them: labels find Secrets too, and charts have names of their own.
fn is_plain(view: &View<'_>, file: &Sealed) -> bool {
    let labelled = file.bytes.windows(7).any(|part| part == b"labels:");
    let of_namespace = |namespace: Option<&str>| namespace == Some(file.namespace.as_str());
    let mut components = view.cluster.components.iter();
    let installed = components.any(|it| {
        let runs = !it.chart.is_null() || !it.git.is_null();
        runs && of_namespace(it.namespace_name())
    });
    let releases = ["Application", "HelmRelease", "Kustomization"];
    let brought = view.subjects(&releases).any(|it| {
        let target = it.object.node.str_at(&["spec", "targetNamespace"]);
        of_namespace(Some(&it.object.id.namespace)) || of_namespace(target)
    });
    !labelled && !installed && !brought
}

/// Takes out the names that a tree has somewhere.
fn see(node: &Node, unseen: &mut BTreeSet<&str>) {
    if let Some(text) = node.as_str() {
        unseen.retain(|name| !text.contains(*name));
    }
    let below = node.entries().iter().map(|entry| &entry.value);
    below.chain(node.items()).for_each(|it| see(it, unseen));
}
